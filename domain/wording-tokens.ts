import type { Glyph, ReadGlyphs } from './wording-glyphs.ts';
import { type Vocabulary, WordGroup } from './wording-words.ts';

/**
 * The words of one sentence, side by side in lists. A Chinese character is a word of its own. `keys` and `stems` say
 * which words of the lists it is or starts with; `starts` and `ends` where it stands in the text, in UTF-16 units.
 */
export interface Sentence {
  readonly keys: number[];
  readonly stems: (readonly number[])[];
  readonly starts: number[];
  readonly ends: number[];
  /** Words of the same number stand in the same clause. */
  readonly clauses: number[];
}

/** Signs such as `*` between two words that still leave them neighbours; after more of them a new clause starts. */
const GAP_LIMIT = 8;
/** Letters parted one by one (`j a i l`) are looked at in runs of at most so many. */
const RUN_LIMIT = 16;
const SHORTEST_RUN = 3;
/** Signs that start an item of a list when they stand first in a line. */
const BULLETS = '-*•·・●○■□◆◇※>';
/** A dot after one of these ends no sentence. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(['mr', 'mrs', 'ms', 'dr', 'st', 'no', 'vs', 'approx', 'tel', 'ref']);

/**
 * Cuts a text into sentences and words, and hands over one sentence after the other; its lists are used again for the
 * next one. Every character is looked at once.
 */
export class SentenceReader {
  private readonly sentence: Sentence = { keys: [], stems: [], starts: [], ends: [], clauses: [] };
  /** Letters of the words that are a single letter; other words are ''. */
  private readonly letters: string[] = [];
  private readonly group: WordGroup;
  private readonly glyphsOf: ReadGlyphs;
  private readonly vocabulary: Vocabulary;
  private readonly visit: (sentence: Sentence) => void;
  private clause = 0;
  private gap = 0;
  private newlines = 0;
  private isAfterSign = false;
  /** Dots since the last word that may turn out to be an end or a trick. */
  private dots = 0;
  private wordsSinceDot = 0;
  private lastWord = '';
  private run = 0;
  private hasRun = false;

  constructor(glyphsOf: ReadGlyphs, vocabulary: Vocabulary, visit: (sentence: Sentence) => void) {
    this.glyphsOf = glyphsOf;
    this.vocabulary = vocabulary;
    this.visit = visit;
    this.group = new WordGroup(vocabulary, (word, start, end) => {
      this.addWord(word, start, end);
    });
  }

  /** Reads a whole text. @param isDone asked after every sentence; true ends the reading. */
  read(text: string, isDone: () => boolean): void {
    for (let at = 0; at < text.length && !isDone(); ) {
      const codePoint = text.codePointAt(at) ?? 0;
      const end = at + (codePoint > 0xffff ? 2 : 1);
      for (const glyph of this.glyphsOf(codePoint)) this.take(glyph, at, end);
      at = end;
    }
    this.closeGroup();
    this.endSentence();
  }

  private take({ kind, text }: Glyph, start: number, end: number): void {
    if (kind === 'ignored') return;
    if (kind === 'letter' || kind === 'digit') {
      if (!this.group.isOpen) this.startWord();
      this.group.add(text, start, end);
      return;
    }
    if (kind === 'apostrophe' && this.group.apostrophe()) return;
    // A sign within a word may be a trick: s.c.a.m, j@il. The next character tells.
    if (this.group.isOpen && (kind === 'joint' || kind === 'dot' || text === '!' || text === '?')) {
      if (this.group.join(text)) return;
    }
    this.closeGroup();
    this.part(kind, text, start, end);
  }

  /** Takes what stands outside of words. */
  private part(kind: Glyph['kind'], text: string, start: number, end: number): void {
    if (kind === 'sign') {
      this.startWord();
      this.push(this.vocabulary.keyOf(text), [], start, end, '');
      this.isAfterSign = true;
    } else if (kind === 'dot') {
      this.dots += 1;
    } else if (kind === 'space' || kind === 'newline') {
      this.endAtDot();
      if (kind === 'newline') this.newlines += 1;
      if (this.newlines > 1) this.endSentence();
    } else if (kind === 'sentenceEnd') {
      this.endSentence();
    } else if (kind === 'clauseEnd') {
      this.clause += 1;
    } else {
      if (this.newlines > 0 && this.gap === 0 && BULLETS.includes(text)) this.endSentence();
      this.gap += 1;
      this.group.lead(text, end);
    }
  }

  private startWord(): void {
    // Between two Chinese characters a dot is a trick; elsewhere without a space it parts an address or a number.
    if (this.dots > 0 && !this.isAfterSign) this.endAtDot();
    if (this.gap > GAP_LIMIT) this.clause += 1;
    this.dots = 0;
    this.gap = 0;
    this.newlines = 0;
    this.isAfterSign = false;
  }

  private addWord(word: string, start: number, end: number): void {
    const isSingle = word.length === 1;
    this.run = isSingle ? this.run + 1 : 0;
    this.hasRun ||= this.run >= SHORTEST_RUN;
    this.lastWord = word;
    this.push(this.vocabulary.keyOf(word), this.vocabulary.stemsOf(word), start, end, isSingle ? word : '');
  }

  private push(key: number, stems: readonly number[], start: number, end: number, letter: string): void {
    const { keys, stems: stemKeys, starts, ends, clauses } = this.sentence;
    keys.push(key);
    stemKeys.push(stems);
    starts.push(start);
    ends.push(end);
    clauses.push(this.clause);
    this.letters.push(letter);
    this.wordsSinceDot += 1;
  }

  private closeGroup(): void {
    if (!this.group.isOpen) return;
    const after = this.group.close();
    if (/[!?]/.test(after)) this.endSentence();
    this.dots = after.split('.').length - 1;
    this.gap = after.length - this.dots;
  }

  /** One dot ends a sentence, several are a pause. A word that stands alone (`GO. TO. JAIL.`) is no sentence. */
  private endAtDot(): void {
    const isEnd = this.dots === 1 && this.wordsSinceDot > 1 && !ABBREVIATIONS.has(this.lastWord);
    if (this.dots > 0) this.wordsSinceDot = 0;
    this.dots = 0;
    if (isEnd) this.endSentence();
  }

  private endSentence(): void {
    this.dots = 0;
    this.gap = 0;
    this.newlines = 0;
    this.wordsSinceDot = 0;
    this.lastWord = '';
    this.isAfterSign = false;
    const { keys, stems, starts, ends, clauses } = this.sentence;
    if (keys.length === 0) return;
    if (this.hasRun) this.joinRuns();
    this.visit(this.sentence);
    for (const list of [keys, stems, starts, ends, clauses, this.letters]) list.length = 0;
    this.clause = 0;
    this.run = 0;
    this.hasRun = false;
  }

  /** Makes one word of letters that stand one by one and spell a word of the lists. */
  private joinRuns(): void {
    const { keys, stems, starts, ends, clauses } = this.sentence;
    let kept = 0;
    for (let at = 0; at < keys.length; kept += 1) {
      const length = this.runAt(at);
      const word = this.letters.slice(at, at + length).join('');
      keys[kept] = length > 1 ? this.vocabulary.keyOf(word) : (keys[at] ?? 0);
      stems[kept] = length > 1 ? this.vocabulary.stemsOf(word) : (stems[at] ?? []);
      starts[kept] = starts[at] ?? 0;
      ends[kept] = ends[at + length - 1] ?? 0;
      clauses[kept] = clauses[at] ?? 0;
      at += length;
    }
    for (const list of [keys, stems, starts, ends, clauses]) list.length = kept;
  }

  /** How many words from a place on spell a word of the lists letter by letter; else 1. */
  private runAt(at: number): number {
    const { clauses } = this.sentence;
    let longest = 0;
    while (longest < RUN_LIMIT && this.letters[at + longest] && clauses[at + longest] === clauses[at]) longest += 1;
    for (let length = longest; length >= SHORTEST_RUN; length -= 1) {
      if (this.vocabulary.knows(this.letters.slice(at, at + length).join(''))) return length;
    }
    return 1;
  }
}
