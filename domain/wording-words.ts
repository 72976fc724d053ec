import type { Vocabulary } from './wording-vocabulary.ts';

interface Part {
  text: string;
  readonly start: number;
  end: number;
}

/** A group of letters held together by signs, such as `s.c.a.m`, is looked at as one word up to this length. */
const GROUP_LIMIT = 64;
const JOINT_LIMIT = 2;
const SHORTEST_TRICK = 3;

/** Stands for i and for l. */
const EITHER = '|';
/** What signs and digits are put for. */
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
  '1': EITHER,
};

/**
 * Letters and digits without a space between them. They are words of their own, unless together they spell a word of
 * the lists: then the signs between or in place of letters were a trick.
 */
export class WordGroup {
  private readonly parts: Part[] = [];
  /** The signs before the first part, between the parts, and after the last one. */
  private readonly joints: string[] = [''];
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

  /** Whether a sign stands right before a place. */
  leadsTo(place: number): boolean {
    return this.leadEnd === place;
  }

  /** A sign before a word may stand for its first letter. */
  lead(sign: string, end: number): void {
    this.joints[0] = sign;
    this.leadEnd = end;
  }

  /** Adds letters or a digit. */
  add(letters: string, start: number, end: number): void {
    if (this.length >= GROUP_LIMIT && this.pending !== '') this.close();
    if (!this.isOpen && this.leadEnd !== start) this.joints[0] = '';
    const last = this.parts.at(-1);
    if (last === undefined || this.pending !== '') {
      this.parts.push({ text: letters, start, end });
      this.joints.push('');
    } else {
      last.text += this.pendingApostrophe ? `'${letters}` : letters;
      last.end = end;
    }
    this.pendingApostrophe = false;
    this.length += letters.length;
    this.hasDigit ||= letters >= '0' && letters <= '9';
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
    this.parts.length = 0;
    this.joints.length = 1;
    this.joints[0] = '';
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

  /** Whether this is a word and nothing else. */
  private get isPlain(): boolean {
    return this.parts.length === 1 && !this.hasDigit && this.joints[0] === '' && this.pending === '';
  }

  private withoutGenitive(word: string): string {
    return word.endsWith("'s") && this.vocabulary.lookUp(word).key === 0 ? word.slice(0, -2) : word;
  }

  /**
   * The word that the parts spell together when it is one of the lists. Where the first part is one already, the signs
   * part words: `police/court`.
   */
  private trick(): string | undefined {
    if (this.isPlain || this.length > GROUP_LIMIT) return undefined;
    const first = this.parts[0]?.text ?? '';
    if (first.length > 1 && this.vocabulary.knows(first)) return undefined;
    let together = '';
    for (const { text } of this.parts) together += text;
    if (!/[a-z]/.test(together)) return undefined;
    if (this.parts.length > 1 && this.isTrick(together)) return together;
    const spelt = this.spelt();
    const one = spelt.replaceAll(EITHER, 'i');
    if (one !== together && this.isTrick(one)) return one;
    const other = spelt.replaceAll(EITHER, 'l');
    return other !== one && this.isTrick(other) ? other : undefined;
  }

  private isTrick(word: string): boolean {
    return word.length >= SHORTEST_TRICK && this.vocabulary.knows(word);
  }

  /** The group with letters for the signs and digits that may stand for one. */
  private spelt(): string {
    let all = this.joints[0] ?? '';
    for (const [at, { text }] of this.parts.entries()) all += text + (this.joints[at + 1] ?? '');
    let spelt = '';
    // What comes last is more often the end of a sentence than a letter.
    for (const sign of all.replace(/[!+.]+$/, '')) {
      const letter = STANDS_FOR[sign] ?? sign;
      if ((letter >= 'a' && letter <= 'z') || letter === EITHER || (letter >= '0' && letter <= '9')) spelt += letter;
    }
    return spelt;
  }
}
