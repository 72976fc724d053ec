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
const SIGNS = /<([a-z][a-z0-9-]*)>|([^\s<>|?*]+)(\*?)|(\?)/g;

/** Words without any sign. */
const PLAIN = /^[^<>|?*]+$/;

/** Every way to say a term; a set counts as one word. */
export function waysOf(term: Term, glyphsOf: ReadGlyphs): TermPiece[][] {
  return term.split('|').flatMap((alternative) => {
    // Most are words and nothing else, and there are thousands of them.
    if (PLAIN.test(alternative)) return [plainPieces(alternative, false, glyphsOf)];
    let before: TermPiece[][] = [];
    let ways: TermPiece[][] = [[]];
    for (const [, set, plain = '', star, mark] of alternative.matchAll(SIGNS)) {
      if (mark !== undefined) {
        // The word before the mark may be left out.
        ways = ways.length < WAYS_LIMIT ? [...before, ...ways] : ways;
        continue;
      }
      const pieces = set === undefined ? plainPieces(plain, star === '*', glyphsOf) : [setPiece(set)];
      for (const piece of pieces) {
        before = ways;
        ways = ways.map((way) => [...way, piece]);
      }
    }
    return ways;
  });
}

/** What is wrong with a term, as a part of a sentence; null when nothing is. */
export function termFault(term: Term, sets: TermSets, glyphsOf: ReadGlyphs): string | null {
  for (const alternative of term.split('|')) {
    const isPlain = PLAIN.test(alternative);
    const stray = isPlain ? '' : alternative.replaceAll(SIGNS, '').trim();
    if (stray !== '') return `"${stray}" has no meaning in "${alternative.trim()}"`;
    const ways = waysOf(alternative, glyphsOf);
    if (ways.some(({ length }) => length === 0)) return `"${alternative.trim()}" can be nothing at all`;
    if (ways.length >= WAYS_LIMIT) return `"${alternative.trim()}" leaves too much open; make it several terms`;
    if (isPlain) continue;
    const missing = setsIn(alternative).find((name) => !Object.hasOwn(sets, name));
    if (missing !== undefined) return `there is no set "${missing}"`;
  }
  return null;
}

/** The names of sets that contain themselves, straight or by way of others. */
export function endlessSets(sets: TermSets): string[] {
  const inner = new Map(Object.entries(sets).map(([name, terms]) => [name, terms.flatMap(setsIn)]));
  return [...inner.keys()].filter((name) => {
    const reached = new Set(inner.get(name));
    for (const set of reached) for (const next of inner.get(set) ?? []) reached.add(next);
    return reached.has(name);
  });
}

function setsIn(term: Term): string[] {
  return [...term.matchAll(SIGNS)].flatMap(([, set]) => (set === undefined ? [] : [set]));
}

function setPiece(text: string): TermPiece {
  return { kind: 'set', text };
}

/** The words of a piece without blanks: one in English, one for each Chinese character. */
function plainPieces(piece: string, isStem: boolean, glyphsOf: ReadGlyphs): TermPiece[] {
  const pieces: TermPiece[] = [];
  let open = '';
  const close = (kind: 'word' | 'stem'): void => {
    if (open !== '') pieces.push({ kind, text: open });
    open = '';
  };
  for (const sign of piece) {
    for (const { kind, text } of glyphsOf(sign.codePointAt(0) ?? 0)) {
      if (kind === 'letter' || kind === 'digit' || kind === 'apostrophe') open += text;
      else close('word');
      if (kind === 'sign') pieces.push({ kind: 'word', text });
    }
  }
  close(isStem ? 'stem' : 'word');
  return pieces;
}
