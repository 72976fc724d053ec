import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Agreement, type Instalment, type Receipt, standingOfAgreement } from '../../domain/agreement.ts';
import { plusMs } from '../../domain/instant.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';

const MADE = taipei('2026-04-10 15:00');

/** So much by the end of a day in Taipei. */
function by(date: string, amountMinor: number): Instalment {
  const decidedAt = plusMs(taipei(`${date} 00:00`), 86_400_000);
  return { amountMinor, dueOn: date, remindAt: null, decidedAt };
}

function agreed(instalments: readonly Instalment[], change: Partial<Agreement> = {}): Agreement {
  return {
    agreementId: 'A-1',
    kind: instalments.length === 1 ? 'promise' : 'plan',
    madeAt: MADE,
    way: 'phone',
    reason: 'illness',
    actor: 'agent-1',
    instalments,
    toleranceMinor: 0,
    discountMinor: 0,
    freezesInterest: false,
    status: 'open',
    endedAt: null,
    cancelledBy: null,
    cancelReason: null,
    knownAt: null,
    receivedMinor: 0,
    checkedVersion: 1,
    instalmentsPaid: 0,
    ...change,
  };
}

const paid = (at: string, amountMinor: number): Receipt => ({ at: taipei(at), amountMinor });
const AFTER = taipei('2026-04-21 09:00');

describe('T4 P4: a promise of NT$500.00 by 20 April', () => {
  const promise = agreed([by('2026-04-20', 50_000)]);
  const decidedAt = taipei('2026-04-21 00:00');

  test('is open until its day is over at the debtor’s place', () => {
    expect(standingOfAgreement(promise, [], plusMs(decidedAt, -1))).toMatchObject({ status: 'open', endedAt: null });
    expect(standingOfAgreement(promise, [], decidedAt)).toMatchObject({ status: 'broken', endedAt: decidedAt });
  });

  test('is kept by money at the last second of the day and broken by money a second later', () => {
    const atLast = [paid('2026-04-20 23:59:59', 50_000)];
    expect(standingOfAgreement(promise, atLast, AFTER)).toMatchObject({ status: 'kept', endedAt: atLast[0]?.at });
    const late = [paid('2026-04-21 00:00', 50_000)];
    expect(standingOfAgreement(promise, late, AFTER)).toMatchObject({ status: 'broken', receivedMinor: 50_000 });
  });

  test('is kept as soon as the money is there', () => {
    const now = taipei('2026-04-15 12:00');
    const receipts = [paid('2026-04-12 09:00', 20_000), paid('2026-04-15 11:00', 30_000)];
    expect(standingOfAgreement(promise, receipts, now)).toEqual({
      status: 'kept',
      endedAt: taipei('2026-04-15 11:00'),
      receivedMinor: 50_000,
      instalmentsPaid: 1,
    });
  });

  test('is broken by one minor unit, and kept within the tolerance', () => {
    const short = (byMinor: number) => [paid('2026-04-18 10:00', 50_000 - byMinor)];
    expect(standingOfAgreement(promise, short(1), AFTER).status).toBe('partlyKept');
    const tolerant = { ...promise, toleranceMinor: 100 };
    expect(standingOfAgreement(tolerant, short(100), AFTER).status).toBe('kept');
    expect(standingOfAgreement(tolerant, short(101), AFTER).status).toBe('partlyKept');
  });

  test('does not count money from before it was made', () => {
    const before = [{ at: plusMs(MADE, -1), amountMinor: 50_000 }];
    expect(standingOfAgreement(promise, before, AFTER)).toMatchObject({ status: 'broken', receivedMinor: 0 });
    expect(standingOfAgreement(promise, [{ at: MADE, amountMinor: 50_000 }], AFTER).status).toBe('kept');
  });

  test('is no longer kept when the payment is taken back', () => {
    const kept = agreed(promise.instalments, { status: 'kept', endedAt: taipei('2026-04-18 10:00') });
    expect(standingOfAgreement(kept, [], taipei('2026-04-19 10:00')).status).toBe('open');
    expect(standingOfAgreement(kept, [], AFTER)).toMatchObject({ status: 'broken', endedAt: decidedAt });
  });
});

describe('C16: a plan of three instalments', () => {
  const plan = agreed([by('2026-05-01', 30_000), by('2026-06-01', 30_000), by('2026-07-01', 30_001)]);

  test('goes on from instalment to instalment', () => {
    const now = taipei('2026-06-10 10:00');
    const receipts = [paid('2026-04-30 10:00', 30_000), paid('2026-06-01 23:00', 30_000)];
    expect(standingOfAgreement(plan, receipts, now)).toMatchObject({ status: 'open', instalmentsPaid: 2 });
  });

  test('takes what is paid ahead for what comes later, and each at its own instant', () => {
    const ahead = [paid('2026-04-20 10:00', 60_000)];
    expect(standingOfAgreement(plan, ahead, taipei('2026-06-20 10:00'))).toMatchObject({
      status: 'open',
      instalmentsPaid: 2,
    });
    const late = [paid('2026-05-02 00:00', 30_000)];
    expect(standingOfAgreement(plan, late, taipei('2026-05-20 10:00'))).toMatchObject({
      status: 'broken',
      endedAt: taipei('2026-05-02 00:00'),
      instalmentsPaid: 0,
    });
  });

  test('is ended by the first instalment that is short, partly kept when something of it came', () => {
    const receipts = [paid('2026-04-30 10:00', 30_000), paid('2026-05-30 10:00', 100)];
    expect(standingOfAgreement(plan, receipts, taipei('2026-08-01 10:00'))).toMatchObject({
      status: 'partlyKept',
      endedAt: taipei('2026-06-02 00:00'),
      instalmentsPaid: 1,
    });
  });

  test('is kept when the last cent is there', () => {
    const all = [paid('2026-04-30 10:00', 90_000), paid('2026-06-30 10:00', 1)];
    expect(standingOfAgreement(plan, all, taipei('2026-08-01 10:00'))).toMatchObject({
      status: 'kept',
      endedAt: taipei('2026-06-30 10:00'),
      instalmentsPaid: 3,
    });
  });

  test('stays cancelled or replaced whatever comes in', () => {
    const all = [paid('2026-04-30 10:00', 90_001)];
    for (const status of ['cancelled', 'replaced'] as const) {
      const ended = agreed(plan.instalments, { status, endedAt: AFTER });
      expect(standingOfAgreement(ended, all, AFTER)).toMatchObject({ status, endedAt: AFTER, receivedMinor: 90_001 });
    }
  });
});

describe('whatever is paid when', () => {
  const day = fc.integer({ min: 0, max: 90 });
  const receipts = fc.array(fc.record({ day, amountMinor: fc.integer({ min: 1, max: 60_000 }) }), { maxLength: 8 });
  const at = (days: number) => plusMs(MADE, days * 86_400_000);
  const plan = agreed([by('2026-05-01', 30_000), by('2026-06-01', 30_000), by('2026-07-01', 30_001)]);

  test('the order in which the money is told does not matter, and more money never breaks what was kept', () => {
    fc.assert(
      fc.property(receipts, fc.integer({ min: 0, max: 120 }), day, (paidIn, today, extraDay) => {
        const told = paidIn.map((each) => ({ at: at(each.day), amountMinor: each.amountMinor }));
        const standing = standingOfAgreement(plan, told, at(today));
        expect(standingOfAgreement(plan, told.toReversed(), at(today))).toEqual(standing);
        const more = standingOfAgreement(plan, [...told, { at: at(extraDay), amountMinor: 1_000 }], at(today));
        expect(more.instalmentsPaid).toBeGreaterThanOrEqual(standing.instalmentsPaid);
        if (standing.status === 'kept') expect(more.status).toBe('kept');
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });
});
