import { CaseAttributes } from '../workflows/search-attributes.ts';

/** The kinds of Temporal search attribute that Kept uses, as the server registers them. */
export type SearchAttributeType = 'Keyword' | 'Int' | 'Bool';

const TYPES = { KEYWORD: 'Keyword', INT: 'Int', BOOL: 'Bool' } as const;

/**
 * Every search attribute that cases write, by name, with its kind. SQL visibility has a fixed number of places in a
 * namespace: Keyword 10, the others 3 each.
 */
export const SEARCH_ATTRIBUTES: Readonly<Record<string, SearchAttributeType>> = Object.fromEntries(
  Object.values(CaseAttributes).map(({ name, type }) => [name, TYPES[type]]),
);
