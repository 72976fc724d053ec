import { epochMsOf } from '../instant.ts';
import { consentsTo } from './consents.ts';
import { CALL_CHANNELS, type Hold } from './facts.ts';
import type { ConsentGateRule, HoldGateRule, ThirdPartyGateRule } from './rule-pack.ts';
import { type ClearFrom, type Situation, daysMs } from './situation.ts';

/** Clear when no hold is in force; Infinity while one is that has no end. */
export function holdsClear(rule: HoldGateRule, situation: Situation): ClearFrom {
  const holds = situation.holds
    .filter(({ reason }) => rule.reasons.includes(reason))
    .map((hold) => ({ fromMs: epochMsOf(hold.from), toMs: endOf(hold, rule) }));
  return (atMs) =>
    holds.reduce((latestMs, { fromMs, toMs }) => (fromMs <= atMs ? Math.max(latestMs, toMs) : latestMs), atMs);
}

function endOf(hold: Hold, rule: HoldGateRule): number {
  if (rule.daysAfterTreatment !== null) {
    if (hold.treatmentEnd === null) return Number.POSITIVE_INFINITY;
    return epochMsOf(hold.treatmentEnd) + daysMs(rule.daysAfterTreatment);
  }
  const toMs = hold.to === null ? Number.POSITIVE_INFINITY : epochMsOf(hold.to);
  return rule.longestDays === null ? toMs : Math.min(toMs, epochMsOf(hold.from) + daysMs(rule.longestDays));
}

/** Whether the debtor does not want to be contacted on the intent's channel. "Stop calling" is said to machines too. */
export function isOptedOut({ debtor, intent }: Situation): boolean {
  if (debtor.optOuts.includes(intent.channel)) return true;
  return CALL_CHANNELS.includes(intent.channel) && debtor.optOuts.includes('call');
}

/** Whether the intent goes to somebody who may not be contacted instead of the debtor. */
export function isWrongPerson(rule: ThirdPartyGateRule, { debtor, intent }: Situation): boolean {
  if (intent.to === 'debtor') return false;
  return !rule.permittedWhenUnreachable || !debtor.unreachable || intent.thirdPartyRefused;
}

/**
 * Clear while a consent to the channel stands that is at most `maxAgeDays` times 24 hours old. Time alone brings none,
 * so otherwise Infinity.
 */
export function consentClear(rule: ConsentGateRule, situation: Situation): ClearFrom {
  const maxAgeMs = rule.maxAgeDays === null ? Number.POSITIVE_INFINITY : daysMs(rule.maxAgeDays);
  const consents = consentsTo(situation, rule.consent, situation.intent);
  return (nowMs) => {
    const isGiven = consents.some(({ atMs, untilMs }) => atMs <= nowMs && nowMs < untilMs && nowMs - atMs <= maxAgeMs);
    return isGiven ? nowMs : Number.POSITIVE_INFINITY;
  };
}
