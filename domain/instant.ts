import { DomainError } from './errors.ts';

/** A point in time as `YYYY-MM-DDTHH:mm:ss.sssZ`: always UTC, always milliseconds, so plain `<` compares instants. */
export type Instant = string;

/** A day as `YYYY-MM-DD`, in whatever zone the context names. */
export type LocalDate = string;

/** A time of day as `HH:MM`, 24 hours. */
export type LocalTime = string;

/** An IANA time zone name, such as `Asia/Taipei`. */
export type Zone = string;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

export function instantOf(epochMs: number): Instant {
  return new Date(epochMs).toISOString();
}

export function epochMsOf(instant: Instant): number {
  return Date.parse(instant);
}

export function plusMs(instant: Instant, durationMs: number): Instant {
  return durationMs === 0 ? instant : instantOf(epochMsOf(instant) + durationMs);
}

/**
 * Reads ISO 8601 with an offset into an `Instant`.
 * @throws INSTANT_INVALID when there is no offset or no such time.
 */
export function parseInstant(text: string): Instant {
  const epochMs = WITH_OFFSET.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse rolls 30 February over into March; the day must come back as it was written.
  if (Number.isNaN(epochMs) || !isLocalDate(text.slice(0, 10))) {
    throw new DomainError('INSTANT_INVALID', `"${text}" is not an instant.`);
  }
  return instantOf(epochMs);
}

/** Whether the text is an existing day written `YYYY-MM-DD`. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(epochMs) && instantOf(epochMs).startsWith(text);
}

/** Calendar arithmetic on days alone: `plusDays('2026-02-27', 2)` is `'2026-03-01'`. */
export function plusDays(date: LocalDate, days: number): LocalDate {
  // Every month has 28 days: most sums stay within one and need no calendar. Planning does millions of them.
  const day = Number(date.slice(8)) + days;
  if (day >= 1 && day <= 28) return `${date.slice(0, 8)}${day < 10 ? '0' : ''}${day}`;
  return instantOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).slice(0, 10);
}

/** Whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}

/** The instant with whole seconds, as the CSV files print it: `2026-04-01T02:00:00Z`. */
export function toSeconds(instant: Instant): string {
  return `${instant.slice(0, 19)}Z`;
}

/** The later of two instants. */
export function laterOf(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
