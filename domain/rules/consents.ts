import { CALL_CHANNELS, type ConsentKind, TALK_RESULTS, hasResult } from './facts.ts';
import type { ClearFrom, ContactTarget, Situation, TimedConsent, TimedEntry } from './situation.ts';

/** Consents of a kind that speak of such a contact; one limited to something that is not known does not. */
export function consentsTo(situation: Situation, kind: ConsentKind, target: ContactTarget): TimedConsent[] {
  return situation.consents.filter(
    (consent) =>
      consent.kind === kind &&
      (consent.channel === null || consent.channel === target.channel) &&
      (consent.debt === null || consent.debt === target.debt) &&
      (consent.number === null || consent.number === target.number),
  );
}

/** A stretch of time during which a consent stands; half-open. */
interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When a window does not bind, since the debtor agreed to be contacted outside of it. */
export function liftedPeriods(situation: Situation, kind: ConsentKind): Period[] {
  return consentsTo(situation, kind, situation.intent).map(({ atMs, untilMs }) => ({ fromMs: atMs, toMs: untilMs }));
}

/** When the intended call would be made with consent, and so is not judged by the number of calls. */
export function agreedPeriods(situation: Situation, days: number): Period[] {
  return callConsents(situation, days, situation.intent).map(({ fromMs, toMs, talkMs }) => ({
    fromMs,
    toMs: Math.min(toMs, talkMs),
  }));
}

/** Whether a call of the past was made with consent, and so does not count. */
export function wasAgreedTo(situation: Situation, days: number, { entry, atMs }: TimedEntry): boolean {
  return callConsents(situation, days, entry).some(
    ({ fromMs, toMs, talkMs }) => fromMs <= atMs && atMs < toMs && atMs <= talkMs,
  );
}

/** A rule that does not bind while a consent stands. */
export function unlessAgreed(periods: readonly Period[], clearFrom: ClearFrom): ClearFrom {
  if (periods.length === 0) return clearFrom;
  return (atMs) => {
    const standing = periods.filter(({ fromMs, toMs }) => fromMs < toMs && atMs < toMs);
    const agreedMs = Math.min(Number.POSITIVE_INFINITY, ...standing.map(({ fromMs }) => Math.max(fromMs, atMs)));
    return agreedMs === atMs ? atMs : Math.min(agreedMs, clearFrom(atMs));
  };
}

/** When an `extraCalls` consent stands, and the talk that uses it up. */
interface CallConsent extends Period {
  /** Infinity as long as there has been none. The call that led to the talk was still made with consent. */
  readonly talkMs: number;
}

/**
 * When calls about the target were agreed to beyond the usual number: for so many local days, the day of the consent
 * being the first, or until it is withdrawn, or until there is a talk about the debt.
 * @source 12 CFR 1006.14(b)(3)(i) and comment 14(b)(3)(i)-2.
 */
function callConsents(situation: Situation, days: number, target: ContactTarget): CallConsent[] {
  return consentsTo(situation, 'extraCalls', target).map(({ atMs, untilMs }) => {
    const lapsesMs = situation.clocks.map((clock) => clock.startOfDay(clock.dayAt(atMs) + days));
    const talks = situation.ledger.filter((talk) => talk.atMs > atMs && isTalkAbout(talk, target.debt));
    return {
      fromMs: atMs,
      toMs: Math.min(untilMs, ...lapsesMs),
      talkMs: Math.min(Number.POSITIVE_INFINITY, ...talks.map((talk) => talk.atMs)),
    };
  });
}

function isTalkAbout({ entry }: TimedEntry, debt: string | null): boolean {
  const isTalk = CALL_CHANNELS.includes(entry.channel) && hasResult(entry, TALK_RESULTS);
  return isTalk && entry.to === 'debtor' && (entry.debt === null || debt === null || entry.debt === debt);
}
