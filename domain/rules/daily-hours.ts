import { liftedPeriods, unlessAgreed } from './consents.ts';
import type { DailyWindowRule } from './rule-pack.ts';
import { type ClearFrom, type DailyHours, type Situation, daysMs, latestOnClocks, timeMs } from './situation.ts';

/** Clear inside the window on every clock, or when the debtor has agreed to be contacted outside of it. */
export function windowClear(rule: DailyWindowRule, situation: Situation): ClearFrom {
  const fromMs = timeMs(rule.permittedFrom);
  const toMs = timeMs(rule.permittedTo);
  const lifted = rule.liftedBy === null ? [] : liftedPeriods(situation, rule.liftedBy);
  return unlessAgreed(lifted, (atMs) =>
    latestOnClocks(situation, atMs, (clock) => clock.firstBetween(atMs, fromMs, toMs)),
  );
}

/** Clear outside of all hours at which the debtor asked to be left alone, on every clock. */
export function requestsClear(situation: Situation): ClearFrom {
  return (atMs) =>
    situation.requests.reduce((latestMs, hours) => Math.max(latestMs, outsideFrom(hours, situation, atMs)), atMs);
}

function outsideFrom({ fromMs, toMs }: DailyHours, situation: Situation, atMs: number): number {
  const isWholeDay = toMs - fromMs === daysMs(1);
  if (isWholeDay) return Number.POSITIVE_INFINITY;
  return latestOnClocks(situation, atMs, (clock) => clock.firstBetween(atMs, toMs, fromMs));
}
