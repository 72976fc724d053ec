import { isZone } from '../calendar.ts';
import { DAY_MS, type LocalTime, MINUTE_MS, epochMsOf } from '../instant.ts';
import type { Consent, ContactChannel, Hold, IntentFacts, LedgerEntry } from './facts.ts';
import { EVERY_CLOCK, type ZoneClock, clockOf } from './zone-clock.ts';

/** Hours of the day in milliseconds after midnight; `toMs` may be the smaller one. */
export interface DailyHours {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A ledger entry with its instant as a number. */
export interface TimedEntry {
  readonly entry: LedgerEntry;
  readonly atMs: number;
}

export interface TimedConsent extends Consent {
  readonly atMs: number;
  /** Infinity while nobody has withdrawn it. */
  readonly untilMs: number;
}

/** What a contact is about and how it is made; a consent may be limited to any of it. */
export interface ContactTarget {
  readonly channel: ContactChannel;
  readonly debt: string | null;
  readonly number: string | null;
}

/**
 * When a rule is next clear, asked at an instant: that instant itself when the rule is kept, a later one before which it
 * cannot be clear, or Infinity when no passing of time clears it.
 */
export type ClearFrom = (atMs: number) => number;

/** The facts made ready for reckoning: instants as numbers, and the clocks of the places the debtor may be at. */
export interface Situation extends Omit<IntentFacts, 'ledger'> {
  readonly atMs: number;
  readonly clocks: readonly ZoneClock[];
  /** When false, `clocks` are those of every place on earth. */
  readonly isZoneKnown: boolean;
  readonly requests: readonly DailyHours[];
  readonly consents: readonly TimedConsent[];
  /** The holds that stop the intent's debt, if their reason counts. */
  readonly holds: readonly Hold[];
  readonly ledger: readonly TimedEntry[];
}

export function situationOf(facts: IntentFacts): Situation {
  const { debtor, holds, ledger, intent } = facts;
  const zones = new Set([...(debtor.zone === null ? [] : [debtor.zone]), ...debtor.zones]);
  // One place that cannot be found makes the whereabouts unknown: the debtor may be there.
  const isZoneKnown = zones.size > 0 && [...zones].every(isZone);
  return {
    debtor,
    intent,
    atMs: epochMsOf(intent.at),
    isZoneKnown,
    clocks: isZoneKnown ? [...zones].map(clockOf) : EVERY_CLOCK,
    requests: debtor.requests.map(({ notBetween: [from, to] }) => ({ fromMs: timeMs(from), toMs: timeMs(to) })),
    consents: debtor.consents.map((consent) => ({
      ...consent,
      atMs: epochMsOf(consent.at),
      untilMs: consent.until === null ? Number.POSITIVE_INFINITY : epochMsOf(consent.until),
    })),
    holds: holds.filter(({ debt }) => debt === null || debt === intent.debt),
    ledger: ledger.map((entry) => ({ entry, atMs: epochMsOf(entry.at) })),
  };
}

/** `HH:MM` as milliseconds after midnight; `24:00` is the end of the day. */
export function timeMs(time: LocalTime): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * MINUTE_MS;
}

/** A number of whole days of 24 hours as milliseconds. */
export function daysMs(days: number): number {
  return days * DAY_MS;
}

/**
 * The latest of the instants that the clocks give for a question. When the place is not known and some clock says
 * "later", nobody can tell when: Infinity.
 */
export function latestOnClocks(
  { clocks, isZoneKnown }: Situation,
  atMs: number,
  ask: (clock: ZoneClock, atMs: number) => number,
): number {
  let latestMs = atMs;
  for (const clock of clocks) {
    const clearMs = ask(clock, atMs);
    if (clearMs > latestMs) latestMs = clearMs;
    if (latestMs > atMs && !isZoneKnown) return Number.POSITIVE_INFINITY;
  }
  return latestMs;
}
