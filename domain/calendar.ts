import { Temporal } from '@js-temporal/polyfill';
import { DomainError } from './errors.ts';
import {
  type Instant,
  type LocalDate,
  type LocalTime,
  type Zone,
  daysBetween,
  instantOf,
  plusDays,
} from './instant.ts';
import type { ContactWindow, Weekday } from './strategy.ts';

/** Public holidays of a jurisdiction, year by year. A year that is not here is unknown, not free of holidays. */
export interface Calendar {
  readonly id: string;
  readonly years: Readonly<Record<string, CalendarYear>>;
}

export interface CalendarYear {
  readonly version: string;
  readonly source: string;
  /** Days off that are not already a rest day of the window. */
  readonly holidays: Readonly<Record<LocalDate, string>>;
  /** Weekend days that are worked in exchange for a holiday. */
  readonly makeUpWorkdays: readonly LocalDate[];
}

/** How far ahead a permitted day is looked for before the window is called impossible. */
const SEARCH_LIMIT_DAYS = 31;
const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

// Portfolios ask for the same few hundred local times again and again, and zone arithmetic is slow.
// The cache holds pure results only and is emptied when full, so it can neither change an answer nor grow.
const CACHE_LIMIT = 20_000;
const cache = new Map<string, Instant>();

/**
 * The instant of a local time. In a gap (clocks forward) the later reading, in an overlap (clocks back) the earlier:
 * Temporal's `compatible` rule, as in RFC 5545.
 * @throws ZONE_UNKNOWN
 */
export function instantAt(date: LocalDate, time: LocalTime, zone: Zone): Instant {
  const key = `${date}T${time}[${zone}]`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (!isZone(zone)) throw new DomainError('ZONE_UNKNOWN', `"${zone}" is not a time zone.`);
  const zoned = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone, { disambiguation: 'compatible' });
  const instant = instantOf(zoned.epochMilliseconds);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, instant);
  return instant;
}

/** The day it is in a zone at an instant. @throws ZONE_UNKNOWN */
export function localDateOf(instant: Instant, zone: Zone): LocalDate {
  if (!isZone(zone)) throw new DomainError('ZONE_UNKNOWN', `"${zone}" is not a time zone.`);
  // A zone's day is the UTC one or a neighbour; comparing with cached midnights is far cheaper than converting.
  const utcDate = instant.slice(0, 10);
  if (instant < instantAt(utcDate, '00:00', zone)) return plusDays(utcDate, -1);
  // No zone is more than 14 hours ahead, so tomorrow begins nowhere before 10:00 UTC.
  if (instant.slice(11, 13) < '10') return utcDate;
  const tomorrow = plusDays(utcDate, 1);
  return instant < instantAt(tomorrow, '00:00', zone) ? utcDate : tomorrow;
}

const zones = new Map<string, boolean>();

/** Whether the text names a time zone that this machine knows. */
export function isZone(zone: string): boolean {
  let known = zones.get(zone);
  if (known === undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
      // Offsets such as +08:00 pass Intl but follow no law's summer time; names only.
      known = /^[A-Za-z]/.test(zone);
    } catch {
      known = false;
    }
    if (zones.size < 1_000) zones.set(zone, known);
  }
  return known;
}

/**
 * Whether a day is one on which contacts may be made.
 * @throws CALENDAR_YEAR_MISSING when holidays matter and the year is not in the table: unknown facts fail closed.
 */
export function isPermittedDay(date: LocalDate, window: ContactWindow, calendar: Calendar): boolean {
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  const restDay = weekday !== undefined && window.restDays.includes(weekday);
  if (!window.restOnHolidays) return !restDay;
  const year = calendar.years[date.slice(0, 4)];
  if (year === undefined) {
    throw new DomainError('CALENDAR_YEAR_MISSING', `Calendar ${calendar.id} has no year ${date.slice(0, 4)}.`);
  }
  if (Object.hasOwn(year.holidays, date)) return false;
  return !restDay || year.makeUpWorkdays.includes(date);
}

/**
 * The first instant, from the given one on, at which a contact is permitted by the window in the debtor's zone.
 * @throws ZONE_UNKNOWN, CALENDAR_YEAR_MISSING, CALENDAR_NO_PERMITTED_DAY
 */
export function firstPermittedFrom(from: Instant, window: ContactWindow, zone: Zone, calendar: Calendar): Instant {
  let date = localDateOf(from, zone);
  for (let day = 0; day < SEARCH_LIMIT_DAYS; day += 1, date = plusDays(date, 1)) {
    if (!isPermittedDay(date, window, calendar)) continue;
    const opensAt = instantAt(date, window.from, zone);
    if (from < opensAt) return opensAt;
    if (from < instantAt(date, window.to, zone)) return from;
  }
  throw new DomainError(
    'CALENDAR_NO_PERMITTED_DAY',
    `No permitted contact within ${SEARCH_LIMIT_DAYS} days from ${from} in calendar ${calendar.id}.`,
  );
}

/** Days past due on the debtor's calendar; negative before the due date. */
export function daysPastDue(dueOn: LocalDate, instant: Instant, zone: Zone): number {
  return daysBetween(dueOn, localDateOf(instant, zone));
}
