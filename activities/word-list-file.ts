import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type ReadGlyphs, glyphReader } from '../domain/wording-glyphs.ts';
import {
  type Negation,
  WORDING_CATEGORIES,
  WORDING_SEVERITIES,
  WORDING_USES,
  type WordList,
  type WordingCategory,
  type WordingEntry,
  type WordingExceptions,
  type WordingPattern,
} from '../domain/wording-list.ts';
import { PARTS_LIMIT } from '../domain/wording-match.ts';
import { type Term, type TermSets, termFault } from '../domain/wording-terms.ts';
import { Wording } from '../domain/wording.ts';
import { POLICY_DIR, type PolicyFile, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';

/** A rule or law that forbids or demands words, and how far its text was checked; see `sources.yaml`. */
export interface WordingSource {
  readonly text: string;
  /** V: read in the rule itself. S: in a secondary source. U: not at all. */
  readonly verified: 'V' | 'S' | 'U';
}

const LANGUAGES = ['zh', 'en'] as const;
const LIST_FIELDS = {
  language: 'en',
  version: '1',
  sets: '{ kin: [wife, husband] }',
  negations: '[{ terms: [never], within: 3 }]',
  noNegation: '[not only]',
  notAcross: '[but, we will]',
  categories: "{ threat: { why: '...', sources: [CN7] } }",
  entries: '[...]',
};
const ENTRY_FIELDS = { id: 'know-where-you-live', category: 'threat', severity: 'refuse', instead: "'...'" };
const PATTERN_FIELDS = {
  phrase: '[watch your back]',
  wordStem: '[humiliat]',
  then: '[tell, <your> <kin>]',
  near: '[police, arrest]',
  within: '4',
};
const MORE_ENTRY_FIELDS = { uses: '[message]', unless: '{ partOf: [...] }', why: "'...'", sources: '[CN7]' };
const UNLESS_FIELDS = { evenNegated: 'true', partOf: '[...]', follows: '[...]', sentenceHas: '[...]' };

// Seven templates are checked by the same lists, and tests load them many times. The cache is by content: an edited
// list is another list.
const CACHE_LIMIT = 4;
const cache = new Map<string, Wording>();

/**
 * The checker with the lists of `words/zh.yaml` and `words/en.yaml`.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadWording(policyDir: string = POLICY_DIR): Wording {
  const content = contentOf(policyDir);
  const known = content === null ? undefined : cache.get(content);
  if (known !== undefined) return known;
  const wording = new Wording(loadWordLists(policyDir));
  if (cache.size >= CACHE_LIMIT) cache.clear();
  if (content !== null) cache.set(content, wording);
  return wording;
}

/**
 * The lists of forbidden words, one for each language.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID
 */
export function loadWordLists(policyDir: string = POLICY_DIR): WordList[] {
  const sources = loadWordingSources(policyDir);
  return LANGUAGES.map((language) => loadWordList(join(policyDir, 'words', `${language}.yaml`), language, sources));
}

/**
 * The rules and laws that word lists and disclosures refer to, from `words/sources.yaml`.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID
 */
export function loadWordingSources(policyDir: string = POLICY_DIR): ReadonlyMap<string, WordingSource> {
  const file = openPolicyFile(join(policyDir, 'words', 'sources.yaml'));
  const example = "{ text: '12 CFR 1006.18(b)', verified: V }";
  const sources = file.content.entries('the table of sources', { CN7: example }).map(({ key, value }) => {
    const { text, verified } = value.fields('a source', { text: 'the rule and where it was read', verified: 'S' });
    return [key, { text: text.text(), verified: verified.oneOf('a mark', ['V', 'S', 'U']) }] as const;
  });
  file.throwFaults('TEMPLATE_INVALID');
  // Without a fault nothing is missing.
  return new Map(sources) as ReadonlyMap<string, WordingSource>;
}

/** Reads the ids of sources. */
export function readSources(value: PolicyValue, sources: ReadonlyMap<string, WordingSource>): string[] {
  return (value.items('CN7') ?? []).flatMap((item) => {
    const id = item.text();
    if (id === undefined) return [];
    if (!sources.has(id)) {
      item.refuse(`There is no source "${id}" in sources.yaml.${didYouMean(id, sources.keys(), 'Sources')}`);
    }
    return [id];
  });
}

/** How terms of one file are read. */
interface TermReader {
  readonly sets: TermSets;
  readonly glyphsOf: ReadGlyphs;
  readonly sources: ReadonlyMap<string, WordingSource>;
}

type Category = Partial<Pick<WordingEntry, 'why'>> & Pick<WordingEntry, 'sources'>;

function loadWordList(path: string, language: string, sources: ReadonlyMap<string, WordingSource>): WordList {
  const file: PolicyFile = openPolicyFile(path);
  const fields = file.content.fields('a word list', LIST_FIELDS, { same: '诉訴 关關' });
  fields.language.oneOf('the language of the file', [language]);
  fields.version.integer([1, 9_999]);
  const same = fields.same.isGiven ? readSame(fields.same) : [];
  const sets = readSets(fields.sets);
  const terms: TermReader = { sets: toSets(sets), glyphsOf: glyphReader(same), sources };
  for (const { values } of sets) for (const { value, term } of values) refuseFault(value, term, terms);
  const categories = new Map(
    fields.categories
      .entries('the table of categories', { threat: '{ why: ..., sources: [...] }' })
      .map(({ key, value }) => {
        if (!WORDING_CATEGORIES.some((category) => category === key)) {
          value.refuseKey(`"${key}" is not a category.${didYouMean(key, WORDING_CATEGORIES, 'Categories')}`);
        }
        const { why, sources } = value.fields('a category', { why: "'...'", sources: '[CN7]' });
        return [key, { why: why.text(), sources: readSources(sources, terms.sources) }] as const;
      }),
  ) as ReadonlyMap<string, Category>;
  const negations = (fields.negations.items('{ terms: [never], within: 3 }') ?? []).map((value) => {
    const negation = value.fields('a negation', { terms: '[never]', within: '3' });
    return { terms: readTerms(negation.terms, terms), within: negation.within.integer([0, 12]) };
  });
  const seen = new Set<string>();
  const entries = (fields.entries.items('{ id: ... }') ?? []).map((value) => {
    const entry = readEntry(value, terms, categories);
    if (entry.id !== undefined && seen.has(entry.id)) {
      value.at('id', '').refuse(`The id "${entry.id}" is given twice; ids are unique.`);
    }
    seen.add(entry.id ?? '');
    return entry;
  });
  const noNegation = readTerms(fields.noNegation, terms);
  const notAcross = readTerms(fields.notAcross, terms);
  file.throwFaults('TEMPLATE_INVALID');
  // Without a fault nothing is missing.
  return {
    language,
    same,
    sets: terms.sets,
    negations: negations as Negation[],
    noNegation,
    notAcross,
    entries: entries as WordingEntry[],
  };
}

function readEntry(value: PolicyValue, terms: TermReader, categories: ReadonlyMap<string, Category>) {
  const fields = value.fields('an entry', ENTRY_FIELDS, { ...PATTERN_FIELDS, ...MORE_ENTRY_FIELDS });
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

function readPatterns(
  fields: Readonly<Record<keyof typeof PATTERN_FIELDS, PolicyValue>>,
  entry: PolicyValue,
  terms: TermReader,
): WordingPattern[] {
  const { phrase, wordStem, then, near, within } = fields;
  const patterns: WordingPattern[] = [];
  const phrases = phrase.isGiven ? readTerms(phrase, terms) : [];
  const stems = wordStem.isGiven ? readStems(wordStem) : [];
  if (phrases.length + stems.length > 0) patterns.push({ kind: 'phrase', terms: [...phrases, ...stems] });
  const hasParts = then.isGiven || near.isGiven;
  const words = hasParts ? (within.integer([0, 40]) ?? 0) : 0;
  if (hasParts && !within.isGiven) entry.refuse('"then" and "near" need "within", such as within: 4.');
  if (!hasParts && within.isGiven) within.refuse('"within" belongs to "then" or "near"; leave it out.');
  for (const [kind, value, limit] of [
    ['then', then, PARTS_LIMIT],
    ['near', near, 2],
  ] as const) {
    if (!value.isGiven) continue;
    const parts = readTerms(value, terms);
    if (parts.length < 2 || parts.length > limit) {
      value.refuse(
        `"${kind}" takes ${limit === 2 ? 'two parts' : `two to ${limit} parts`}; these are ${parts.length}.`,
      );
    }
    patterns.push({ kind, parts, within: words });
  }
  if (![phrase, wordStem, then, near].some(({ isGiven }) => isGiven)) {
    entry.refuse('An entry needs one of phrase, wordStem, then, near.');
  }
  return patterns;
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

function readTerms(value: PolicyValue, terms: TermReader): Term[] {
  return (value.items('watch your back') ?? []).flatMap((item) => {
    const term = item.text();
    if (term === undefined) return [];
    refuseFault(item, term, terms);
    return [term];
  });
}

function readStems(value: PolicyValue): Term[] {
  return (value.items('humiliat') ?? []).flatMap((item) => {
    const stem = item.scalar('the beginning of a word', (given) =>
      typeof given === 'string' && /^[a-z]{2,}$/.test(given) ? given : undefined,
    );
    return stem === undefined ? [] : [`${stem}*`];
  });
}

function refuseFault(value: PolicyValue, term: Term, { sets, glyphsOf }: TermReader): void {
  const fault = termFault(term, sets, glyphsOf);
  if (fault !== null) value.refuse(`This is not a term: ${fault}.`);
}

function readSets(value: PolicyValue): { key: string; values: { value: PolicyValue; term: Term }[] }[] {
  return value.entries('the table of sets', { kin: '[wife, husband]' }).map(({ key, value: list }) => {
    const values = (list.items('wife') ?? []).flatMap((item) => {
      const term = item.text();
      return term === undefined ? [] : [{ value: item, term }];
    });
    return { key, values };
  });
}

function toSets(sets: ReturnType<typeof readSets>): TermSets {
  return Object.fromEntries(sets.map(({ key, values }) => [key, values.map(({ term }) => term)]));
}

/** Groups of characters with blanks between them; no character stands in two. */
function readSame(value: PolicyValue): string[] {
  const groups = (value.text() ?? '').split(/\s+/).filter((group) => group !== '');
  const seen = new Set<string>();
  for (const group of groups) {
    if (Array.from(group).length < 2)
      value.refuseWithin(group, `"${group}" is alone; a group has two characters or more.`);
    for (const sign of group) {
      if (seen.has(sign)) value.refuseWithin(group, `"${sign}" stands in two groups; keep one of them.`);
      seen.add(sign);
    }
  }
  return groups;
}

function contentOf(policyDir: string): string | null {
  try {
    const names = [...LANGUAGES, 'sources'];
    return names.map((name) => readFileSync(join(policyDir, 'words', `${name}.yaml`), 'utf8')).join('\u0000');
  } catch {
    return null;
  }
}
