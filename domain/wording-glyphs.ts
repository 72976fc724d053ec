/**
 * What a character is to the checker of wording: part of a word, a sign that counts as a word of its own, or one of the
 * ways to part words and sentences. `ignored` ones (zero-width, accents) are as good as absent.
 */
export type GlyphKind =
  | 'ignored'
  | 'letter'
  | 'digit'
  | 'sign'
  | 'apostrophe'
  | 'dot'
  | 'joint'
  | 'space'
  | 'newline'
  | 'clauseEnd'
  | 'sentenceEnd';

/** One character as it is compared: folded for width, case, accents, look-alikes and script. */
export interface Glyph {
  readonly kind: GlyphKind;
  readonly text: string;
}

/** The glyphs that a character stands for; most stand for one, `㈱` and `ﬁ` for several. */
export type ReadGlyphs = (codePoint: number) => readonly Glyph[];

/**
 * Letters of other scripts that look like a Latin one, small or capital.
 * @source Unicode Technical Standard 39, confusables.txt: the part that can be mistaken in running text.
 */
const LOOK_ALIKES = {
  a: 'аαɑᴀ',
  b: 'вβʙ',
  c: 'сᴄ',
  d: 'ԁδđᴅ',
  e: 'еёєεᴇ',
  f: 'ꜰ',
  g: 'ɡɢ',
  h: 'һнħʜ',
  i: 'іїιıɩɪ',
  j: 'јᴊ',
  k: 'кκƙᴋ',
  l: 'ӏλłƚʟ',
  m: 'мᴍ',
  n: 'ηɴ',
  o: 'оοσøᴏ',
  p: 'рρƥᴘ',
  q: 'ԛ',
  r: 'гʀ',
  s: 'ѕςꜱ',
  t: 'тτŧƭᴛ',
  u: 'υᴜ',
  v: 'ѵνᴠ',
  w: 'ԝωᴡ',
  x: 'хχ',
  y: 'уγʏ',
  z: 'ζᴢ',
} as const;
const LATIN_BY_LOOK = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([latin, looks]) => Array.from(looks, (look) => [look, latin] as const)),
);

/** Letters in black circles and squares and those of flags, which Unicode does not fold: first code point of 26. */
const LETTER_ROWS = [0x1f150, 0x1f170, 0x1f1e6];

const SENTENCE_ENDS = '!?。;';
const CLAUSE_ENDS = ',、:—–';
const APOSTROPHES = "'’‘`´ʼ";
const IGNORED: readonly Glyph[] = [{ kind: 'ignored', text: '' }];
/** Characters that are used together stand near each other; those of a page are kept together. */
const PAGE_BITS = 8;
const PAGE_SIZE = 1 << PAGE_BITS;

/**
 * Makes a reader of characters. Every character is looked at once and remembered.
 * @param same groups of Chinese characters that count as one, such as `诉訴`; the first of each stands for all.
 */
export function glyphReader(same: readonly string[]): ReadGlyphs {
  const canonical = new Map(same.flatMap((group) => Array.from(group, (sign) => [sign, group.charAt(0)] as const)));
  const pages: (readonly Glyph[])[][] = [];
  return (codePoint) => {
    const page = (pages[codePoint >>> PAGE_BITS] ??= []);
    return (page[codePoint & (PAGE_SIZE - 1)] ??= glyphsOf(codePoint, canonical));
  };
}

function glyphsOf(codePoint: number, canonical: ReadonlyMap<string, string>): readonly Glyph[] {
  const given = String.fromCodePoint(codePoint);
  if (given === '\n' || given === '\u2028' || given === '\u2029') return [{ kind: 'newline', text: '\n' }];
  if (APOSTROPHES.includes(given)) return [{ kind: 'apostrophe', text: "'" }];
  if (/^\p{Default_Ignorable_Code_Point}$/u.test(given)) return IGNORED;
  if (/^\s$/u.test(given)) return [{ kind: 'space', text: ' ' }];
  const row = LETTER_ROWS.find((first) => codePoint >= first && codePoint < first + 26);
  const plain = row === undefined ? given : String.fromCharCode(0x61 + codePoint - row);
  // Compatibility forms are taken apart; what is left over of accents and invisible characters goes.
  const letters = plain
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, '');
  const glyphs = Array.from(letters, (letter) => {
    const folded = LATIN_BY_LOOK.get(letter) ?? canonical.get(letter) ?? letter;
    return { kind: kindOf(folded), text: folded };
  });
  return glyphs.length > 0 ? glyphs : IGNORED;
}

function kindOf(folded: string): GlyphKind {
  if (/^[a-z]$/.test(folded)) return 'letter';
  if (/^\d$/.test(folded)) return 'digit';
  if (/^[\p{L}\p{N}]$/u.test(folded)) return 'sign';
  if (folded === '.') return 'dot';
  if (folded === "'") return 'apostrophe';
  if (SENTENCE_ENDS.includes(folded)) return 'sentenceEnd';
  if (CLAUSE_ENDS.includes(folded)) return 'clauseEnd';
  return /^\s$/u.test(folded) ? 'space' : 'joint';
}
