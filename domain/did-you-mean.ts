/** The choice that a word is most likely a misspelling of; null when none is near. */
export function nearest(word: string, choices: Iterable<string>): string | null {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { choice: string; distance: number } | null = null;
  for (const choice of choices) {
    const distance = distanceOf(word.toLowerCase(), choice.toLowerCase());
    if (distance <= limit && (best === null || distance < best.distance)) best = { choice, distance };
  }
  return best?.choice ?? null;
}

/** ` Did you mean "x"?` when one of the choices is near, else ` <Label>: a, b, c.` */
export function didYouMean(word: string, choices: Iterable<string>, label: string): string {
  const all = [...choices];
  const near = nearest(word, all);
  return near === null ? ` ${label}: ${all.length > 0 ? all.join(', ') : 'none'}.` : ` Did you mean "${near}"?`;
}

/** Shortest beginning of a word that counts as the word, such as `sun` of `sunday`. */
const STEM_LENGTH = 3;

function distanceOf(word: string, choice: string): number {
  const [short, long] = word.length < choice.length ? [word, choice] : [choice, word];
  return short.length >= STEM_LENGTH && long.startsWith(short) ? Number(short !== long) : editDistance(word, choice);
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}
