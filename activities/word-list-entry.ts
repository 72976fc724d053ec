import { didYouMean } from '../domain/did-you-mean.ts';
import type { ReadGlyphs } from '../domain/wording-glyphs.ts';
import {
  WORDING_CATEGORIES,
  WORDING_SEVERITIES,
  WORDING_USES,
  type WordingCategory,
  type WordingExceptions,
  type WordingPattern,
} from '../domain/wording-list.ts';
import { PARTS_LIMIT } from '../domain/wording-match.ts';
import { type Term, type TermSets, termFault } from '../domain/wording-terms.ts';
import type { PolicyValue } from './policy-value.ts';
import { type WordingSources, readSources } from './word-sources-file.ts';

/** What the terms of one file are read with. */
export interface TermReader {
  readonly sets: TermSets;
  readonly glyphsOf: ReadGlyphs;
  readonly sources: WordingSources;
}

/** What entries of a category have in common, where they do not say otherwise. */
export type Categories = ReadonlyMap<string, { readonly why: string | undefined; readonly sources: string[] }>;

const ENTRY_FIELDS = { id: 'know-where-you-live', category: 'threat', severity: 'refuse', instead: "'...'" };
const PATTERN_FIELDS = {
  phrase: '[watch your back]',
  wordStem: '[humiliat]',
  then: '[tell, <your> <kin>]',
  near: '[police, arrest]',
  within: '4',
};
const MORE_FIELDS = { uses: '[message]', unless: '{ partOf: [...] }', why: "'...'", sources: '[CN7]' };
const UNLESS_FIELDS = { evenNegated: 'true', partOf: '[...]', follows: '[...]', sentenceHas: '[...]' };
const WITHIN_LIMITS = [0, 40] as const;

/** Reads one entry of a word list. Without a fault in the file it is a whole `WordingEntry`. */
export function readEntry(value: PolicyValue, terms: TermReader, categories: Categories) {
  const fields = value.fields('an entry', ENTRY_FIELDS, { ...PATTERN_FIELDS, ...MORE_FIELDS });
  const category = fields.category.oneOf<WordingCategory>('a category', WORDING_CATEGORIES);
  const common = category === undefined ? undefined : categories.get(category);
  if (category !== undefined && common === undefined) {
    fields.category.refuse(`The categories at the top of the file lack "${category}".`);
  }
  const uses = fields.uses.isGiven ? (fields.uses.items('message') ?? []) : null;
  return {
    id: fields.id.name(),
    category,
    severity: fields.severity.oneOf('a severity', WORDING_SEVERITIES),
    uses: uses?.map((use) => use.oneOf('a use', WORDING_USES)) ?? WORDING_USES,
    patterns: readPatterns(fields, value, terms),
    unless: readExceptions(fields.unless, terms),
    why: fields.why.isGiven ? fields.why.text() : common?.why,
    instead: fields.instead.text(),
    sources: fields.sources.isGiven ? readSources(fields.sources, terms.sources) : common?.sources,
  };
}

/** Reads the categories at the top of a word list. */
export function readCategories(value: PolicyValue, sources: WordingSources): Categories {
  const entries = value.entries('the table of categories', { threat: '{ why: ..., sources: [...] }' });
  return new Map(
    entries.map(({ key, value: category }) => {
      if (!WORDING_CATEGORIES.some((known) => known === key)) {
        category.refuseKey(`"${key}" is not a category.${didYouMean(key, WORDING_CATEGORIES, 'Categories')}`);
      }
      const fields = category.fields('a category', { why: "'...'", sources: '[CN7]' });
      return [key, { why: fields.why.text(), sources: readSources(fields.sources, sources) }] as const;
    }),
  );
}

/** Reads a list of terms. */
export function readTerms(value: PolicyValue, terms: TermReader): Term[] {
  return (value.items('watch your back') ?? []).flatMap((item) => {
    const term = item.text();
    if (term === undefined) return [];
    refuseFault(item, term, terms);
    return [term];
  });
}

/** Notes what is wrong with a term. */
export function refuseFault(value: PolicyValue, term: Term, { sets, glyphsOf }: TermReader): void {
  const fault = termFault(term, sets, glyphsOf);
  if (fault !== null) value.refuse(`This is not a term: ${fault}.`);
}

function readPatterns(
  { phrase, wordStem, then, near, within }: Readonly<Record<keyof typeof PATTERN_FIELDS, PolicyValue>>,
  entry: PolicyValue,
  terms: TermReader,
): WordingPattern[] {
  const phrases = [
    ...(phrase.isGiven ? readTerms(phrase, terms) : []),
    ...(wordStem.isGiven ? readStems(wordStem) : []),
  ];
  const hasParts = then.isGiven || near.isGiven;
  const words = hasParts ? (within.integer(WITHIN_LIMITS) ?? 0) : 0;
  if (hasParts && !within.isGiven) entry.refuse('"then" and "near" need "within", such as within: 4.');
  if (!hasParts && within.isGiven) within.refuse('"within" belongs to "then" or "near"; leave it out.');
  if (!hasParts && !phrase.isGiven && !wordStem.isGiven) {
    entry.refuse('An entry needs one of phrase, wordStem, then, near.');
  }
  return [
    ...(phrases.length > 0 ? [{ kind: 'phrase' as const, terms: phrases }] : []),
    ...(then.isGiven ? [{ kind: 'then' as const, parts: readParts(then, PARTS_LIMIT, terms), within: words }] : []),
    ...(near.isGiven ? [{ kind: 'near' as const, parts: readParts(near, 2, terms), within: words }] : []),
  ];
}

function readParts(value: PolicyValue, limit: number, terms: TermReader): Term[] {
  const parts = readTerms(value, terms);
  if (parts.length < 2 || parts.length > limit) {
    const wanted = limit === 2 ? 'two parts' : `two to ${limit} parts`;
    value.refuse(`This pattern takes ${wanted}; here are ${parts.length}.`);
  }
  return parts;
}

function readStems(value: PolicyValue): Term[] {
  return (value.items('humiliat') ?? []).flatMap((item) => {
    const stem = item.scalar('the beginning of a word', (given) =>
      typeof given === 'string' && /^[a-z]{2,}$/.test(given) ? given : undefined,
    );
    return stem === undefined ? [] : [`${stem}*`];
  });
}

function readExceptions(value: PolicyValue, terms: TermReader): WordingExceptions {
  const fields = value.fields<never, keyof typeof UNLESS_FIELDS>('the exceptions', {}, UNLESS_FIELDS);
  const given = (each: PolicyValue): Term[] => (each.isGiven ? readTerms(each, terms) : []);
  return {
    evenNegated: fields.evenNegated.isGiven && fields.evenNegated.flag() === true,
    partOf: given(fields.partOf),
    follows: given(fields.follows),
    sentenceHas: given(fields.sentenceHas),
  };
}
