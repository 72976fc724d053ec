interface Places {
  readonly starts: number[];
  readonly ends: number[];
  /** The largest end so far. */
  readonly reach: number[];
}

/** How many phrases back is looked for one that ends early enough: phrases of one set seldom overlap. */
const OVERLAP_LIMIT = 8;

/** Where the phrases of each set stand in a sentence. Phrases are added by their start; every question is logarithmic. */
export class PhraseIndex {
  private readonly sets = new Map<number, Places>();

  /** Adds a phrase; `end` is the place after it. */
  add(set: number, start: number, end: number): void {
    let places = this.sets.get(set);
    if (places === undefined) {
      places = { starts: [], ends: [], reach: [] };
      this.sets.set(set, places);
    }
    places.starts.push(start);
    places.ends.push(end);
    places.reach.push(Math.max(end, places.reach.at(-1) ?? 0));
  }

  /** Whether a phrase of the set stands anywhere. */
  has(set: number): boolean {
    return this.sets.has(set);
  }

  /** Whether one phrase of the set holds a stretch. */
  covers(set: number, start: number, end: number): boolean {
    const places = this.sets.get(set);
    if (places === undefined) return false;
    const last = countUpTo(places.starts, start) - 1;
    return last >= 0 && (places.reach[last] ?? 0) >= end;
  }

  /** Whether a phrase of the set lies within a stretch. */
  hasWithin(set: number, start: number, end: number): boolean {
    const places = this.sets.get(set);
    if (places === undefined) return false;
    const first = countUpTo(places.starts, start - 1);
    for (let at = first; at < Math.min(places.starts.length, first + OVERLAP_LIMIT); at += 1) {
      if ((places.ends[at] ?? Number.POSITIVE_INFINITY) <= end) return true;
    }
    return false;
  }

  /** The last phrase of the set that ends at most so many words before a place; null when none does. */
  lastBefore(set: number, place: number, within: number): { start: number; end: number } | null {
    const places = this.sets.get(set);
    if (places === undefined) return null;
    const last = countUpTo(places.starts, place - 1) - 1;
    let best: { start: number; end: number } | null = null;
    for (let at = last; at >= Math.max(0, last - OVERLAP_LIMIT); at -= 1) {
      const start = places.starts[at] ?? 0;
      const end = places.ends[at] ?? 0;
      if (end <= place && place - end <= within && end > (best?.end ?? -1)) best = { start, end };
    }
    return best;
  }
}

/** How many of the ascending numbers are at most a limit. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
