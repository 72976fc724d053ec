import { BEGINNING, type Vocabulary } from './wording-vocabulary.ts';

/**
 * The words of one sentence, side by side in lists. A Chinese character is a word of its own. `keys` and `stems` say
 * which words of the lists it is or starts with; `starts` and `ends` where it stands in the text, in UTF-16 units.
 */
export interface Sentence {
  /** How many words there are; what lies behind them in the lists is old. */
  size: number;
  readonly keys: number[];
  readonly stems: (readonly number[])[];
  readonly starts: number[];
  readonly ends: number[];
  /** Words of the same number stand in the same clause. */
  readonly clauses: number[];
}

/** Letters parted one by one (`j a i l`) are looked at in runs of at most so many. */
const RUN_LIMIT = 16;
const SHORTEST_RUN = BEGINNING;
const NONE: readonly number[] = [];

/** Collects the words of a sentence. Its lists are used again for the next one. */
export class SentenceWords {
  private readonly sentence: Sentence = { size: 0, keys: [], stems: [], starts: [], ends: [], clauses: [] };
  /** Letters of the words that are a single letter; other words are ''. */
  private readonly singles: string[] = [];
  private readonly vocabulary: Vocabulary;
  private clause = 0;
  private run = 0;
  private hasRun = false;

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Adds a word. @returns it in small letters. */
  addWord(spelt: string, start: number, end: number): string {
    const { word, key, stems } = this.vocabulary.lookUp(spelt);
    const isSingle = word.length === 1;
    this.run = isSingle ? this.run + 1 : 0;
    this.hasRun ||= this.run >= SHORTEST_RUN;
    this.push(key, stems, start, end, isSingle ? word : '');
    return word;
  }

  /** Adds a Chinese character. */
  addSign(sign: string, start: number, end: number): void {
    this.run = 0;
    this.push(this.vocabulary.keyOfSign(sign), NONE, start, end, '');
  }

  /** What follows stands in another clause. */
  nextClause(): void {
    this.clause += 1;
  }

  /** The whole sentence, good until the next word is added; null when it has no words. */
  take(): Sentence | null {
    const { sentence } = this;
    if (sentence.size === 0) return null;
    if (this.hasRun) this.joinRuns();
    return sentence;
  }

  /** Starts the next sentence. */
  clear(): void {
    this.sentence.size = 0;
    this.clause = 0;
    this.run = 0;
    this.hasRun = false;
  }

  private push(key: number, stems: readonly number[], start: number, end: number, letter: string): void {
    const { sentence } = this;
    const at = sentence.size;
    sentence.keys[at] = key;
    sentence.stems[at] = stems;
    sentence.starts[at] = start;
    sentence.ends[at] = end;
    sentence.clauses[at] = this.clause;
    this.singles[at] = letter;
    sentence.size = at + 1;
  }

  /** Makes one word of letters that stand one by one and spell a word of the lists. */
  private joinRuns(): void {
    const { keys, stems, starts, ends, clauses, size } = this.sentence;
    let kept = 0;
    for (let at = 0; at < size; kept += 1) {
      const length = this.runAt(at);
      const joined = length > 1 ? this.vocabulary.lookUp(this.singles.slice(at, at + length).join('')) : null;
      keys[kept] = joined?.key ?? keys[at] ?? 0;
      stems[kept] = joined?.stems ?? stems[at] ?? NONE;
      starts[kept] = starts[at] ?? 0;
      ends[kept] = ends[at + length - 1] ?? 0;
      clauses[kept] = clauses[at] ?? 0;
      at += length;
    }
    this.sentence.size = kept;
  }

  /** How many words from a place on spell a word of the lists letter by letter; else 1. */
  private runAt(at: number): number {
    const { clauses, size } = this.sentence;
    const limit = Math.min(RUN_LIMIT, size - at);
    let longest = 0;
    while (longest < limit && this.singles[at + longest] && clauses[at + longest] === clauses[at]) longest += 1;
    if (longest < SHORTEST_RUN || !this.vocabulary.hasBeginning(this.singles.slice(at, at + BEGINNING).join('')))
      return 1;
    for (let length = longest; length >= SHORTEST_RUN; length -= 1) {
      if (this.vocabulary.knows(this.singles.slice(at, at + length).join(''))) return length;
    }
    return 1;
  }
}
