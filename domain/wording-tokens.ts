import type { Glyph, ReadGlyphs } from './wording-glyphs.ts';
import { type Sentence, SentenceWords } from './wording-sentence.ts';
import type { Vocabulary } from './wording-vocabulary.ts';
import { WordGroup } from './wording-words.ts';

/** Signs such as `*` between two words that still leave them neighbours; after more of them a new clause starts. */
const GAP_LIMIT = 8;
/** Signs that start an item of a list when they stand first in a line. */
const BULLETS = '-*•·・●○■□◆◇※>';
/** A dot after one of these ends no sentence. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(['mr', 'mrs', 'ms', 'dr', 'st', 'no', 'vs', 'approx', 'tel', 'ref']);

/**
 * Cuts a text into sentences and words, and hands over one sentence after the other. Every character is looked at
 * once. The visitor answers whether it has seen enough.
 */
export class SentenceReader {
  private readonly words: SentenceWords;
  private readonly group: WordGroup;
  private readonly glyphsOf: ReadGlyphs;
  private readonly visit: (sentence: Sentence) => boolean;
  private isDone = false;
  private gap = 0;
  private newlines = 0;
  private isAfterSign = false;
  /** Dots since the last word that may turn out to be an end or a trick. */
  private dots = 0;
  private wordsSinceDot = 0;
  private lastWord = '';

  constructor(glyphsOf: ReadGlyphs, vocabulary: Vocabulary, visit: (sentence: Sentence) => boolean) {
    this.glyphsOf = glyphsOf;
    this.words = new SentenceWords(vocabulary);
    this.visit = visit;
    this.group = new WordGroup(vocabulary, (word, start, end) => {
      this.addWord(word, start, end);
    });
  }

  /** Reads a text up to its end, or until the visitor has seen enough. */
  read(text: string): void {
    for (let at = 0; at < text.length && !this.isDone; ) {
      const letters = lettersFrom(text, at);
      if (letters > at) {
        // Plain words with a blank after them are most of an English text: nothing can be hidden in them.
        const isWord = isPlainEnd(text, letters) && !this.group.isOpen && !this.group.leadsTo(at);
        if (isWord) this.startWord();
        if (isWord) this.addWord(text.slice(at, letters), at, letters);
        else this.letters(text.slice(at, letters).toLowerCase(), at, letters);
        at = letters;
        continue;
      }
      const codePoint = text.codePointAt(at) ?? 0;
      const end = at + (codePoint > 0xffff ? 2 : 1);
      const glyphs = this.glyphsOf(codePoint);
      for (let each = 0; each < glyphs.length; each += 1) this.take(glyphs[each] as Glyph, at, end);
      at = end;
    }
    if (this.isDone) return;
    this.closeGroup();
    this.endSentence();
  }

  private take({ kind, text }: Glyph, start: number, end: number): void {
    if (kind === 'ignored') return;
    if (kind === 'letter' || kind === 'digit') {
      this.letters(text, start, end);
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

  private letters(text: string, start: number, end: number): void {
    if (!this.group.isOpen) this.startWord();
    this.group.add(text, start, end);
  }

  /** Takes what stands outside of words. */
  private part(kind: Glyph['kind'], text: string, start: number, end: number): void {
    if (kind === 'sign') {
      this.startWord();
      this.words.addSign(text, start, end);
      this.wordsSinceDot += 1;
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
      this.words.nextClause();
    } else {
      if (this.newlines > 0 && this.gap === 0 && BULLETS.includes(text)) this.endSentence();
      this.gap += 1;
      this.group.lead(text, end);
    }
  }

  private startWord(): void {
    // Between two Chinese characters a dot is a trick; elsewhere without a space it parts an address or a number.
    if (this.dots > 0 && !this.isAfterSign) this.endAtDot();
    if (this.gap > GAP_LIMIT) this.words.nextClause();
    this.dots = 0;
    this.gap = 0;
    this.newlines = 0;
    this.isAfterSign = false;
  }

  private addWord(spelt: string, start: number, end: number): void {
    this.lastWord = this.words.addWord(spelt, start, end);
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
    const sentence = this.words.take();
    if (sentence === null) return;
    this.isDone ||= this.visit(sentence);
    this.words.clear();
  }
}

/** Where a run of plain letters ends that starts at a place; the place itself when there is none. */
function lettersFrom(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const code = text.charCodeAt(end) | 0x20;
    if (code < 0x61 || code > 0x7a) break;
    end += 1;
  }
  return end;
}

/** Whether a blank, a comma or the end of the text stands at a place. */
function isPlainEnd(text: string, at: number): boolean {
  const code = at < text.length ? text.charCodeAt(at) : 0x20;
  return code === 0x20 || code === 0x2c;
}
