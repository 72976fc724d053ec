import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { INTEREST_BASES } from '../../domain/accrual.ts';
import type { FrozenRange } from '../../domain/accrual-days.ts';
import type { BalanceTerms } from '../../domain/balance-terms.ts';
import { balanceOf } from '../../domain/balance.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { plusDays, plusMs } from '../../domain/instant.ts';
import { COMPONENTS } from '../../domain/strategy.ts';
import { FIXED_SEED, adjusted, components, dueSoon, paid, reversed, statement, taipei } from '../support/events.ts';

const START = taipei('2027-12-01 00:00');
const HOUR_MS = 3_600_000;
const LAST_HOUR = 24 * 300;
const END_ON = '2028-12-31';

const anyHour = fc.integer({ min: 1, max: LAST_HOUR }).map((hours) => plusMs(START, hours * HOUR_MS));
const anyDay = fc.integer({ min: 0, max: 300 }).map((days) => plusDays('2027-12-01', days));
const amount = (max: number) => fc.oneof(fc.constant(0), fc.integer({ min: 0, max }));

const anyTerms: fc.Arbitrary<BalanceTerms & Required<Pick<BalanceTerms, 'frozen'>>> = fc.record({
  allocation: fc.shuffledSubarray([...COMPONENTS], { minLength: COMPONENTS.length }),
  penaltyInterest: fc.record(
    {
      yearlyBasisPoints: fc.integer({ min: 1, max: 3_600 }),
      on: fc.constantFrom(...INTEREST_BASES),
      fromDay: fc.integer({ min: 1, max: 10 }),
      lateFee: fc.record({
        amountMinor: fc.integer({ min: 1, max: 50_000 }),
        onDay: fc.integer({ min: 1, max: 30 }),
        everyDays: fc.integer({ min: 1, max: 40 }),
        atMostTimes: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { requiredKeys: ['yearlyBasisPoints', 'on', 'fromDay'] },
  ),
  frozen: fc.array(fc.record({ from: anyDay, to: fc.option(anyDay, { nil: null }) }), { maxLength: 3 }),
});
const stated = fc
  .tuple(amount(2_000_000), amount(50_000))
  .map(([principal, interest]) =>
    dueSoon(START, statement({ dueOn: '2027-12-05', due: components({ principal, interest }) }), 'S'),
  );
const payments = fc
  .array(fc.tuple(anyHour, fc.integer({ min: 1, max: 800_000 })), { maxLength: 5 })
  .map((all) => all.map(([at, amountMinor], index) => paid(at, amountMinor, `P${index}`)));
const reversals = fc
  .array(fc.tuple(anyHour, fc.integer({ min: 0, max: 4 })), { maxLength: 3 })
  .map((all) => all.map(([at, which], index) => reversed(at, `P${which}`, `R${index}`)));
const adjustments = fc
  .array(fc.tuple(anyHour, fc.integer({ min: -20_000, max: 20_000 })), { maxLength: 2 })
  .map((all) => all.map(([at, penalty], index) => adjusted(at, { penalty }, `A${index}`)));
const anyLife = fc
  .tuple(stated, payments, reversals, adjustments)
  .map(([first, ...others]): LoanEvent[] => [first, ...others.flat()]);

test('However a time is cut into pieces, it costs the same', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, fc.array(anyHour, { maxLength: 6 }), (events, terms, cuts) => {
      // An adjustment of nothing is an event like any other: everything is reckoned up to it.
      const cutUp = [...events, ...cuts.map((at, index) => adjusted(at, {}, `cut${index}`))];
      expect(balanceOf(cutUp, terms, END_ON)?.due).toEqual(balanceOf(events, terms, END_ON)?.due);
    }),
    FIXED_SEED,
  );
});

test('The order of arrival changes nothing', () => {
  const arrivals = anyLife.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  );
  fc.assert(
    fc.property(arrivals, anyTerms, anyDay, ([events, arrived], terms, asOfOn) => {
      expect(balanceOf(arrived, terms, asOfOn)).toEqual(balanceOf(events, terms, asOfOn));
    }),
    FIXED_SEED,
  );
});

test('A payment that is taken back leaves no trace in what is due', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, anyHour, anyHour, (events, terms, paidAt, backAt) => {
      const undone = [...events, paid(paidAt, 123_456, 'X'), reversed(backAt, 'X')];
      expect(balanceOf(undone, terms, END_ON)?.due).toEqual(balanceOf(events, terms, END_ON)?.due);
    }),
    FIXED_SEED,
  );
});

test('What is due never falls with time alone, and frozen days cost nothing', () => {
  fc.assert(
    fc.property(anyLife, anyTerms, anyDay, anyDay, (events, terms, a, b) => {
      const [earlier, later] = a < b ? [a, b] : [b, a];
      const owed = (on: string, frozen: readonly FrozenRange[] = terms.frozen) =>
        balanceOf(events, { ...terms, frozen }, on)?.overdueMinor ?? 0;
      expect(owed(later)).toBeGreaterThanOrEqual(owed(earlier));
      const { allocation } = terms;
      expect(owed(later, [{ from: '2027-01-01', to: null }])).toBe(balanceOf(events, { allocation })?.overdueMinor);
    }),
    FIXED_SEED,
  );
});

test('No cent is lost or invented: what was stated, charged and adjusted is what was paid and what is due', () => {
  const withoutAdjustments = fc.tuple(stated, payments).map(([first, paid]): LoanEvent[] => [first, ...paid]);
  fc.assert(
    fc.property(withoutAdjustments, anyTerms, (events, terms) => {
      const charged = balanceOf(events, terms, END_ON);
      const rate = terms.penaltyInterest?.yearlyBasisPoints ?? 0;
      const [first] = events;
      if (!charged || first?.type !== 'loan.due_soon') throw new Error('There is a statement.');
      const { principal, interest } = first.data.due;
      const costMinor = charged.overdueMinor + charged.paidMinor - charged.overpaidMinor - principal - interest;
      const fee = terms.penaltyInterest?.lateFee;
      const mostFees = fee ? fee.amountMinor * fee.atMostTimes : 0;
      // At most 392 days lie between due date and end: never more than the rate of them, and never less than nothing.
      expect(costMinor).toBeGreaterThanOrEqual(0);
      expect(costMinor).toBeLessThanOrEqual(((principal + interest) * rate * 392) / 3_650_000 + mostFees);
    }),
    FIXED_SEED,
  );
});
