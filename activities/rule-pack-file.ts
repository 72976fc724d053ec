import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../domain/did-you-mean.ts';
import { DomainError } from '../domain/errors.ts';
import type { RateCap, Rule, RulePack } from '../domain/rules/rule-pack.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import { POLICY_DIR, PolicyFile, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';
import { readEntry } from './rule-value.ts';

const PACK_FIELDS = {
  pack: 'us-regf',
  version: '1',
  title: 'United States, Regulation F',
  rules: '[{ id: US1, kind: dailyWindow, ... }]',
};

/** Both inclusive. */
const VERSIONS = [1, 9_999] as const;

/** Ids of the packs in the policy folder. */
export function rulePackIds(policyDir: string = POLICY_DIR): string[] {
  return readdirSync(join(policyDir, 'rules'))
    .flatMap((name) => /^([a-z][a-z0-9-]*)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();
}

/**
 * Loads a rule pack from `rules/<id>.yaml`; see docs/rules.md for the format.
 * @throws FILE_UNREADABLE; RULE_PACK_INVALID when there is no such pack or its file has faults, each on its own line as
 * `file:line:column: message`.
 */
export function loadRulePack(id: string, policyDir: string = POLICY_DIR): RulePack {
  const ids = rulePackIds(policyDir);
  if (!ids.includes(id)) {
    throw new DomainError('RULE_PACK_INVALID', `There is no rule pack "${id}".${didYouMean(id, ids, 'Packs')}`);
  }
  return packOf(openPolicyFile(join(policyDir, 'rules', `${id}.yaml`)), id);
}

/**
 * Reads the text of a rule pack.
 * @param fileName the name that messages show.
 * @throws RULE_PACK_INVALID
 */
export function parseRulePack(yamlText: string, fileName: string): RulePack {
  return packOf(new PolicyFile(yamlText, fileName), null);
}

function packOf(file: PolicyFile, fileId: string | null): RulePack {
  const fields = file.content.fields('a rule pack', PACK_FIELDS);
  const values = fields.rules.items('{ id: US1, kind: dailyWindow, ... }');
  const entries = (values ?? []).map((value) => ({ value, rule: readEntry(value) }));
  const [cap, secondCap] = entries.flatMap(({ value, rule }) => (isRateCap(rule) ? [{ value, rule }] : []));
  secondCap?.value.refuse('A pack has one cap on interest; keep the lower one.');
  const pack: Draft<RulePack> = {
    id: fields.pack.name(),
    version: fields.version.integer(VERSIONS),
    title: fields.title.text(),
    rules: entries.flatMap(({ rule }) => (isRateCap(rule) ? [] : [rule])),
    ...(cap && { rateCap: cap.rule }),
  };
  if (fileId !== null && pack.id !== undefined && pack.id !== fileId) {
    fields.pack.refuse(`The file is named for pack "${fileId}" and says "${pack.id}"; make them agree.`);
  }
  if (values?.length === 0) {
    fields.rules.refuse('A pack without rules would allow everything; write one rule or more.');
  }
  refuseTwins(entries);
  file.throwFaults('RULE_PACK_INVALID');
  // Without a fault nothing of the draft is missing.
  return pack as RulePack;
}

function isRateCap(rule: Draft<Rule> | Draft<RateCap>): rule is Draft<RateCap> {
  return rule.kind === 'rateCap';
}

/** Two entries of one id are parts of a rule and differ in kind; the same part twice is a slip. */
function refuseTwins(entries: readonly { readonly value: PolicyValue; readonly rule: Draft<Rule> | Draft<RateCap> }[]) {
  const seen = new Set<string>();
  for (const { value, rule } of entries) {
    if (rule.id === undefined || isRateCap(rule)) continue;
    const part = `${rule.id} as ${rule.kind}`;
    if (seen.has(part)) value.refuse(`${part} stands above already; keep one of them.`);
    seen.add(part);
  }
}
