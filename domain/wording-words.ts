/** The words that occur in the lists. */
export interface Vocabulary {
  /** The number of a word or Chinese character; 0 when no list has it. */
  keyOf(word: string): number;
  /** The numbers of the beginnings that lists have of a word. */
  stemsOf(word: string): readonly number[];
  /** Whether a word, or a beginning of it, is in a list. */
  knows(word: string): boolean;
}

interface Part {
  text: string;
  readonly start: number;
  end: number;
}

/** A group of letters held together by signs, such as `s.c.a.m`, is looked at as one word up to this length. */
const GROUP_LIMIT = 64;
const JOINT_LIMIT = 2;
const SHORTEST_TRICK = 3;

/** What signs and digits are put for; `1` and `|` stand for i and for l. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '€': 'e',
  '3': 'e',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '+': 't',
  '7': 't',
};
const TWO_WAYS = '1|';

/**
 * Letters and digits without a space between them. They are words of their own, unless together they spell a word of
 * the lists: then the signs between or in place of letters were a trick.
 */
export class WordGroup {
  private parts: Part[] = [];
  /** The signs before the first part, between the parts, and after the last one. */
  private joints: string[] = [''];
  private length = 0;
  private hasDigit = false;
  private pendingApostrophe = false;
  private leadEnd = -1;
  private readonly vocabulary: Vocabulary;
  private readonly give: (word: string, start: number, end: number) => void;

  constructor(vocabulary: Vocabulary, give: (word: string, start: number, end: number) => void) {
    this.vocabulary = vocabulary;
    this.give = give;
  }

  get isOpen(): boolean {
    return this.parts.length > 0;
  }

  /** A sign before a word may stand for its first letter. */
  lead(sign: string, end: number): void {
    this.joints = [sign];
    this.leadEnd = end;
  }

  /** Adds a letter or digit. */
  add(letter: string, start: number, end: number): void {
    if (this.length >= GROUP_LIMIT && this.pending !== '') this.close();
    if (!this.isOpen && this.leadEnd !== start) this.joints = [''];
    const last = this.parts.at(-1);
    if (last === undefined || this.pending !== '') {
      this.parts.push({ text: letter, start, end });
      this.joints.push('');
    } else {
      last.text += this.pendingApostrophe ? `'${letter}` : letter;
      last.end = end;
    }
    this.pendingApostrophe = false;
    this.length += 1;
    this.hasDigit ||= letter >= '0' && letter <= '9';
  }

  /** An apostrophe within a word is part of it. @returns whether it was taken. */
  apostrophe(): boolean {
    if (!this.isOpen || this.pending !== '') return false;
    this.pendingApostrophe = true;
    return true;
  }

  /** A sign within or after a word. @returns whether it was taken; too many of them end the group. */
  join(sign: string): boolean {
    if (this.pending.length >= JOINT_LIMIT) return false;
    this.joints[this.joints.length - 1] += sign;
    return true;
  }

  /** Gives the words and empties the group. @returns the signs after the last word. */
  close(): string {
    const after = this.pending;
    const [first] = this.parts;
    const last = this.parts.at(-1);
    const trick = this.trick();
    if (trick !== undefined && first && last) this.give(trick, first.start, last.end);
    else for (const { text, start, end } of this.parts) this.give(this.withoutGenitive(text), start, end);
    this.parts = [];
    this.joints = [''];
    this.length = 0;
    this.hasDigit = false;
    this.pendingApostrophe = false;
    this.leadEnd = -1;
    return after;
  }

  /** Signs after the last part, which may go on. */
  private get pending(): string {
    return this.joints.length > this.parts.length ? (this.joints.at(-1) ?? '') : '';
  }

  private withoutGenitive(word: string): string {
    return word.endsWith("'s") && this.vocabulary.keyOf(word) === 0 ? word.slice(0, -2) : word;
  }

  /**
   * The word that the parts spell together when it is one of the lists. Where the first part is one already, the signs
   * part words: `police/court`.
   */
  private trick(): string | undefined {
    const isPlain = this.parts.length === 1 && !this.hasDigit && this.joints.every((joint) => joint === '');
    if (isPlain || this.length > GROUP_LIMIT) return undefined;
    const [first = '', ...rest] = this.parts.map(({ text }) => text);
    const together = [first, ...rest].join('');
    if (!/[a-z]/.test(together) || (first.length > 1 && this.vocabulary.knows(first))) return undefined;
    const readings = [...(rest.length > 0 ? [together] : []), this.spelt('i'), this.spelt('l')];
    return readings.find((word) => word.length >= SHORTEST_TRICK && this.vocabulary.knows(word));
  }

  private spelt(either: string): string {
    const [lead = '', ...after] = this.joints;
    // What comes last is more often the end of a sentence than a letter.
    const all = this.parts.map(({ text }, at) => text + (after[at] ?? '')).join('');
    return Array.from(lead + all.replace(/[!+.]+$/, ''), (sign) => {
      if (TWO_WAYS.includes(sign)) return either;
      return STANDS_FOR[sign] ?? (/[a-z0-9]/.test(sign) ? sign : '');
    }).join('');
  }
}
