import type { WordingEntry } from './wording-list.ts';
import type { PhraseIndex, Place } from './wording-phrase-index.ts';
import type { Sentence } from './wording-sentence.ts';

/** Words that an entry forbids: places in a sentence, `end` excluded. */
export interface Match extends Place {
  readonly entry: WordingEntry;
}

/** An entry with its exceptions as numbers of terms. */
export interface Rule {
  readonly entry: WordingEntry;
  readonly partOf: number;
  readonly follows: number;
  readonly sentenceHas: number;
  readonly negations: readonly { readonly set: number; readonly within: number }[];
  readonly noNegation: number;
  readonly notAcross: number;
  /** All of these. */
  readonly asked: readonly number[];
}

/** Words that meet a pattern, whatever stands around them. */
export interface Candidate extends Match {
  readonly rule: Rule;
  /** Where each part starts. */
  readonly starts: readonly number[];
}

const FOLLOWS_WITHIN = 1;

/**
 * Leaves out what a negation stands before. In `never call, text or visit your boss` it holds for the whole list:
 * matches of the same entry within the negated one are negated too, unless a new statement begins between them.
 */
export function withoutNegated(candidates: readonly Candidate[], sentence: Sentence, index: PhraseIndex): Candidate[] {
  const reach = new Map<WordingEntry, Place>();
  const inOrder = candidates.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return inOrder.filter((candidate) => {
    const { rule, entry, starts, start, end } = candidate;
    const negated = reach.get(entry);
    if (starts.some((each) => isNegated(each, rule, sentence, index))) {
      if (negated === undefined || end > negated.end) reach.set(entry, { start, end });
      return false;
    }
    if (negated === undefined || end > negated.end) return true;
    return index.hasWithin(rule.notAcross, { start: negated.start, end: start });
  });
}

function isNegated(start: number, rule: Rule, { clauses }: Sentence, index: PhraseIndex): boolean {
  return rule.negations.some(({ set, within }) => {
    const [negation] = index.endingBefore(set, start, within);
    if (negation === undefined || clauses[negation.start] !== clauses[start]) return false;
    if (index.covers(rule.noNegation, negation)) return false;
    return !index.hasWithin(rule.notAcross, { start: negation.end, end: start });
  });
}

/** Whether other words make a candidate harmless. */
export function isExcepted({ rule, start, end }: Candidate, { clauses }: Sentence, index: PhraseIndex): boolean {
  if (index.has(rule.sentenceHas) || index.covers(rule.partOf, { start, end })) return true;
  const [before] = index.endingBefore(rule.follows, start, FOLLOWS_WITHIN);
  return before !== undefined && clauses[before.start] === clauses[start];
}
