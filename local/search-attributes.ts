/** The kinds of Temporal search attribute that Kept uses. */
export type SearchAttributeType = 'Keyword' | 'Datetime' | 'Int' | 'Bool';

/**
 * Every search attribute of a case, with its kind. They are stored in plain text and bypass the payload codec, so they
 * never hold personal data. SQL visibility has a fixed number of places in a namespace: Keyword 10, the others 3 each.
 */
export const SEARCH_ATTRIBUTES = {
  KeptStatus: 'Keyword',
  KeptStage: 'Keyword',
  KeptHoldReason: 'Keyword',
  KeptPortfolio: 'Keyword',
  KeptRegion: 'Keyword',
  KeptStrategy: 'Keyword',
  KeptNextActionAt: 'Datetime',
  KeptOverdueMinor: 'Int',
  KeptNeedsHuman: 'Bool',
} as const satisfies Readonly<Record<string, SearchAttributeType>>;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
