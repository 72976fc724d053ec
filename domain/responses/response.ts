import type { Receipt } from '../agreement.ts';
import { type Calendar, firstPermittedFrom, instantAt, localDateOf } from '../calendar.ts';
import { DomainError } from '../errors.ts';
import { type Instant, type LocalDate, type LocalTime, MINUTE_MS, type Zone, plusDays, plusMs } from '../instant.ts';
import type { ContactWindow } from '../strategy.ts';
import type { Deed } from './deeds.ts';
import { drawn } from './dice.ts';
import { ALWAYS, type Odds, type Range, type ResponseKind, type ResponseModel } from './model.ts';

/** What stays the same over the life of a loan. */
export interface LoanFacts {
  readonly loanRef: string;
  readonly debtorRef: string;
  readonly zone: Zone;
  readonly window: ContactWindow;
  readonly calendar: Calendar;
  /** Money that comes in over the whole life of the loan, in order: what honest debtors know of and nobody else. */
  readonly payments: readonly Receipt[];
}

/** What a debtor does about a deed, and when; how much and by when is decided by how the case stands then. */
export interface Response {
  readonly deed: Deed;
  /** A whole minute. */
  readonly at: Instant;
  /** Whether the debtor was met, on a call or a visit. */
  readonly isReached: boolean;
  /** Null: nothing. */
  readonly kind: ResponseKind | null;
}

/** Nobody responds sooner. */
const LEAST_DELAY_MS = 15 * MINUTE_MS;
const RESPONSE_KINDS: readonly ResponseKind[] = ['promise', 'plan', 'call', 'optOut'];

/**
 * What a debtor does about a deed: drawn by the loan and the deed alone, so the same whatever else happens and in whatever
 * order. Null: nothing at all. A call or a visit takes place in any case, unless no hour permits one.
 * @throws ZONE_UNKNOWN
 */
export function responseTo(model: ResponseModel, deed: Deed, facts: LoanFacts): Response | null {
  const odds = model.after[deed.kind];
  if (!odds) return null;
  const draw = drawOf(model, deed, facts);
  const isReached = draw('reached', [0, ALWAYS - 1]) < odds.reached;
  const kind = isReached ? kindOf(odds, draw('response', [0, ALWAYS - 1])) : null;
  if (kind === null && deed.taskId === null) return null;
  const wanted = instantOfResponse(model, odds, deed, facts);
  const at = deed.taskId === null ? wanted : officeHourFrom(wanted, facts);
  return at === null ? null : { deed, at, isReached, kind };
}

/** The draws about one deed, by what each decides. */
export function drawOf(
  { seed }: ResponseModel,
  { key }: Deed,
  { loanRef }: Pick<LoanFacts, 'loanRef'>,
): (purpose: string, range: Range) => number {
  return (purpose, range) => drawn({ seed, loanRef, deed: key, purpose }, range);
}

function kindOf({ chances }: Odds, roll: number): ResponseKind | null {
  let before = 0;
  for (const kind of RESPONSE_KINDS) {
    before += chances[kind];
    if (roll < before) return kind;
  }
  return null;
}

/** A minute of the hours in which people respond, on a day that is drawn; a day later when it is over by then. */
function instantOfResponse(model: ResponseModel, odds: Odds, deed: Deed, facts: LoanFacts): Instant {
  const draw = drawOf(model, deed, facts);
  const minutes = minutesBetween(model.hours.from, model.hours.to);
  const minute = draw('minute', [0, minutes - 1]);
  const date = plusDays(localDateOf(deed.at, facts.zone), draw('day', [0, odds.withinDays]));
  const onDay = (day: LocalDate) => plusMs(instantAt(day, model.hours.from, facts.zone), minute * MINUTE_MS);
  const soonest = plusMs(deed.at, LEAST_DELAY_MS);
  return onDay(date) >= soonest ? onDay(date) : onDay(plusDays(date, 1));
}

/** People call and visit in the hours of the strategy; null when the calendar knows none. */
function officeHourFrom(wanted: Instant, { window, zone, calendar }: LoanFacts): Instant | null {
  try {
    return firstPermittedFrom(wanted, window, zone, calendar);
  } catch (error) {
    if (error instanceof DomainError && error.code.startsWith('CALENDAR_')) return null;
    throw error;
  }
}

function minutesBetween(from: LocalTime, to: LocalTime): number {
  const minuteOf = (time: LocalTime) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return minuteOf(to) - minuteOf(from);
}
