const TAG_OR_ENTITY = /<[^<>]*>|&#x[0-9a-f]{1,6};|&#\d{1,7};|&[a-z]{2,6};/gi;
/** Tags within a line: letters on both sides of them are one word to the reader. */
const INLINE = /^<\/?(?:a|abbr|b|bdi|bdo|big|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|u|wbr)\b/i;
/** Attributes that are shown or read aloud. */
const SHOWN = /\b(?:alt|title|aria-label|placeholder|summary)\s*=/i;
const ENTITIES: Readonly<Record<string, string>> = {
  '&nbsp;': ' ',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&shy;': '\u200b',
};
const INVISIBLE = '\u200b';
const LARGEST_CODE_POINT = 0x10ffff;

/**
 * The text of a piece of HTML as its reader sees it, as long as the HTML itself, so that places stay the same: tags
 * become invisible characters or, between blocks, the end of a sentence; entities become what they stand for.
 */
export function textOfHtml(html: string): string {
  return html.replaceAll(TAG_OR_ENTITY, (piece) => {
    if (piece.startsWith('&')) return entity(piece).padEnd(piece.length, INVISIBLE);
    if (INLINE.test(piece)) return SHOWN.test(piece) ? `;${piece.slice(1, -1)};` : INVISIBLE.repeat(piece.length);
    // A line break is a space; a block starts a new sentence.
    if (/^<br\b/i.test(piece)) return ' '.repeat(piece.length);
    return SHOWN.test(piece) ? `;${piece.slice(1, -1)};` : ';'.padEnd(piece.length);
  });
}

function entity(piece: string): string {
  const [, hex, decimal] = /^&#(?:x([0-9a-f]+)|(\d+));$/i.exec(piece) ?? [];
  if (hex === undefined && decimal === undefined) return ENTITIES[piece.toLowerCase()] ?? piece;
  const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return codePoint <= LARGEST_CODE_POINT ? String.fromCodePoint(codePoint) : piece;
}
