import { join } from 'node:path';
import { LEDGER_CHANNELS, type LedgerChannel } from '../domain/contact-ledger.ts';
import { QUESTION_KINDS, type ReviewQuestion } from '../domain/review-form.ts';
import type { SamplingPolicy } from '../domain/sampling.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import { readBasisPoints } from './percent-value.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';

const FIELDS = {
  version: '1',
  seed: 'kept-2026-1',
  shares: '{ call: 10, sms: 0.5, ... }',
  questions: '[{ id: tone, kind: rating, ... }]',
};
const QUESTION_FIELDS = {
  id: 'tone',
  kind: 'rating',
  of: '[call, visit]',
  zh: '语气如何？',
  en: 'How was the tone?',
};

/**
 * Which contacts are reviewed and what is asked about them, from `sampling.yaml`. Every channel has a share and at least
 * one question.
 * @throws FILE_UNREADABLE; SAMPLING_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadSampling(policyDir: string = POLICY_DIR): SamplingPolicy {
  const file = openPolicyFile(join(policyDir, 'sampling.yaml'));
  const fields = file.content.fields('the sampling of contacts', FIELDS);
  const draft: Draft<SamplingPolicy> = {
    version: fields.version.integer([1, 9_999]),
    seed: fields.seed.text(),
    shareBasisPoints: readShares(fields.shares),
    questions: readQuestions(fields.questions),
  };
  file.throwFaults('SAMPLING_INVALID');
  // Without a fault nothing of the draft is missing.
  return draft as SamplingPolicy;
}

function readShares(shares: PolicyValue): Draft<SamplingPolicy['shareBasisPoints']> {
  const examples = Object.fromEntries(LEDGER_CHANNELS.map((channel) => [channel, '0.5']));
  const fields = shares.fields('the table of shares', examples as Record<LedgerChannel, string>);
  return Object.fromEntries(LEDGER_CHANNELS.map((channel) => [channel, readBasisPoints(fields[channel])]));
}

function readQuestions(questions: PolicyValue): Draft<readonly ReviewQuestion[]> | undefined {
  const items = questions.items(QUESTION_FIELDS.id);
  const ids = new Set<string>();
  const read = items?.map((item): Draft<ReviewQuestion> => {
    const { id, kind, of, zh, en } = item.fields('a question', QUESTION_FIELDS);
    const name = id.name();
    if (name !== undefined && ids.has(name)) id.refuse(`"${name}" is used twice; give each question its own id.`);
    if (name !== undefined) ids.add(name);
    return {
      id: name,
      kind: kind.oneOf('a kind of question', QUESTION_KINDS),
      of: of.items('call')?.map((channel) => channel.oneOf('a channel', LEDGER_CHANNELS)),
      zh: zh.text(),
      en: en.text(),
    };
  });
  if (read === undefined) return undefined;
  const asked = new Set(read.flatMap(({ of }) => of ?? []));
  const silent = LEDGER_CHANNELS.filter((channel) => !asked.has(channel));
  if (silent.length > 0) questions.refuse(`Nothing is asked about ${silent.join(', ')}; name them under "of".`);
  return read;
}
