import { Temporal } from '@js-temporal/polyfill';
import type { AgreementKind } from '../../domain/agreement.ts';
import type { Instant, LocalDate, Zone } from '../../domain/instant.ts';
import { type Currency, formatMoney, minorDigitsOf } from '../../domain/money.ts';
import type { CaseOutcome } from '../../domain/run-result.ts';
import { CHANNELS, type Channel } from '../../domain/strategy.ts';
import type { AgreementEnd } from './agreement-figures.ts';

export const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  push: 'App push',
  voice: 'Voice call',
};

export const OUTCOME_NAMES: Readonly<Record<CaseOutcome, string>> = {
  cured: 'cured',
  paidInFull: 'paid in full',
  settled: 'settled',
  legalHandoff: 'handed to lawyers',
  writtenOff: 'written off',
  recalled: 'recalled',
  open: 'still open',
};

export const AGREEMENT_NAMES: Readonly<Record<AgreementKind, readonly [one: string, many: string]>> = {
  promise: ['Promise', 'Promises'],
  plan: ['Plan', 'Plans'],
  settlement: ['Settlement', 'Settlements'],
};

export const AGREEMENT_END_NAMES: Readonly<Record<AgreementEnd, string>> = {
  kept: 'kept',
  partlyKept: 'kept in part',
  broken: 'broken',
  open: 'open',
  otherwise: 'replaced or cancelled',
};

const TASK_NAMES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  agentCall: ['call', 'calls'],
  fieldVisit: ['visit', 'visits'],
  legalReferral: ['legal referral', 'legal referrals'],
  review: ['review', 'reviews'],
  contactOutcome: ['contact to clear up', 'contacts to clear up'],
  calendarMissing: ['calendar to complete', 'calendars to complete'],
};

/** Why a contact was not made, in words; a rule that is not here is shown by its own name. */
const REASON_NAMES: Readonly<Record<string, string>> = {
  balanceCleared: 'nothing was due any more',
  caseClosed: 'the case was closed',
  zoneUnknown: 'hour at the debtor’s unknown',
  addressMissing: 'no address on the channel',
  calendarUnknown: 'holidays of the year unknown',
  contactWindow: 'outside the permitted hours',
  debtorBudget: 'debtor’s limit for the day reached',
  optedOut: 'debtor wants none on the channel',
  tooLate: 'no longer worth sending',
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MINUTES_AN_HOUR = 60;
const MINUTES_A_DAY = 1_440;

/** `12,345`; the same on every machine. */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 loan`, `200 loans`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `56 SMS, 46 E-mail`; channels by which nothing was sent are left out. */
export function channelCounts(sentBy: Readonly<Record<Channel, number>>): string {
  return CHANNELS.filter((channel) => sentBy[channel] > 0)
    .map((channel) => `${count(sentBy[channel])} ${CHANNEL_NAMES[channel]}`)
    .join(', ');
}

/** `42.0%`; of nothing, a dash. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)}%`;
}

export function taskCount(task: string, value: number): string {
  const [one, many] = TASK_NAMES[task] ?? [task, task];
  return counted(value, one, many);
}

/** The rules that suppressed a contact, `;` between them. */
export function reasonName(reason: string): string {
  return reason
    .split(';')
    .map((rule) => REASON_NAMES[rule] ?? rule)
    .join(', ');
}

/** `2026-04` or a day in it as `Apr 2026`. */
export function monthName(date: string): string {
  return `${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;
}

/** `1 Apr 2026`. */
export function dayName(date: LocalDate): string {
  return `${Number(date.slice(8))} ${monthName(date)}`;
}

/** `3 Apr 2026, 10:00`. */
export function momentName(instant: Instant, zone: Zone): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${dayName(local.toPlainDate().toString())}, ${time}`;
}

/** `day 3`, `day −3`, with a true minus. */
export function dayNumber(day: number): string {
  return day < 0 ? `day −${-day}` : `day ${day}`;
}

/** `day 3`, `days −3 to −1`. */
export function dayRange(first: number, last: number): string {
  return first === last
    ? dayNumber(first)
    : `${dayNumber(first).replace('day', 'days')} to ${dayNumber(last).slice(4)}`;
}

/** `47 minutes`, `3 hours`, `12 days`, each rounded down. */
export function durationName(minutes: number): string {
  if (minutes < 2 * MINUTES_AN_HOUR) return counted(Math.floor(minutes), 'minute');
  if (minutes < 2 * MINUTES_A_DAY) return counted(Math.floor(minutes / MINUTES_AN_HOUR), 'hour');
  return counted(Math.floor(minutes / MINUTES_A_DAY), 'day');
}

/** The exact amount, without the decimals when they are zero: `NT$1,234`, `NT$1,234.50`. */
export function exactMoney(amountMinor: number, currency: Currency): string {
  return formatMoney({ amountMinor, currency }).replace(/\.0+$/, '');
}

/** `NT$1.2m`, for axes. */
export function shortMoney(amountMinor: number, currency: Currency): string {
  const symbol = formatMoney({ amountMinor: 0, currency }).replace(/[\d.]+$/, '');
  const amount = amountMinor / 10 ** minorDigitsOf(currency);
  const [divisor, suffix] =
    amount >= 1e9 ? [1e9, 'bn'] : amount >= 1e6 ? [1e6, 'm'] : amount >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${symbol}${Number((amount / divisor).toPrecision(3))}${suffix}`;
}
