import type { Term, TermSets } from './wording-terms.ts';

/** The kinds of wording that no message and no note may have. */
export const WORDING_CATEGORIES = [
  'threat',
  'insult',
  'impersonation',
  'falseLegalClaim',
  'disclosureToThirdParty',
  'shaming',
  'harassment',
  'pressureOnTime',
] as const;
export type WordingCategory = (typeof WORDING_CATEGORIES)[number];

/** `refuse`: a template with it is not loaded. `warn`: a person looks at it. */
export const WORDING_SEVERITIES = ['refuse', 'warn'] as const;
export type WordingSeverity = (typeof WORDING_SEVERITIES)[number];

/** Who reads a text: the customer, or colleagues. A note may say what a message may not: that somebody is in prison. */
export const WORDING_USES = ['message', 'note'] as const;
export type WordingUse = (typeof WORDING_USES)[number];

/**
 * What is looked for, within one sentence. `phrase`: one of the terms. `then`: one term of each part, in this order,
 * with at most `within` other words before the next. `near`: two parts in either order.
 */
export type WordingPattern =
  | { readonly kind: 'phrase'; readonly terms: readonly Term[] }
  | { readonly kind: 'then' | 'near'; readonly parts: readonly Term[]; readonly within: number };

/** What makes found words harmless. */
export interface WordingExceptions {
  /** Whether the words are forbidden even after a negation: `we will not hesitate`. */
  readonly evenNegated: boolean;
  /** Terms that the words are only a part of. */
  readonly partOf: readonly Term[];
  /** Terms that the words follow, with at most one word between. */
  readonly follows: readonly Term[];
  /** Terms that stand anywhere in the same sentence. */
  readonly sentenceHas: readonly Term[];
}

/** One thing that is not said. */
export interface WordingEntry {
  readonly id: string;
  readonly category: WordingCategory;
  readonly severity: WordingSeverity;
  readonly uses: readonly WordingUse[];
  readonly patterns: readonly WordingPattern[];
  readonly unless: WordingExceptions;
  /** Why it is not said, as a sentence. */
  readonly why: string;
  /** What to write instead. */
  readonly instead: string;
  /** Ids of the sources. */
  readonly sources: readonly string[];
}

/** Words that turn a sentence round. */
export interface Negation {
  readonly terms: readonly Term[];
  /** So many other words may stand between the negation and what it negates. */
  readonly within: number;
}

/** The forbidden wording of one language. */
export interface WordList {
  readonly language: string;
  /** Characters that count as one, such as the traditional and the simplified form; see `glyphReader`. */
  readonly same: readonly string[];
  readonly sets: TermSets;
  readonly negations: readonly Negation[];
  /** Terms that only look like a negation: `not only`, 要不要. */
  readonly noNegation: readonly Term[];
  /** Terms that end the reach of a negation: in `if you do not pay we will ...` it is `we will`. */
  readonly notAcross: readonly Term[];
  readonly entries: readonly WordingEntry[];
}
