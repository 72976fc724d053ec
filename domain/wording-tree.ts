import type { ReadGlyphs } from './wording-glyphs.ts';
import { type Term, type TermPiece, type TermSets, waysOf } from './wording-terms.ts';
import type { Sentence } from './wording-tokens.ts';
import type { Vocabulary } from './wording-words.ts';

interface Node {
  /** By the number of a word or of the beginning of one. */
  readonly words: Map<number, Node>;
  /** By the number of a set: here any of its terms may stand. */
  readonly sets: Map<number, Node>;
  /** The numbers of the sets, by the words their terms begin with. */
  readonly setsByWord: Map<number, number[]>;
  /** The sets of which a term ends here. */
  readonly ends: number[];
}

/** Words are looked up again and again; what was found is kept for so many different ones. */
const MEMORY_LIMIT = 20_000;
const REMEMBERED_LENGTH = 32;
const NONE: readonly number[] = [];

/**
 * All terms that are looked for, as trees by their words: from any place in a sentence one walk finds every term that
 * starts there, and no walk is longer than the longest term.
 */
export class TermTree implements Vocabulary {
  private readonly root = emptyNode();
  private readonly wordNumbers = new Map<string, number>();
  private readonly stemNumbers = new Map<string, number>();
  private readonly setNumbers = new Map<string, number>();
  /** Trees of the sets that terms refer to by name. */
  private readonly named = new Map<number, Node>();
  private readonly memory = new Map<string, readonly number[]>();
  private stemLengths: readonly number[] = [];
  private isReady = false;
  private readonly glyphsOf: ReadGlyphs;

  constructor(glyphsOf: ReadGlyphs) {
    this.glyphsOf = glyphsOf;
  }

  /** The number under which the terms are found; equal terms have the same one. */
  add(terms: readonly Term[], sets: TermSets, language: string): number {
    const [number, isNew] = this.numberOfSet(`${language}: ${terms.join(' | ')}`);
    if (isNew) this.plant(this.root, terms, { sets, language, number });
    this.isReady = false;
    return number;
  }

  keyOf(word: string): number {
    return this.wordNumbers.get(word) ?? 0;
  }

  stemsOf(word: string): readonly number[] {
    const known = this.memory.get(word);
    if (known !== undefined) return known;
    const found = this.stemLengths.flatMap((length) => {
      const stem = length <= word.length ? this.stemNumbers.get(word.slice(0, length)) : undefined;
      return stem === undefined ? [] : [stem];
    });
    const stems = found.length > 0 ? found : NONE;
    if (word.length > REMEMBERED_LENGTH) return stems;
    if (this.memory.size >= MEMORY_LIMIT) this.memory.clear();
    this.memory.set(word, stems);
    return stems;
  }

  knows(word: string): boolean {
    return this.wordNumbers.has(word) || this.stemsOf(word).length > 0;
  }

  /** Makes the tree ready for finding, after the last terms were added. */
  prepare(): void {
    if (this.isReady) return;
    this.stemLengths = [...new Set(Array.from(this.stemNumbers.keys(), ({ length }) => length))];
    this.memory.clear();
    for (const node of [this.root, ...this.named.values()]) this.indexSets(node);
    this.isReady = true;
  }

  /**
   * Calls back for every term that starts at a place of a sentence and ends within its clause, with its number and the
   * place after its end.
   */
  find(sentence: Sentence, at: number, found: (number: number, end: number) => void): void {
    this.walk(this.root, sentence, at, (node, end) => {
      for (const number of node.ends) found(number, end);
    });
  }

  private walk(node: Node, sentence: Sentence, at: number, visit: (node: Node, end: number) => void): void {
    if (node.ends.length > 0) visit(node, at);
    // A term never reaches into the next clause.
    if (at >= sentence.keys.length || (node !== this.root && sentence.clauses[at] !== sentence.clauses[at - 1])) return;
    const key = sentence.keys[at] ?? 0;
    if (key !== 0) this.step(node, key, sentence, at, visit);
    for (const stem of sentence.stems[at] ?? NONE) this.step(node, stem, sentence, at, visit);
  }

  private step(
    node: Node,
    word: number,
    sentence: Sentence,
    at: number,
    visit: (node: Node, end: number) => void,
  ): void {
    const next = node.words.get(word);
    if (next) this.walk(next, sentence, at + 1, visit);
    for (const set of node.setsByWord.get(word) ?? NONE) {
      const after = node.sets.get(set);
      if (after) for (const end of this.endsOf(set, sentence, at)) this.walk(after, sentence, end, visit);
    }
  }

  /** Where the terms of a set end that start at a place. */
  private endsOf(set: number, sentence: Sentence, at: number): number[] {
    const ends: number[] = [];
    const tree = this.named.get(set);
    if (tree === undefined) return ends;
    const key = sentence.keys[at] ?? 0;
    const visit = (_: Node, end: number): void => {
      if (!ends.includes(end)) ends.push(end);
    };
    if (key !== 0) this.step(tree, key, sentence, at, visit);
    for (const stem of sentence.stems[at] ?? NONE) this.step(tree, stem, sentence, at, visit);
    return ends;
  }

  private plant(
    root: Node,
    terms: readonly Term[],
    { sets, language, number }: { sets: TermSets; language: string; number: number },
  ): void {
    for (const pieces of terms.flatMap((term) => waysOf(term, this.glyphsOf))) {
      let node = root;
      for (const piece of pieces) node = this.branch(node, piece, sets, language);
      if (!node.ends.includes(number)) node.ends.push(number);
    }
  }

  private branch(node: Node, { kind, text }: TermPiece, sets: TermSets, language: string): Node {
    const branches = kind === 'set' ? node.sets : node.words;
    const number = kind === 'set' ? this.namedSet(text, sets, language) : this.wordNumber(text, kind);
    const known = branches.get(number);
    if (known !== undefined) return known;
    const next = emptyNode();
    branches.set(number, next);
    return next;
  }

  private namedSet(name: string, sets: TermSets, language: string): number {
    const [number, isNew] = this.numberOfSet(`${language}, the set ${name}`);
    if (isNew) {
      const tree = emptyNode();
      this.named.set(number, tree);
      this.plant(tree, sets[name] ?? [], { sets, language, number });
    }
    return number;
  }

  private numberOfSet(name: string): [number: number, isNew: boolean] {
    const known = this.setNumbers.get(name);
    if (known !== undefined) return [known, false];
    this.setNumbers.set(name, this.setNumbers.size);
    return [this.setNumbers.size - 1, true];
  }

  private wordNumber(text: string, kind: TermPiece['kind']): number {
    const numbers = kind === 'stem' ? this.stemNumbers : this.wordNumbers;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const number = this.wordNumbers.size + this.stemNumbers.size + 1;
    numbers.set(text, number);
    return number;
  }

  /** So that only sets are tried that can begin with the word at hand. */
  private indexSets(node: Node): void {
    node.setsByWord.clear();
    for (const set of node.sets.keys()) {
      for (const word of this.firstWords(set)) {
        node.setsByWord.set(word, [...(node.setsByWord.get(word) ?? []), set]);
      }
    }
    for (const next of [...node.words.values(), ...node.sets.values()]) this.indexSets(next);
  }

  private firstWords(set: number): Set<number> {
    const tree = this.named.get(set) ?? emptyNode();
    const inner = Array.from(tree.sets.keys(), (other) => [...this.firstWords(other)]);
    return new Set([...tree.words.keys(), ...inner.flat()]);
  }
}

function emptyNode(): Node {
  return { words: new Map(), sets: new Map(), setsByWord: new Map(), ends: [] };
}
