import { FoundTerms } from './wording-found-terms.ts';
import type { ReadGlyphs } from './wording-glyphs.ts';
import type { WordList, WordingEntry, WordingSeverity } from './wording-list.ts';
import { PhraseIndex, type Place } from './wording-phrase-index.ts';
import { type Candidate, type Match, type Rule, isExcepted, withoutNegated } from './wording-exceptions.ts';
import type { Sentence } from './wording-sentence.ts';
import { TermTree } from './wording-tree.ts';
import type { Vocabulary } from './wording-vocabulary.ts';

/** One way to meet an entry: terms of these numbers one after the other. */
interface Chain {
  readonly rule: Rule;
  readonly parts: readonly number[];
  readonly within: number;
}

/** More parts than this no pattern has. */
export const PARTS_LIMIT = 4;
/** Of each part the nearest few are tried: a list (`call, text or visit`) has about so many. */
const TRIED_LIMIT = 4;

/** Finds forbidden words sentence by sentence. */
export class Matcher {
  /** What is looked for in every sentence, and what only where something was found. */
  private readonly patterns: TermTree;
  private readonly exceptions: TermTree;
  /** The chains that end with a term, by its number. */
  private readonly chains: Chain[][] = [];
  /** Whether a term is a part that others follow, by its number. */
  private readonly isFollowed: boolean[] = [];
  /** Used again for every sentence. */
  private readonly index = new PhraseIndex();
  private readonly found = new FoundTerms();

  constructor(glyphsOf: ReadGlyphs, vocabulary: Vocabulary) {
    this.patterns = new TermTree(glyphsOf, vocabulary);
    this.exceptions = new TermTree(glyphsOf, vocabulary);
  }

  /** Adds entries of a list. */
  add(list: WordList, entries: readonly WordingEntry[]): void {
    const numberOf = (terms: readonly string[]) => this.exceptions.add(terms, list.sets, list.language);
    const partOf = (terms: readonly string[]) => this.patterns.add(terms, list.sets, list.language);
    const negations = list.negations.map(({ terms, within }) => ({ set: numberOf(terms), within }));
    const limits = { noNegation: numberOf(list.noNegation), notAcross: numberOf(list.notAcross) };
    for (const entry of entries) {
      const { unless } = entry;
      const terms = {
        partOf: numberOf(unless.partOf),
        follows: numberOf(unless.follows),
        sentenceHas: numberOf(unless.sentenceHas),
        ...limits,
      };
      const negatedBy = unless.evenNegated ? [] : negations;
      const asked = [...Object.values(terms), ...negatedBy.map(({ set }) => set)];
      const rule: Rule = { entry, ...terms, negations: negatedBy, asked };
      for (const pattern of entry.patterns) {
        const isPhrase = pattern.kind === 'phrase';
        const within = isPhrase ? 0 : pattern.within;
        const parts = isPhrase ? [partOf(pattern.terms)] : pattern.parts.map((term) => partOf([term]));
        this.addChain({ rule, parts, within });
        if (pattern.kind === 'near') this.addChain({ rule, parts: parts.toReversed(), within });
      }
    }
  }

  /** Makes the matcher ready, after the last entries were added. */
  prepare(): void {
    this.patterns.prepare();
    this.exceptions.prepare();
  }

  /** The forbidden words of a sentence in the order they stand; of two of one kind the longer. */
  match(sentence: Sentence): Match[] {
    const candidates = this.candidates(sentence);
    if (candidates.length === 0) return [];
    const around = new PhraseIndex();
    const wanted = new Set(candidates.flatMap(({ rule }) => rule.asked));
    const { found } = this;
    for (let start = 0; start < sentence.size; start += 1) {
      found.clear();
      this.exceptions.find(sentence, start, found);
      for (let at = 0; at < found.size; at += 1) {
        const term = found.terms[at] ?? 0;
        if (wanted.has(term)) around.add(term, start, found.ends[at] ?? 0);
      }
    }
    const asserted = withoutNegated(candidates, sentence, around);
    return withoutContained(asserted.filter((candidate) => !isExcepted(candidate, sentence, around)));
  }

  /** What meets a pattern, whatever stands around it. */
  private candidates(sentence: Sentence): Candidate[] {
    const { index, found } = this;
    const candidates: Candidate[] = [];
    index.clear();
    for (let start = 0; start < sentence.size; start += 1) {
      found.clear();
      this.patterns.find(sentence, start, found);
      for (let at = 0; at < found.size; at += 1) {
        const term = found.terms[at] ?? 0;
        const end = found.ends[at] ?? 0;
        if (this.isFollowed[term] === true) index.add(term, start, end);
        const chains = this.chains[term];
        if (chains !== undefined) complete(chains, { start, end }, index, candidates);
      }
    }
    return candidates;
  }

  private addChain(chain: Chain): void {
    const last = chain.parts.at(-1) ?? 0;
    (this.chains[last] ??= []).push(chain);
    for (const part of chain.parts.slice(0, -1)) this.isFollowed[part] = true;
  }
}

/** Looks back from the last part of chains for the parts before it. */
function complete(chains: readonly Chain[], last: Place, index: PhraseIndex, candidates: Candidate[]): void {
  for (const { rule, parts, within } of chains) {
    // Most often the part before is not there, and that is soon seen.
    if (parts.length > 1 && !index.has(parts[parts.length - 2] ?? 0)) continue;
    let ways: Place[][] = [[last]];
    for (let part = parts.length - 2; part >= 0 && ways.length > 0; part -= 1) {
      ways = ways.flatMap((way) => {
        const next = way[0]?.start ?? 0;
        const before = index.endingBefore(parts[part] ?? 0, next, within).slice(0, TRIED_LIMIT);
        return before.map((place) => [place, ...way]);
      });
    }
    for (const way of ways) {
      const starts = way.map(({ start }) => start);
      candidates.push({ entry: rule.entry, rule, starts, start: starts[0] ?? 0, end: last.end });
    }
  }
}

/** Leaves out matches that lie within another one of the same category which is as severe. */
function withoutContained(candidates: readonly Candidate[]): Match[] {
  const reach = new Map<string, number>();
  return candidates.flatMap(({ entry, start, end }) => {
    const covering: readonly WordingSeverity[] = entry.severity === 'refuse' ? ['refuse'] : ['refuse', 'warn'];
    if (covering.some((severity) => (reach.get(entry.category + severity) ?? -1) >= end)) return [];
    reach.set(entry.category + entry.severity, end);
    return [{ entry, start, end }];
  });
}
