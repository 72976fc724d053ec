import { Eta } from 'eta/core';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { PolicyValue } from './policy-value.ts';

/** What a text may say of a loan, of the lender and of the message. Values are ready to read, amounts formatted. */
export const LOAN_PARAMS = [
  'loanLabel',
  'principal',
  'interest',
  'penalty',
  'fees',
  'total',
  'dueOn',
  'daysPastDue',
  'asOf',
  'payBy',
  'agreedAmount',
  'agreedOn',
] as const;
/** Those of the loan that only messages about an agreement have: its next instalment and the day of it. */
export const AGREEMENT_PARAMS: readonly Param[] = ['agreedAmount', 'agreedOn'];
export const LENDER_PARAMS = ['lender', 'hotline', 'payUrl', 'optOut', 'language'] as const;
const PARAMS: readonly string[] = [...LOAN_PARAMS, ...LENDER_PARAMS];

export type Param = (typeof LOAN_PARAMS)[number] | (typeof LENDER_PARAMS)[number];

/** A text with places for values. */
export interface FillableText {
  /** The text with its placeholders. */
  readonly source: string;
  readonly params: readonly Param[];
  readonly fillIn: (values: Readonly<Record<string, string>>) => string;
}

// Only `{{ name }}` is let through by the reader below, so a policy file can hold text but never code.
const SYNTAX = {
  tags: ['{{', '}}'] as [string, string],
  parse: { exec: '!', interpolate: '', raw: '~' },
  useWith: true,
  autoTrim: false as const,
};
const plain = new Eta({ ...SYNTAX, autoEscape: false });
const escaped = new Eta({ ...SYNTAX, autoEscape: true });

/** A tag as the engine cuts it, from the first braces to the next; what is in it is a name or a fault. */
const TAG = /\{\{(.*?)\}\}/gs;
const NAME = /^\s*(\w+)\s*$/;

/** Makes a checked text fillable; `html` escapes every value. */
export function fillable(text: string, form: 'plain' | 'html'): FillableText {
  const eta = form === 'html' ? escaped : plain;
  const template = eta.compile(text);
  return { source: text, params: paramsOf(text) as Param[], fillIn: (values) => template.call(eta, values) };
}

/** The names of all placeholders of a text, each once. */
export function paramsOf(text: string): string[] {
  return [...new Set([...text.matchAll(TAG)].map(([, inside = '']) => inside.trim()))];
}

/** Reads a text and refuses every placeholder that has no value. @param alsoKnown names of parts put in at loading. */
export function readFillable(value: PolicyValue, alsoKnown: readonly string[] = []): string | undefined {
  const text = value.text();
  if (text === undefined) return undefined;
  const known = [...PARAMS, ...alsoKnown];
  for (const [tag, inside = ''] of text.matchAll(TAG)) {
    const name = NAME.exec(inside)?.[1];
    if (name === undefined) value.refuseWithin(tag, `"${tag}" is not a placeholder; write one such as {{ total }}.`);
    else if (!known.includes(name)) {
      value.refuseWithin(tag, `There is no value "${name}" to put in.${didYouMean(name, known, 'Values')}`);
    }
  }
  const [stray] = /\{\{|\}\}/.exec(text.replaceAll(TAG, '')) ?? [];
  if (stray !== undefined) value.refuse(`The text has a "${stray}" without its partner; write it such as {{ total }}.`);
  return text;
}
