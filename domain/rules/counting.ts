import { agreedPeriods, unlessAgreed, wasAgreedTo } from './consents.ts';
import { type LedgerEntry, hasResult } from './facts.ts';
import type { CountCapRule, CountKey, TalkCooldownRule } from './rule-pack.ts';
import { type ClearFrom, type Situation, type TimedEntry, daysMs, latestOnClocks } from './situation.ts';
import type { ZoneClock } from './zone-clock.ts';

/**
 * Clear on a local day with room under the cap, the days before it included, or when the call would be made with
 * consent.
 *
 * Days are those of the calendar, as in the commentary on Regulation F: after calls from 1 to 7 April the next may be
 * made on 8 April, at whatever hour. Entries later on the intent's own day count too: they are attempts of that day.
 */
export function capClear(rule: CountCapRule, situation: Situation): ClearFrom {
  const { consentDays } = rule;
  const counted = countedEntries(rule, situation);
  const isExempt = (timed: TimedEntry) => consentDays !== null && wasAgreedTo(situation, consentDays, timed);
  const made = situation.consents.length === 0 ? counted : counted.filter((timed) => !isExempt(timed));
  return clearOf(rule, situation, { made, max: rule.max });
}

/**
 * Clear on a local day after the rest that follows a talk, or when the call would be made with consent. A talk in a
 * call that was agreed to starts a rest all the same.
 * @source 12 CFR 1006.14(b)(2)(i)(B) and comments 14(b)(2)(i)-1.ii and 14(b)(3)(i)-3.ii.
 */
export function cooldownClear(rule: TalkCooldownRule, situation: Situation): ClearFrom {
  return clearOf(rule, situation, { made: countedEntries(rule, situation), max: 1 });
}

function clearOf(
  rule: CountCapRule | TalkCooldownRule,
  situation: Situation,
  { made, max }: { readonly made: readonly TimedEntry[]; readonly max: number },
): ClearFrom {
  if (made.length < max) return (atMs) => atMs;
  const agreed = rule.consentDays === null ? [] : agreedPeriods(situation, rule.consentDays);
  const instants = made.map(({ atMs }) => atMs);
  return unlessAgreed(agreed, (atMs) =>
    latestOnClocks(situation, atMs, (clock) => roomFrom(clock, atMs, instants, { max, days: rule.periodDays })),
  );
}

/** The attempts that belong to the same count as the intent and may still matter at its instant. */
function countedEntries(rule: CountCapRule | TalkCooldownRule, situation: Situation): TimedEntry[] {
  // Two days more than the period: a local day may have 25 hours and begin half a day before UTC's.
  const oldestMs = situation.atMs - daysMs(rule.periodDays + 2);
  return situation.ledger.filter(({ entry, atMs }) => atMs >= oldestMs && counts(rule, entry, situation));
}

function counts(rule: CountCapRule | TalkCooldownRule, entry: LedgerEntry, situation: Situation): boolean {
  return (
    hasResult(entry, rule.results) &&
    rule.initiators.includes(entry.initiator) &&
    rule.channels.includes(entry.channel) &&
    rule.per.every((key) => agrees(key, entry, situation))
  );
}

/** Whether an entry agrees with the intent in a key. What the entry does not say may well be the same. */
function agrees(key: CountKey, entry: LedgerEntry, { intent }: Situation): boolean {
  const isSameNumber = entry.number === null || intent.number === null || entry.number === intent.number;
  switch (key) {
    case 'person':
      // There is one debtor; third parties are told apart by their number.
      return entry.to === intent.to && (intent.to === 'debtor' || isSameNumber);
    case 'debt':
      return entry.debt === null || entry.debt === intent.debt;
    case 'number':
      return isSameNumber;
    default:
      return key satisfies never;
  }
}

/** The first instant from `atMs` on that ends a run of `days` local days with fewer than `max` attempts. */
function roomFrom(
  clock: ZoneClock,
  atMs: number,
  attempts: readonly number[],
  { max, days }: { readonly max: number; readonly days: number },
): number {
  const attemptDays = attempts.map((attemptMs) => clock.dayAt(attemptMs));
  const isFull = (day: number) => attemptDays.filter((each) => each > day - days && each <= day).length >= max;
  const today = clock.dayAt(atMs);
  if (!isFull(today)) return atMs;
  let day = today + 1;
  while (isFull(day)) day += 1;
  return clock.startOfDay(day);
}
