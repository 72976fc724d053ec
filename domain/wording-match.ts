import type { WordList, WordingEntry, WordingSeverity } from './wording-list.ts';
import { PhraseIndex } from './wording-phrase-index.ts';
import type { Sentence } from './wording-tokens.ts';
import type { TermTree } from './wording-tree.ts';

/** Words that an entry forbids: places in a sentence, `end` excluded. */
export interface Match {
  readonly entry: WordingEntry;
  readonly start: number;
  readonly end: number;
}

/** One way to meet an entry: phrases of these sets one after the other. */
interface Chain {
  readonly rule: Rule;
  readonly parts: readonly number[];
  readonly within: number;
}

interface Rule {
  readonly entry: WordingEntry;
  readonly partOf: number;
  readonly follows: number;
  readonly sentenceHas: number;
  readonly negations: readonly { readonly set: number; readonly within: number }[];
  readonly noNegation: number;
  readonly notAcross: number;
}

/** What of a chain has been met; `starts` are those of its parts. */
interface Progress {
  readonly starts: readonly number[];
  readonly end: number;
}

interface Candidate extends Progress {
  readonly rule: Rule;
}

/** Of each part of a chain the last few phrases are remembered: a list (`call, text or visit`) has about so many. */
const REMEMBERED = 4;
const FOLLOWS_WITHIN = 1;

/** Finds forbidden words sentence by sentence. */
export class Matcher {
  private readonly tree: TermTree;
  private readonly uses = new Map<number, { readonly chain: number; readonly part: number }[]>();
  private readonly chains: Chain[] = [];

  constructor(tree: TermTree) {
    this.tree = tree;
  }

  /** Adds the entries of a list. */
  add(list: WordList, entries: readonly WordingEntry[]): void {
    const setOf = (terms: readonly string[]) => this.tree.add(terms, list.sets, list.language);
    const negations = list.negations.map(({ terms, within }) => ({ set: setOf(terms), within }));
    const limits = { noNegation: setOf(list.noNegation), notAcross: setOf(list.notAcross) };
    for (const entry of entries) {
      const { partOf, follows, sentenceHas } = entry.unless;
      const exceptions = { partOf: setOf(partOf), follows: setOf(follows), sentenceHas: setOf(sentenceHas) };
      const rule = { entry, ...exceptions, negations: entry.unless.evenNegated ? [] : negations, ...limits };
      for (const pattern of entry.patterns) {
        const within = pattern.kind === 'phrase' ? 0 : pattern.within;
        const parts = pattern.kind === 'phrase' ? [setOf(pattern.terms)] : pattern.parts.map((term) => setOf([term]));
        this.chain({ rule, parts, within });
        if (pattern.kind === 'near') this.chain({ rule, parts: parts.toReversed(), within });
      }
    }
  }

  /** The forbidden words of a sentence in the order they stand; of two of one kind the longer. */
  match(sentence: Sentence): Match[] {
    const index = new PhraseIndex();
    const progress = new Map<number, Progress[]>();
    const candidates: Candidate[] = [];
    for (let start = 0; start < sentence.keys.length; start += 1) {
      this.tree.find(sentence, start, (set, end) => {
        index.add(set, start, end);
        for (const { chain, part } of this.uses.get(set) ?? [])
          this.advance({ chain, part, start, end }, progress, candidates);
      });
    }
    if (candidates.length === 0) return [];
    const left = withoutNegated(candidates, sentence, index).filter((each) => !isExcepted(each, sentence, index));
    return withoutContained(left);
  }

  private chain(chain: Chain): void {
    const number = this.chains.push(chain) - 1;
    for (const [part, set] of chain.parts.entries()) {
      const uses = this.uses.get(set) ?? [];
      this.uses.set(set, [...uses, { chain: number, part }]);
    }
  }

  private advance(
    { chain, part, start, end }: { chain: number; part: number; start: number; end: number },
    progress: Map<number, Progress[]>,
    candidates: Candidate[],
  ): void {
    const { rule, parts, within } = this.chains[chain] as Chain;
    const slot = chain * PART_SLOTS + part;
    const before: readonly Progress[] =
      part === 0
        ? [{ starts: [], end: start }]
        : (progress.get(slot - 1) ?? []).filter((each) => each.end <= start && start - each.end <= within);
    for (const each of before) {
      const next = { starts: [...each.starts, start], end };
      if (part === parts.length - 1) candidates.push({ rule, ...next });
      else {
        const kept = progress.get(slot) ?? [];
        progress.set(slot, [...kept.slice(1 - REMEMBERED), next]);
      }
    }
  }
}

/** More parts than this no pattern has. */
export const PARTS_LIMIT = 4;
const PART_SLOTS = PARTS_LIMIT;

/**
 * Leaves out what a negation stands before. In `never call, text or visit your boss` it holds for the whole list:
 * matches of the same entry within the negated one are negated too, unless a new statement begins between them.
 */
function withoutNegated(candidates: readonly Candidate[], sentence: Sentence, index: PhraseIndex): Candidate[] {
  const reach = new Map<WordingEntry, { start: number; end: number }>();
  const inOrder = candidates.toSorted((a, b) => startOf(a) - startOf(b) || b.end - a.end);
  return inOrder.filter((candidate) => {
    const { rule, starts, end } = candidate;
    if (starts.some((start) => isNegated(start, rule, sentence, index))) {
      const known = reach.get(rule.entry);
      if (known === undefined || end > known.end) reach.set(rule.entry, { start: startOf(candidate), end });
      return false;
    }
    const negated = reach.get(rule.entry);
    const isWithin = negated !== undefined && end <= negated.end;
    return !isWithin || index.hasWithin(rule.notAcross, negated.start, startOf(candidate));
  });
}

function isNegated(start: number, rule: Rule, { clauses }: Sentence, index: PhraseIndex): boolean {
  return rule.negations.some(({ set, within }) => {
    const negation = index.lastBefore(set, start, within);
    if (negation === null || clauses[negation.end - 1] !== clauses[start]) return false;
    if (index.covers(rule.noNegation, negation.start, negation.end)) return false;
    return !index.hasWithin(rule.notAcross, negation.end, start);
  });
}

function isExcepted(candidate: Candidate, { clauses }: Sentence, index: PhraseIndex): boolean {
  const { rule, end } = candidate;
  const start = startOf(candidate);
  if (index.has(rule.sentenceHas) || index.covers(rule.partOf, start, end)) return true;
  const followed = index.lastBefore(rule.follows, start, FOLLOWS_WITHIN);
  return followed !== null && clauses[followed.end - 1] === clauses[start];
}

/** Leaves out matches that lie within another one of the same category which is as severe. */
function withoutContained(candidates: readonly Candidate[]): Match[] {
  const reach = new Map<string, number>();
  return candidates.flatMap((candidate) => {
    const { entry } = candidate.rule;
    const { end } = candidate;
    const covering: WordingSeverity[] = entry.severity === 'refuse' ? ['refuse'] : ['refuse', 'warn'];
    if (covering.some((severity) => (reach.get(entry.category + severity) ?? -1) >= end)) return [];
    reach.set(entry.category + entry.severity, end);
    return [{ entry, start: startOf(candidate), end }];
  });
}

function startOf({ starts }: Progress): number {
  return starts[0] ?? 0;
}
