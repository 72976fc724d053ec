import { z } from 'zod';
import { isZone } from '../domain/calendar.ts';
import { isLocalDate, parseInstant } from '../domain/instant.ts';
import { isCurrency } from '../domain/money.ts';

/** Instants and dates outside are slips of the pen, such as 0206 for 2026. */
const FIRST_YEAR = '2000';
const LAST_YEAR = '2099';

/** Text that every part of the way can hold: no NUL, and no half of a character. */
export function text(length: { readonly min: number; readonly max: number }) {
  return z
    .string()
    .min(length.min)
    .max(length.max)
    .refine((value) => !/[\0\p{Cs}]/u.test(value), 'text in Unicode without NUL');
}

/** Ids travel into workflow ids, keys and logs, so they are opaque and plain. */
export const reference = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'a reference: 1 to 64 letters, digits and . _ : -')
  .meta({ examples: ['TW00001-1'] });
/** Id of a hold; one that was placed for many loans ends with the loan's, and is longer. */
export const placedHoldId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'the id of a hold: 1 to 128 letters, digits and . _ : -')
  .meta({ examples: ['hold-4711'] });
/** A safe integer, as `int` has it. */
export function minor(least?: number) {
  const whole = z.number().int();
  return (least === undefined ? whole : whole.min(least)).meta({
    description: 'In minor units, such as cents',
    examples: [68_900],
  });
}
export const amountMinor = minor(0);
export const currency = z
  .string()
  .refine(isCurrency, 'a currency code of ISO 4217 that Kept knows')
  .meta({ examples: ['TWD'] });
export const localDate = z
  .string()
  .refine((value) => isLocalDate(value) && isSensibleYear(value), 'an existing day, YYYY-MM-DD, from 2000 to 2099')
  .meta({ format: 'date', examples: ['2026-04-01'] });
export const instant = z
  .string()
  .max(40)
  .refine(isInstant, 'ISO 8601 with seconds and an offset, from 2000 to 2099')
  .meta({ format: 'date-time', examples: ['2026-04-02T12:06:05+08:00'] });

export const zone = z
  .string()
  .max(64)
  .refine(isZone, 'an IANA time zone')
  .meta({ examples: ['Asia/Taipei'] });
export const phoneNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'a phone number in E.164')
  .meta({ examples: ['+886900000001'] });
export const emailAddress = z
  .email()
  .max(254)
  .meta({ examples: ['debtor@example.com'] });
export const eventId = reference
  .meta({ examples: ['P00001-08'] })
  .describe('Unique for ever; the same id with the same content is the same event');
export const actor = reference.describe('Opaque id of a person, such as an agent').meta({ examples: ['agent-17'] });
/** An instant in an answer. */
export const instantOut = z.string().meta({ format: 'date-time' });

function isInstant(value: string): boolean {
  try {
    return isSensibleYear(parseInstant(value));
  } catch {
    return false;
  }
}

function isSensibleYear(value: string): boolean {
  const year = value.slice(0, 4);
  return year >= FIRST_YEAR && year <= LAST_YEAR && /^\d{4}-/.test(value);
}
