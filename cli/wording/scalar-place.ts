/**
 * Where a place of a YAML text stands in its source. Lines of the text may be folded and indented there, and quotes
 * escaped, so both are walked side by side: white space is skipped, everything else is the same in both.
 * @param from where the scalar starts in the source. @param index a place of the text. @returns the place in the source.
 */
export function placeInScalar(source: string, from: number, text: string, index: number): number {
  const style = source.charAt(from);
  const isBlock = style === '|' || style === '>';
  const isQuoted = style === '"' || style === "'";
  let at = isBlock ? afterLine(source, from) : from + (isQuoted ? 1 : 0);
  for (let read = 0; read < text.length; read += 1) {
    if (isSpace(text.charAt(read))) continue;
    at = afterSpace(source, at);
    // '' stands for ' and \" for ".
    if (isQuoted && source.charAt(at) !== text.charAt(read)) at += 1;
    else if (style === "'" && source.charAt(at) === "'") at += 1;
    if (read >= index) return at;
    at += 1;
  }
  return at;
}

function afterLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end + 1;
}

function afterSpace(source: string, from: number): number {
  let at = from;
  while (at < source.length && isSpace(source.charAt(at))) at += 1;
  return at;
}

function isSpace(character: string): boolean {
  return /^\s$/.test(character);
}
