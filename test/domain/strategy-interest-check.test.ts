import { describe, expect, test } from 'vitest';
import type { LateFee, PenaltyInterest } from '../../domain/accrual.ts';
import type { RateCap } from '../../domain/rules/rule-pack.ts';
import { type KnownPolicy, checkStrategy } from '../../domain/strategy-check.ts';
import { strategy } from '../support/strategy.ts';

function cap(id: string, yearlyBasisPoints: number, includesFees = false): RateCap {
  return { kind: 'rateCap', id, title: 'A cap', citation: 'A law', verified: 'U', yearlyBasisPoints, includesFees };
}

const CAPS: Readonly<Record<string, RateCap>> = {
  sixteen: cap('TW1', 1600),
  fifteen: cap('TW2', 1500),
  'all-in': cap('CN15', 2400, true),
};
const known: KnownPolicy = {
  calendars: new Set(['test']),
  rulePacks: new Set([...Object.keys(CAPS), 'silent']),
  rateCapOf: (pack) => CAPS[pack] ?? null,
  templates: new Map([['overdue-first', new Set(['sms'] as const)]]),
  agreementTemplates: new Set(),
  lacking: () => [],
};
const INTEREST: PenaltyInterest = { yearlyBasisPoints: 1500, on: 'principal', fromDay: 1 };
const FEE: LateFee = { amountMinor: 300_00, onDay: 3, everyDays: 30, atMostTimes: 3 };

/** `path (key): message` of every fault. */
function faultsOf(change: Partial<PenaltyInterest>, rulePacks = ['sixteen']): string[] {
  const given = strategy({ rulePacks, penaltyInterest: { ...INTEREST, ...change } });
  return checkStrategy(given, known).map(
    ({ path, at, message }) => `${path.join('.')}${at === 'key' ? ' (key)' : ''}: ${message}`,
  );
}

describe('The rate is held against the cap of every rule pack', () => {
  test('just below it, at it and just above it', () => {
    expect(faultsOf({ yearlyBasisPoints: 1599 })).toEqual([]);
    expect(faultsOf({ yearlyBasisPoints: 1600 })).toEqual([]);
    expect(faultsOf({ yearlyBasisPoints: 1601 })).toEqual([
      'penaltyInterest.yearlyBasisPoints: 16.01 % a year is above the 16 % of TW1 of "sixteen" (A law).',
    ]);
  });

  test('the strictest of several decides', () => {
    expect(faultsOf({ yearlyBasisPoints: 1550 }, ['sixteen', 'fifteen'])).toEqual([
      'penaltyInterest.yearlyBasisPoints: 15.5 % a year is above the 15 % of TW2 of "fifteen" (A law).',
    ]);
  });

  test('a pack that is silent lets nothing accrue, nor does a strategy without packs', () => {
    expect(faultsOf({}, ['sixteen', 'silent'])).toEqual([
      'penaltyInterest (key): Rule pack "silent" does not say how much may accrue, so nothing may; leave penaltyInterest out.',
    ]);
    expect(faultsOf({}, [])).toEqual([
      'penaltyInterest (key): Nothing may accrue without a rule pack that says how much; name one under rulePacks.',
    ]);
    expect(checkStrategy(strategy({ rulePacks: ['silent'] }), known)).toEqual([]);
  });

  test('a fixed fee stands beside a cap on interest, and not under one that counts fees', () => {
    expect(faultsOf({ lateFee: FEE })).toEqual([]);
    expect(faultsOf({ lateFee: FEE }, ['all-in'])).toEqual([
      'penaltyInterest.lateFee (key): Fees count toward the cap of CN15 of "all-in" (A law), and a fixed fee may be any rate; leave lateFee out.',
    ]);
    expect(faultsOf({}, ['all-in'])).toEqual([]);
  });
});

describe('bounds: the last good number and the first bad one', () => {
  test('of the first day', () => {
    for (const fromDay of [1, 90]) expect(faultsOf({ fromDay })).toEqual([]);
    for (const fromDay of [0, 91]) {
      expect(faultsOf({ fromDay })).toEqual([`penaltyInterest.fromDay: ${fromDay} is outside of 1 to 90.`]);
    }
  });

  test.each([
    ['onDay', 1, 365],
    ['everyDays', 1, 365],
    ['atMostTimes', 1, 12],
  ] as const)('of %s of a fee', (key, least, most) => {
    for (const value of [least, most]) expect(faultsOf({ lateFee: { ...FEE, [key]: value } })).toEqual([]);
    for (const value of [least - 1, most + 1]) {
      expect(faultsOf({ lateFee: { ...FEE, [key]: value } })).toEqual([
        `penaltyInterest.lateFee.${key}: ${value} is outside of ${least} to ${most}.`,
      ]);
    }
  });

  test('a rate and a fee are of something', () => {
    expect(faultsOf({ yearlyBasisPoints: 0, lateFee: { ...FEE, amountMinor: 0 } })).toEqual([
      'penaltyInterest.yearlyBasisPoints: A rate of nothing is none; leave penaltyInterest out.',
      'penaltyInterest.lateFee.amountMinor: A fee of nothing is none; leave lateFee out.',
    ]);
  });
});
