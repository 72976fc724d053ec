import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocateInOrder, assertMinor, formatMoney, isCurrency, minorDigitsOf } from '../../domain/money.ts';
import { FIXED_SEED } from '../support/events.ts';

describe('amounts', () => {
  test.each([0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('%d minor units are an amount', (amount) => {
    expect(assertMinor(amount)).toBe(amount);
  });

  test.each([0.5, 1e-9, Number.MAX_SAFE_INTEGER + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    '%d is not an amount, because JSON could not carry it exactly',
    (amount) => {
      expect(() => assertMinor(amount)).toThrow(expect.objectContaining({ code: 'MONEY_NOT_SAFE_INTEGER' }));
    },
  );
});

describe('currencies', () => {
  test.each([
    ['TWD', 2],
    ['CNY', 2],
    ['JPY', 0],
    ['VND', 0],
  ])('%s has %d digits after the point', (currency, digits) => {
    expect(isCurrency(currency)).toBe(true);
    expect(minorDigitsOf(currency)).toBe(digits);
  });

  test.each(['XXX', 'twd', '', 'constructor', '__proto__'])('"%s" is refused rather than guessed', (currency) => {
    expect(isCurrency(currency)).toBe(false);
    expect(() => minorDigitsOf(currency)).toThrow(expect.objectContaining({ code: 'CURRENCY_UNKNOWN' }));
  });
});

describe('money as people read it', () => {
  test.each([
    [123_450, 'TWD', 'NT$1,234.50'],
    [123_456_789_012, 'TWD', 'NT$1,234,567,890.12'],
    [5, 'CNY', '¥0.05'],
    [0, 'USD', '$0.00'],
    [-123_450, 'EUR', '-€1,234.50'],
    [1_234, 'JPY', 'JPY 1,234'],
    [99_999, 'INR', '₹999.99'],
    [100_000, 'MXN', 'MXN 1,000.00'],
  ])('%d minor units of %s are written %s', (amountMinor, currency, text) => {
    expect(formatMoney({ amountMinor, currency })).toBe(text);
  });

  test('an unknown currency is not written at all', () => {
    expect(() => formatMoney({ amountMinor: 1, currency: 'XXX' })).toThrow(
      expect.objectContaining({ code: 'CURRENCY_UNKNOWN' }),
    );
  });
});

describe('an allocation', () => {
  test('pays each claim in order and as far as the money goes', () => {
    expect(allocateInOrder(120, [50, 0, 100])).toEqual({ parts: [50, 0, 70], restMinor: 0 });
  });

  test('leaves over what nobody claims', () => {
    expect(allocateInOrder(200, [50, 100])).toEqual({ parts: [50, 100], restMinor: 50 });
    expect(allocateInOrder(7, [])).toEqual({ parts: [], restMinor: 7 });
  });

  test('gives nothing to a claim below nothing', () => {
    expect(allocateInOrder(30, [-10, 20])).toEqual({ parts: [0, 20], restMinor: 10 });
  });

  test('refuses amounts and claims that are not whole', () => {
    expect(() => allocateInOrder(1.5, [1])).toThrow(expect.objectContaining({ code: 'MONEY_NOT_SAFE_INTEGER' }));
    expect(() => allocateInOrder(1, [0.5])).toThrow(expect.objectContaining({ code: 'MONEY_NOT_SAFE_INTEGER' }));
  });

  test('returns every cent, pays no claim beyond it and none before an earlier one is paid', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 10_000_000 }),
        fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 6 }),
        (amount, claims) => {
          const { parts, restMinor } = allocateInOrder(amount, claims);
          expect(
            parts.reduce((sum, part) => sum + part, restMinor),
            `${amount} over ${claims.join()}`,
          ).toBe(amount);
          for (const [index, part] of parts.entries()) {
            expect(part).toBeGreaterThanOrEqual(0);
            expect(part).toBeLessThanOrEqual(claims[index] ?? 0);
            const later = parts.slice(index + 1).some((each) => each > 0) || restMinor > 0;
            if (later) expect(part, `claim ${index} of ${claims.join()} from ${amount}`).toBe(claims[index]);
          }
        },
      ),
      FIXED_SEED,
    );
  });
});
