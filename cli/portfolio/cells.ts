import { isValidPhoneNumber } from 'libphonenumber-js/min';
import { isZone } from '../../domain/calendar.ts';
import type { Language } from '../../domain/events.ts';
import { type Instant, type LocalDate, type Zone, isLocalDate, parseInstant } from '../../domain/instant.ts';
import { type Currency, isCurrency } from '../../domain/money.ts';
import { RowFault } from './rejects.ts';
import type { Row } from './table.ts';

/** Dates outside are slips of the pen, such as 0206 for 2026. */
const FIRST_YEAR = '2000';
const LAST_YEAR = '2099';
const REF = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const TEXT = /^[^\p{C}\uFFFD]{1,80}$/u;
const E164 = /^\+[1-9]\d{6,14}$/;
/** The rule of HTML for e-mail input, with a dot required in the domain. */
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})+$/;
const HISTORY = /^-?\d{1,15}(;-?\d{1,15})*$/;

/** An id that is safe in workflow ids, keys and CSV files. @throws RowFault */
export function refCell(row: Row, column: string): string {
  const text = row.cell(column);
  if (REF.test(text)) return text;
  throw new RowFault('ROW_INVALID', column, `${column} must be 1 to 64 letters, digits or . _ : -.`);
}

/** @throws RowFault */
export function textCell(row: Row, column: string): string {
  const text = row.cell(column);
  if (TEXT.test(text)) return text;
  throw new RowFault('ROW_INVALID', column, `${column} must be 1 to 80 characters of plain text in UTF-8.`);
}

/** An amount of at least `atLeast` minor units. @throws RowFault */
export function minorCell(row: Row, column: string, atLeast = 0): number {
  const text = row.cell(column);
  const amountMinor = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(amountMinor)) {
    const reason = `${column} must be a whole number of minor units, such as 120050.`;
    throw new RowFault('MONEY_NOT_SAFE_INTEGER', column, reason);
  }
  if (amountMinor >= atLeast) return amountMinor;
  const reason = atLeast > 0 ? `${column} must be at least ${atLeast}.` : `${column} must not be negative.`;
  throw new RowFault('ROW_INVALID', column, reason);
}

/** @throws RowFault */
export function wholeNumberCell(row: Row, column: string, range: { from: number; to: number }): number {
  const text = row.cell(column);
  const value = Number(text);
  if (/^-?\d{1,15}$/.test(text) && value >= range.from && value <= range.to) return value;
  throw new RowFault('ROW_INVALID', column, `${column} must be a whole number from ${range.from} to ${range.to}.`);
}

/** Degrees of WGS-84, up to `limit` either side of zero. @throws RowFault */
export function degreesCell(row: Row, column: string, limit: 90 | 180): number {
  const text = row.cell(column);
  const degrees = Number(text);
  if (/^-?\d{1,3}(\.\d{1,15})?$/.test(text) && Math.abs(degrees) <= limit) return degrees;
  throw new RowFault('ROW_INVALID', column, `${column} must be degrees from -${limit} to ${limit}, such as 25.0375.`);
}

/** Whole numbers by month, oldest first, with `;` between; may be empty. @throws RowFault */
export function historyCell(row: Row, column: string): string {
  const text = row.cell(column);
  if (text === '' || HISTORY.test(text)) return text;
  throw new RowFault('ROW_INVALID', column, `${column} must be whole numbers with ; between them.`);
}

/** @throws RowFault */
export function currencyCell(row: Row, column: string): Currency {
  const text = row.cell(column);
  if (isCurrency(text)) return text;
  throw new RowFault('CURRENCY_UNKNOWN', column, `${column} must be a known ISO 4217 code, such as TWD.`);
}

/** @throws RowFault */
export function dateCell(row: Row, column: string): LocalDate {
  const text = row.cell(column);
  const year = text.slice(0, 4);
  if (isLocalDate(text) && year >= FIRST_YEAR && year <= LAST_YEAR) return text;
  const reason = `${column} must be an existing day as YYYY-MM-DD from ${FIRST_YEAR} to ${LAST_YEAR}.`;
  throw new RowFault('DATE_INVALID', column, reason);
}

/** An instant written with its offset, as UTC. @throws RowFault */
export function instantCell(row: Row, column: string): Instant {
  const text = row.cell(column);
  const year = text.slice(0, 4);
  try {
    if (year >= FIRST_YEAR && year <= LAST_YEAR) return parseInstant(text);
  } catch {
    // The message of the domain repeats the text; this one must not.
  }
  const reason = `${column} must be an existing time with its offset, such as 2026-04-01T09:30:00+08:00.`;
  throw new RowFault('INSTANT_INVALID', column, reason);
}

/** @throws RowFault */
export function zoneCell(row: Row, column: string): Zone {
  const text = row.cell(column);
  if (isZone(text)) return text;
  throw new RowFault('ZONE_UNKNOWN', column, `${column} must be an IANA time zone, such as Asia/Taipei.`);
}

/** @throws RowFault */
export function languageCell(row: Row, column: string): Language {
  const text = row.cell(column);
  if (text === 'zh' || text === 'en') return text;
  throw new RowFault('ROW_INVALID', column, `${column} must be zh or en.`);
}

/** A phone number that its country's numbering plan knows; undefined when the loan system has none. @throws RowFault */
export function phoneCell(row: Row, column: string): string | undefined {
  const text = row.cell(column);
  if (text === '') return undefined;
  if (E164.test(text) && isValidPhoneNumber(text)) return text;
  throw new RowFault('ROW_INVALID', column, `${column} must be a valid number in E.164: + country code and digits.`);
}

/** Undefined when the loan system has none. @throws RowFault */
export function emailCell(row: Row, column: string): string | undefined {
  const text = row.cell(column);
  if (text === '') return undefined;
  if (EMAIL.test(text) && text.length <= 254) return text;
  throw new RowFault('ROW_INVALID', column, `${column} must be an e-mail address.`);
}
