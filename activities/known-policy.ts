import type { KnownPolicy } from '../domain/strategy-check.ts';
import { calendarIds } from './calendar-file.ts';
import { POLICY_DIR } from './policy-file.ts';
import { loadRulePack, rulePackIds } from './rule-pack-file.ts';
import { speaksOfAgreement } from './template-file.ts';
import { lackingIn } from './template-disclosures.ts';
import { type Templates, loadTemplates } from './templates.ts';

/**
 * The calendars, rule packs and messages that strategies of a policy folder may name.
 * Rule packs are read when a strategy is held against them; one with faults is a RULE_PACK_INVALID then.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID
 */
export function knownPolicy(
  policyDir: string = POLICY_DIR,
  templates: Templates = loadTemplates(policyDir),
): KnownPolicy {
  return {
    calendars: calendarIds(policyDir),
    rulePacks: new Set(rulePackIds(policyDir)),
    rateCapOf: (pack) => loadRulePack(pack, policyDir).rateCap ?? null,
    templates: new Map([...templates.byName].map(([name, { channels }]) => [name, new Set(channels.keys())])),
    agreementTemplates: new Set([...templates.byName.values()].filter(speaksOfAgreement).map(({ name }) => name)),
    lacking: lackingIn(templates, policyDir),
  };
}
