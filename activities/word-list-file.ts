import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glyphReader } from '../domain/wording-glyphs.ts';
import type { Negation, WordList, WordingEntry } from '../domain/wording-list.ts';
import { type Term, type TermSets, endlessSets } from '../domain/wording-terms.ts';
import { Wording } from '../domain/wording.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';
import { type TermReader, readCategories, readEntry, readTerms, refuseFault } from './word-list-entry.ts';
import { type WordingSources, loadWordingSources } from './word-sources-file.ts';

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

// All templates are checked with the same lists, and tests load them again and again. The cache is by content: an
// edited list is another list.
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

function loadWordList(path: string, language: string, sources: WordingSources): WordList {
  const file = openPolicyFile(path);
  const fields = file.content.fields('a word list', LIST_FIELDS, { same: '诉訴 关關' });
  fields.language.oneOf('the language of the file', [language]);
  fields.version.integer([1, 9_999]);
  const same = fields.same.isGiven ? readSame(fields.same) : [];
  const setTerms = readSets(fields.sets);
  const sets: TermSets = Object.fromEntries(setTerms.map(({ name, terms }) => [name, terms.map(({ term }) => term)]));
  const reader: TermReader = { sets, glyphsOf: glyphReader(same), sources };
  for (const { terms } of setTerms) for (const { value, term } of terms) refuseFault(value, term, reader);
  for (const name of endlessSets(sets)) fields.sets.at(name, '').refuseKey(`The set "${name}" contains itself.`);
  const categories = readCategories(fields.categories, sources);
  const list = {
    language,
    same,
    sets,
    negations: readNegations(fields.negations, reader),
    noNegation: readTerms(fields.noNegation, reader),
    notAcross: readTerms(fields.notAcross, reader),
    entries: (fields.entries.items('{ id: ... }') ?? []).map((value) => ({
      value,
      entry: readEntry(value, reader, categories),
    })),
  };
  refuseEqualIds(list.entries);
  file.throwFaults('TEMPLATE_INVALID');
  // Without a fault nothing is missing.
  return { ...list, entries: list.entries.map(({ entry }) => entry as WordingEntry) };
}

function readNegations(value: PolicyValue, reader: TermReader): Negation[] {
  return (value.items('{ terms: [never], within: 3 }') ?? []).map((item) => {
    const { terms, within } = item.fields('a negation', { terms: '[never]', within: '3' });
    return { terms: readTerms(terms, reader), within: within.integer([0, 12]) ?? 0 };
  });
}

function readSets(value: PolicyValue): { name: string; terms: { value: PolicyValue; term: Term }[] }[] {
  return value.entries('the table of sets', { kin: '[wife, husband]' }).map(({ key, value: list }) => {
    const terms = (list.items('wife') ?? []).flatMap((item) => {
      const term = item.text();
      return term === undefined ? [] : [{ value: item, term }];
    });
    return { name: key, terms };
  });
}

/** Reads groups of characters with blanks between them; no character stands in two. */
function readSame(value: PolicyValue): string[] {
  const groups = (value.text() ?? '').split(/\s+/).filter((group) => group !== '');
  const seen = new Set<string>();
  for (const group of groups) {
    if (Array.from(group).length < 2) {
      value.refuseWithin(group, `"${group}" is alone; a group has two characters or more.`);
    }
    for (const sign of group) {
      if (seen.has(sign)) value.refuseWithin(group, `"${sign}" is given twice; keep one of them.`);
      seen.add(sign);
    }
  }
  return groups;
}

function refuseEqualIds(entries: readonly { value: PolicyValue; entry: { id: string | undefined } }[]): void {
  const seen = new Set<string>();
  for (const { value, entry } of entries) {
    if (entry.id === undefined) continue;
    if (seen.has(entry.id)) value.at('id', '').refuse(`The id "${entry.id}" is given twice; ids are unique.`);
    seen.add(entry.id);
  }
}

function contentOf(policyDir: string): string | null {
  try {
    const names = [...LANGUAGES, 'sources'];
    return names.map((name) => readFileSync(join(policyDir, 'words', `${name}.yaml`), 'utf8')).join('\u0000');
  } catch {
    // Reading it again will say what is wrong.
    return null;
  }
}
