import { DomainError } from './errors.ts';

/**
 * Digits after the decimal point by ISO 4217 currency (list one, 2024-06-25).
 * A currency that is not here is refused rather than guessed.
 */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  CNY: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  IDR: 2,
  INR: 2,
  JPY: 0,
  KRW: 0,
  MXN: 2,
  MYR: 2,
  PHP: 2,
  SGD: 2,
  THB: 2,
  TWD: 2,
  USD: 2,
  VND: 0,
};

export type Currency = string;

/** An amount of money: `amountMinor` is a safe integer in the currency's minor unit (cents). */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

export function isCurrency(code: string): boolean {
  return Object.hasOwn(MINOR_DIGITS, code);
}

/**
 * Digits after the decimal point in amounts of a currency.
 * @throws CURRENCY_UNKNOWN
 */
export function minorDigitsOf(currency: Currency): number {
  const digits = isCurrency(currency) ? MINOR_DIGITS[currency] : undefined;
  if (digits === undefined) throw new DomainError('CURRENCY_UNKNOWN', `Currency ${currency} is not known.`);
  return digits;
}

/** @throws MONEY_NOT_SAFE_INTEGER when the value is not a whole number that JSON can carry exactly. */
export function assertMinor(amountMinor: number): number {
  if (!Number.isSafeInteger(amountMinor)) {
    throw new DomainError('MONEY_NOT_SAFE_INTEGER', `${amountMinor} is not a whole number of minor units.`);
  }
  return amountMinor;
}

/**
 * Spreads an amount over claims in the given order, each up to what it claims.
 * @returns the part of each claim in the same order, and what is left over; parts + rest = amount, to the cent.
 */
export function allocateInOrder(
  amountMinor: number,
  claimsMinor: readonly number[],
): { parts: number[]; restMinor: number } {
  let restMinor = assertMinor(amountMinor);
  const parts = claimsMinor.map((claim) => {
    const part = Math.min(Math.max(assertMinor(claim), 0), restMinor);
    restMinor -= part;
    return part;
  });
  return { parts, restMinor };
}

/**
 * An amount in equal parts that add up to it: they differ by one minor unit at most, the larger ones first.
 * @throws MONEY_NOT_SAFE_INTEGER
 */
export function splitEvenly(amountMinor: number, count: number): number[] {
  const part = Math.floor(assertMinor(amountMinor) / count);
  const larger = amountMinor - part * count;
  return Array.from({ length: count }, (_, index) => (index < larger ? part + 1 : part));
}

/**
 * The amount as people read it, such as `NT$1,234.50` or `¥1,234.50`; pure, so the same on every machine.
 * @throws CURRENCY_UNKNOWN
 */
export function formatMoney({ amountMinor, currency }: Money): string {
  const digits = minorDigitsOf(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(assertMinor(amountMinor))).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${sign}${SYMBOLS[currency] ?? `${currency} `}${whole}${fraction}`;
}

const SYMBOLS: Readonly<Record<string, string>> = { CNY: '¥', EUR: '€', GBP: '£', INR: '₹', TWD: 'NT$', USD: '$' };
