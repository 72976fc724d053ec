import { join } from 'node:path';
import {
  DISCLOSURE_CHANNELS,
  DISCLOSURE_MESSAGES,
  type Disclosure,
  type DisclosurePack,
} from '../domain/wording-disclosures.ts';
import { glyphReader } from '../domain/wording-glyphs.ts';
import { readBothLanguages } from './lender-file.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';
import { type TermReader, readTerms } from './word-list-entry.ts';
import { loadWordLists } from './word-list-file.ts';
import { loadWordingSources, readSources } from './word-sources-file.ts';

const FIELDS = {
  id: 'opt-out',
  sources: "['1006.6(e)']",
  messages: 'every',
  why: '...',
  write: '{ zh: ..., en: ... }',
};
const MORE_FIELDS = {
  channels: '[sms, email]',
  kinds: '[demand]',
  names: '[optOut]',
  says: '{ zh: [停止], en: [reply stop] }',
};

/**
 * What messages have to say by each rule pack, from `words/disclosures.yaml`.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadDisclosures(policyDir: string = POLICY_DIR): ReadonlyMap<string, DisclosurePack> {
  const same = loadWordLists(policyDir).flatMap((list) => list.same);
  const terms: TermReader = { sets: {}, glyphsOf: glyphReader(same), sources: loadWordingSources(policyDir) };
  const file = openPolicyFile(join(policyDir, 'words', 'disclosures.yaml'));
  const fields = file.content.fields('the disclosures', { version: '1', packs: '{ us-regf: [...] }' });
  fields.version.integer([1, 9_999]);
  const packs = fields.packs.entries('the table of packs', { 'us-regf': '[...]' }).map(({ key, value }) => {
    const disclosures = (value.items('{ id: ... }') ?? []).map((item) => readDisclosure(item, terms));
    // Without a fault nothing is missing.
    return [key, { id: key, same, disclosures: disclosures as Disclosure[] }] as const;
  });
  file.throwFaults('TEMPLATE_INVALID');
  return new Map(packs);
}

function readDisclosure(value: PolicyValue, terms: TermReader) {
  const fields = value.fields('a disclosure', FIELDS, MORE_FIELDS);
  if (!fields.names.isGiven && !fields.says.isGiven) value.refuse('A disclosure needs "names" or "says", or both.');
  const says = fields.says.isGiven ? fields.says.fields('the words', { zh: '[停止]', en: '[reply stop]' }) : null;
  return {
    id: fields.id.name(),
    messages: fields.messages.oneOf('a kind of message', DISCLOSURE_MESSAGES),
    channels: list(fields.channels, 'sms', (item) => item.oneOf('a channel', DISCLOSURE_CHANNELS)),
    kinds: list(fields.kinds, 'demand', (item) => item.text()),
    names: list(fields.names, 'optOut', (item) => item.text()),
    says: { zh: says ? readTerms(says.zh, terms) : [], en: says ? readTerms(says.en, terms) : [] },
    why: fields.why.text(),
    write: readBothLanguages(fields.write, 'what to write'),
    sources: readSources(fields.sources, terms.sources),
  };
}

function list<T>(value: PolicyValue, example: string, read: (item: PolicyValue) => T): T[] {
  return value.isGiven ? (value.items(example) ?? []).map(read) : [];
}
