import { FoundTerms } from './wording-found-terms.ts';
import type { ReadGlyphs } from './wording-glyphs.ts';
import { type Term, type TermPiece, type TermSets, waysOf } from './wording-terms.ts';
import type { Sentence } from './wording-sentence.ts';
import type { Vocabulary } from './wording-vocabulary.ts';

interface Node {
  /** By the number of a word or of the beginning of one. */
  readonly words: Map<number, Node>;
  /** By the number of a set: here any of its terms may stand. */
  readonly sets: Map<number, Node>;
  /** The sets that have a term which begins with a word, by the number of the word; made by `index`. */
  setsByWord: Map<number, SetEntry[]> | null;
  /** The numbers of the terms that end here. */
  readonly ends: number[];
}

/** A set entered with one word. */
interface SetEntry {
  /** Where the word leads to in the tree of the set, */
  readonly next: Node | undefined;
  /** and which sets within the set it enters. */
  readonly inner: readonly SetEntry[];
  /** Where to go on after a term of the set. */
  readonly after: Node;
}

const NONE: readonly number[] = [];

/**
 * Terms as trees by their words: from any place in a sentence one walk finds every term that starts there, and no walk
 * is longer than the longest term.
 */
export class TermTree {
  private readonly root = emptyNode();
  private readonly setNumbers = new Map<string, number>();
  /** Trees of the sets that terms refer to by name. */
  private readonly named = new Map<number, Node>();
  /** The root's branches by the numbers of words. */
  private readonly firstNodes: (Node | undefined)[] = [];
  private readonly firstSets: (SetEntry[] | undefined)[] = [];
  private readonly indexed = new Set<Node>();
  /** What was found within sets, by how deep they lie within each other. */
  private readonly scratch: FoundTerms[] = [];
  private readonly glyphsOf: ReadGlyphs;
  private readonly vocabulary: Vocabulary;

  constructor(glyphsOf: ReadGlyphs, vocabulary: Vocabulary) {
    this.glyphsOf = glyphsOf;
    this.vocabulary = vocabulary;
  }

  /** The number under which the terms are found; equal terms have the same one. */
  add(terms: readonly Term[], sets: TermSets, language: string): number {
    const [number, isNew] = this.numberOfSet(`${language}: ${terms.join(' | ')}`);
    if (isNew) this.plant(this.root, terms, { sets, language, number });
    return number;
  }

  /** Makes the tree ready, after the last terms were added. */
  prepare(): void {
    this.index(this.root);
    // Most words of a text begin no term: that has to be seen at once.
    for (const [word, next] of this.root.words) this.firstNodes[word] = next;
    for (const [word, entries] of this.root.setsByWord ?? []) this.firstSets[word] = entries;
  }

  /** Adds to `found` every term that starts at a place of a sentence and ends within its clause. */
  find(sentence: Sentence, at: number, found: FoundTerms): void {
    const key = sentence.keys[at] ?? 0;
    if (key !== 0) this.begin(key, sentence, at, found);
    const stems = sentence.stems[at] ?? NONE;
    for (let each = 0; each < stems.length; each += 1) this.begin(stems[each] ?? 0, sentence, at, found);
  }

  private begin(word: number, sentence: Sentence, at: number, found: FoundTerms): void {
    const next = this.firstNodes[word];
    if (next !== undefined) this.walk(next, sentence, at + 1, found, 0);
    const entries = this.firstSets[word];
    if (entries !== undefined) this.enter(entries, sentence, at, found, 0);
  }

  /** Goes on from a node with the word at a place, if it stands in the same clause as the one before. */
  private walk(node: Node, sentence: Sentence, at: number, found: FoundTerms, depth: number): void {
    const { ends } = node;
    for (let each = 0; each < ends.length; each += 1) found.add(ends[each] ?? 0, at);
    if (node.words.size === 0 && node.setsByWord === null) return;
    if (at >= sentence.size || sentence.clauses[at] !== sentence.clauses[at - 1]) return;
    const key = sentence.keys[at] ?? 0;
    if (key !== 0) this.step(node, key, sentence, at, found, depth);
    const stems = sentence.stems[at] ?? NONE;
    for (let each = 0; each < stems.length; each += 1) this.step(node, stems[each] ?? 0, sentence, at, found, depth);
  }

  private step(node: Node, word: number, sentence: Sentence, at: number, found: FoundTerms, depth: number): void {
    const next = node.words.get(word);
    if (next !== undefined) this.walk(next, sentence, at + 1, found, depth);
    const entries = node.setsByWord?.get(word);
    if (entries !== undefined) this.enter(entries, sentence, at, found, depth);
  }

  /** Goes through sets, and on from where each of their terms ends. */
  private enter(entries: readonly SetEntry[], sentence: Sentence, at: number, found: FoundTerms, depth: number): void {
    const terms = (this.scratch[depth] ??= new FoundTerms());
    for (let each = 0; each < entries.length; each += 1) {
      const { next, inner, after } = entries[each] as SetEntry;
      terms.clear();
      if (next !== undefined) this.walk(next, sentence, at + 1, terms, depth + 1);
      if (inner.length > 0) this.enter(inner, sentence, at, terms, depth + 1);
      for (let term = 0; term < terms.size; term += 1) {
        // Two ways to read the same words are one.
        if (terms.isFirst(term)) this.walk(after, sentence, terms.ends[term] ?? 0, found, depth + 1);
      }
    }
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
    const number = kind === 'set' ? this.namedSet(text, sets, language) : this.vocabulary.numberOf(text, kind);
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

  /** Notes, for a node and all below it, which words enter which sets. */
  private index(node: Node): void {
    if (this.indexed.has(node)) return;
    this.indexed.add(node);
    for (const [set, after] of node.sets) {
      const tree = this.named.get(set);
      if (tree === undefined) continue;
      this.index(tree);
      node.setsByWord ??= new Map();
      for (const word of new Set([...tree.words.keys(), ...(tree.setsByWord?.keys() ?? [])])) {
        const entries = node.setsByWord.get(word) ?? [];
        entries.push({ next: tree.words.get(word), inner: tree.setsByWord?.get(word) ?? [], after });
        node.setsByWord.set(word, entries);
      }
    }
    for (const next of [...node.words.values(), ...node.sets.values()]) this.index(next);
  }
}

function emptyNode(): Node {
  return { words: new Map(), sets: new Map(), setsByWord: null, ends: [] };
}
