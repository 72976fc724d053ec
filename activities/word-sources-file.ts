import { join } from 'node:path';
import { didYouMean } from '../domain/did-you-mean.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';

/** A rule or law that forbids or demands words. */
export interface WordingSource {
  readonly text: string;
  /** V: read in the rule itself. S: in a secondary source. U: not at all. */
  readonly verified: 'V' | 'S' | 'U';
}

/** Sources by their id. */
export type WordingSources = ReadonlyMap<string, WordingSource>;

/**
 * The rules and laws that word lists and disclosures refer to, from `words/sources.yaml`.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadWordingSources(policyDir: string = POLICY_DIR): WordingSources {
  const file = openPolicyFile(join(policyDir, 'words', 'sources.yaml'));
  const example = "{ text: '12 CFR 1006.18(b)', verified: V }";
  const sources = file.content.entries('the table of sources', { CN7: example }).map(({ key, value }) => {
    const { text, verified } = value.fields('a source', { text: 'the rule and where it was read', verified: 'S' });
    return [key, { text: text.text(), verified: verified.oneOf('a mark', ['V', 'S', 'U']) }] as const;
  });
  file.throwFaults('TEMPLATE_INVALID');
  // Without a fault nothing is missing.
  return new Map(sources) as WordingSources;
}

/** Reads a list of ids of sources. */
export function readSources(value: PolicyValue, sources: WordingSources): string[] {
  return (value.items('CN7') ?? []).flatMap((item) => {
    const id = item.text();
    if (id === undefined) return [];
    if (!sources.has(id)) {
      item.refuse(`There is no source "${id}" in sources.yaml.${didYouMean(id, sources.keys(), 'Sources')}`);
    }
    return [id];
  });
}
