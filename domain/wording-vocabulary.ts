/** What the lists have of a word of a text. */
export interface WordFacts {
  /** The word in small letters. */
  readonly word: string;
  /** The number of the word; 0 when no list has it. */
  readonly key: number;
  /** The numbers of the beginnings that lists have of it. */
  readonly stems: readonly number[];
}

/** Words are looked up again and again; what was found is kept for so many different ones, none longer than this. */
const MEMORY_LIMIT = 20_000;
const REMEMBERED_LENGTH = 32;
const NONE: readonly number[] = [];
/** The letters by which it is first seen whether a word can be in a list. */
export const BEGINNING = 3;

/** Gives every word, and every beginning of a word, of the lists a number of its own. */
export class Vocabulary {
  private readonly words = new Map<string, number>();
  private readonly stems = new Map<string, number>();
  /** The words of one character by its code. */
  private readonly signs = new Uint32Array(0x10000);
  /** The first letters of all of them. */
  private readonly beginnings = new Set<string>();
  private readonly memory = new Map<string, WordFacts>();
  private stemLengths: readonly number[] = [];

  /** The number of a word or beginning of a list, from 1. */
  numberOf(text: string, kind: 'word' | 'stem'): number {
    const numbers = kind === 'stem' ? this.stems : this.words;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const number = this.words.size + this.stems.size + 1;
    numbers.set(text, number);
    this.beginnings.add(text.slice(0, BEGINNING));
    if (kind === 'word' && text.length === 1) this.signs[text.charCodeAt(0)] = number;
    if (kind === 'stem' && !this.stemLengths.includes(text.length))
      this.stemLengths = [...this.stemLengths, text.length];
    this.memory.clear();
    return number;
  }

  /** The number of a Chinese character; 0 when no list has it. */
  keyOfSign(sign: string): number {
    return sign.length === 1 ? (this.signs[sign.charCodeAt(0)] ?? 0) : (this.words.get(sign) ?? 0);
  }

  /** @param spelt in small or capital letters, already folded otherwise. */
  lookUp(spelt: string): WordFacts {
    const known = this.memory.get(spelt);
    if (known !== undefined) return known;
    const word = spelt.toLowerCase();
    const stems = this.stemLengths.flatMap((length) => {
      const stem = length <= word.length ? this.stems.get(word.slice(0, length)) : undefined;
      return stem === undefined ? [] : [stem];
    });
    const facts = { word, key: this.words.get(word) ?? 0, stems: stems.length > 0 ? stems : NONE };
    if (spelt.length > REMEMBERED_LENGTH) return facts;
    if (this.memory.size >= MEMORY_LIMIT) this.memory.clear();
    this.memory.set(spelt, facts);
    return facts;
  }

  /** Whether a word of a list begins with these letters, of which there are `BEGINNING`. */
  hasBeginning(letters: string): boolean {
    return this.beginnings.has(letters);
  }

  /** Whether a word, or a beginning of it, is in a list. */
  knows(word: string): boolean {
    const { key, stems } = this.lookUp(word);
    return key !== 0 || stems.length > 0;
  }
}
