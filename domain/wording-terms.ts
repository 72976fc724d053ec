import type { ReadGlyphs } from './wording-glyphs.ts';

/**
 * A term is written as words with blanks between them. `threat*` is any word that starts so, `<kin>` any term of the
 * set of that name, `now?` may be left out, `|` parts alternatives. A Chinese character is a word of its own.
 */
export type Term = string;

/** Terms by the name that other terms refer to them with. */
export type TermSets = Readonly<Record<string, readonly Term[]>>;

/** A part of a term: a word, the beginning of a word, or any term of a set. */
export interface TermPiece {
  readonly kind: 'word' | 'stem' | 'set';
  readonly text: string;
}

/** What may be left out doubles the ways to say a term; with more ways than this it should be two terms. */
const WAYS_LIMIT = 64;
const PIECE = /<([a-z][a-z0-9-]*)>(\??)|([^\s<>|]+)/g;

/** Every way to say a term; a set counts as one word. */
export function waysOf(term: Term, glyphsOf: ReadGlyphs): TermPiece[][] {
  return term.split('|').flatMap((alternative) => {
    let ways: TermPiece[][] = [[]];
    for (const [, set, mark, plain = ''] of alternative.matchAll(PIECE)) {
      const pieces = set === undefined ? plainPieces(plain, glyphsOf) : [{ kind: 'set' as const, text: set }];
      const next = ways.map((way) => [...way, ...pieces]);
      const isOptional = mark === '?' || plain.endsWith('?');
      ways = isOptional && ways.length < WAYS_LIMIT ? [...ways, ...next] : next;
    }
    return ways;
  });
}

/** What is wrong with a term, as a part of a sentence; null when nothing is. */
export function termFault(term: Term, sets: TermSets, glyphsOf: ReadGlyphs): string | null {
  const stray = term.replaceAll(PIECE, '').replaceAll(/[\s|]/g, '');
  if (stray !== '') return `"${stray}" has no meaning in "${term}"`;
  const ways = waysOf(term, glyphsOf);
  if (ways.some(({ length }) => length === 0)) return `"${term}" can be nothing at all`;
  if (ways.length >= WAYS_LIMIT) return `"${term}" leaves too much open; make it several terms`;
  for (const name of setsOf(ways)) {
    if (!Object.hasOwn(sets, name)) return `there is no set "${name}"`;
    if (reachesItself(name, sets, glyphsOf)) return `the set "${name}" contains itself`;
  }
  return null;
}

function reachesItself(name: string, sets: TermSets, glyphsOf: ReadGlyphs): boolean {
  const seen = new Set<string>();
  const open = [name];
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    const terms = Object.hasOwn(sets, set) ? (sets[set] ?? []) : [];
    for (const inner of terms.flatMap((term) => setsOf(waysOf(term, glyphsOf)))) {
      if (inner === name) return true;
      if (!seen.has(inner)) open.push(inner);
      seen.add(inner);
    }
  }
  return false;
}

function setsOf(ways: readonly TermPiece[][]): string[] {
  return ways.flat().flatMap(({ kind, text }) => (kind === 'set' ? [text] : []));
}

/** The words of a piece without blanks: one in English, one for each Chinese character. */
function plainPieces(piece: string, glyphsOf: ReadGlyphs): TermPiece[] {
  const pieces: TermPiece[] = [];
  let open = '';
  const close = (kind: 'word' | 'stem'): void => {
    if (open !== '') pieces.push({ kind, text: open });
    open = '';
  };
  for (const sign of piece.replace(/\?$/, '')) {
    if (sign === '*') close('stem');
    for (const { kind, text } of glyphsOf(sign.codePointAt(0) ?? 0)) {
      if (kind === 'letter' || kind === 'digit' || kind === 'apostrophe') open += text;
      else close('word');
      if (kind === 'sign') pieces.push({ kind: 'word', text });
    }
  }
  close('word');
  return pieces;
}
