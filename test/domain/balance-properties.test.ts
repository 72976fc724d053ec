import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Balance, balanceOf, paidUntil } from '../../domain/balance.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { COMPONENTS } from '../../domain/strategy.ts';
import {
  FIXED_SEED,
  adjusted,
  closed,
  components,
  dueSoon,
  overdue,
  paid,
  reversed,
  statement,
  taipei,
} from '../support/events.ts';

const START = taipei('2026-04-01 00:00');
const HOUR_MS = 3_600_000;
const LAST = taipei('2026-12-31 00:00');

// Few instants, so that events often meet at one.
const anyHour = fc.integer({ min: 1, max: 40 }).map((hours) => plusMs(START, hours * HOUR_MS));
const anyDue = fc
  .tuple(...COMPONENTS.map(() => fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }))))
  .map(([penalty = 0, interest = 0, principal = 0, fees = 0]) => ({ penalty, interest, principal, fees }));
const anyChange = fc
  .tuple(...COMPONENTS.map(() => fc.integer({ min: -3_000, max: 3_000 })))
  .map(([penalty = 0, interest = 0, principal = 0, fees = 0]) => ({ penalty, interest, principal, fees }));
const anyStatement = anyDue.map((due) => statement({ due, outstandingMinor: due.principal + 20_000 }));

const payments = fc
  .array(fc.tuple(anyHour, fc.integer({ min: 1, max: 9_000 })), { maxLength: 6 })
  .map((all) => all.map(([at, amountMinor], index) => paid(at, amountMinor, `P${index}`)));
const reversals = fc
  .array(fc.tuple(anyHour, fc.integer({ min: 0, max: 5 })), { maxLength: 3 })
  .map((all) => all.map(([at, which], index) => reversed(at, `P${which}`, `R${index}`)));
const adjustments = fc
  .array(fc.tuple(anyHour, anyChange), { maxLength: 3 })
  .map((all) => all.map(([at, change], index) => adjusted(at, change, `A${index}`)));
const restatements = fc
  .array(fc.tuple(anyHour, anyStatement), { maxLength: 2 })
  .map((all) => all.map(([at, data], index) => overdue(at, data, `S${index}`)));
const closings = fc.option(
  anyHour.map((at) => closed(at, 'recalled', 'C')),
  { nil: null },
);
const anyAllocation = fc.shuffledSubarray([...COMPONENTS], { minLength: COMPONENTS.length });

/** One statement, then money and adjustments. */
const oneStatement = fc
  .tuple(anyStatement, payments, reversals, adjustments)
  .map(([data, ...others]): LoanEvent[] => [dueSoon(START, data, 'S'), ...others.flat()]);
/** Whatever a loan system may send. */
const everything = fc
  .tuple(oneStatement, restatements, closings)
  .map(([events, again, closing]) => [...events, ...again, ...(closing ? [closing] : [])]);

function story(events: readonly LoanEvent[]): string {
  return events
    .toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1))
    .map(({ timestamp, type, id, data }) => `${timestamp.slice(5, 16)} ${type} ${id} ${JSON.stringify(data)}`)
    .join('\n');
}

function balance(events: readonly LoanEvent[], allocation = [...COMPONENTS]): Balance {
  const found = balanceOf(events, { allocation });
  if (!found) throw new Error('There is a statement, so there is a balance.');
  return found;
}

/** When a debt of one sum, with no components, came to nothing for good: another way to the same answer. */
function clearedAtOf(events: readonly LoanEvent[]): Instant | null {
  const takenBack = new Set(
    events.flatMap((event) => (event.type === 'payment.reversed' ? [event.data.paymentEventId] : [])),
  );
  const rank = (event: LoanEvent) => ['loan.due_soon', 'loan.adjusted', 'payment.received'].indexOf(event.type);
  let debt = 0;
  let clearedAt: Instant | null = null;
  const inOrder = events.toSorted((a, b) =>
    a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : rank(a) - rank(b),
  );
  for (const event of inOrder) {
    if (event.type === 'loan.due_soon') debt = COMPONENTS.reduce((sum, each) => sum + event.data.due[each], 0);
    if (event.type === 'loan.adjusted') debt += COMPONENTS.reduce((sum, each) => sum + event.data.change[each], 0);
    if (event.type === 'payment.received' && !takenBack.has(event.id)) debt -= event.data.amountMinor;
    debt = Math.max(0, debt);
    clearedAt = debt > 0 ? null : (clearedAt ?? event.timestamp);
  }
  return clearedAt;
}

describe('a balance', () => {
  test('does not depend on the order in which events arrive', () => {
    const shuffled = everything.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(shuffled, anyAllocation, ([events, arrived], allocation) => {
        expect(balanceOf(arrived, { allocation }), story(events)).toEqual(balanceOf(events, { allocation }));
      }),
      { ...FIXED_SEED, numRuns: 400 },
    );
  });

  test('claims nothing negative, sums up, and is clear exactly when nothing is due', () => {
    fc.assert(
      fc.property(everything, anyAllocation, (events, allocation) => {
        const { due, overdueMinor, overpaidMinor, outstandingMinor, cleared } = balance(events, allocation);
        const parts = COMPONENTS.map((component) => due[component]);
        expect(Math.min(...parts, overpaidMinor, outstandingMinor), story(events)).toBeGreaterThanOrEqual(0);
        expect(overdueMinor, story(events)).toBe(parts.reduce((sum, part) => sum + part, 0));
        expect(cleared === null, story(events)).toBe(overdueMinor > 0);
      }),
      { ...FIXED_SEED, numRuns: 400 },
    );
  });

  test('accounts for every cent: stated and adjusted = due + paid − overpaid', () => {
    fc.assert(
      fc.property(oneStatement, anyAllocation, (events, allocation) => {
        const { overdueMinor, paidMinor, overpaidMinor } = balance(events, allocation);
        const claimed = events.flatMap((event) =>
          event.type === 'loan.due_soon' ? [event.data.due] : event.type === 'loan.adjusted' ? [event.data.change] : [],
        );
        const claimedMinor = claimed.flatMap((each) => Object.values(each)).reduce((sum, part) => sum + part, 0);
        expect(overdueMinor + paidMinor - overpaidMinor, story(events)).toBe(claimedMinor);
        expect(paidMinor, story(events)).toBe(paidUntil(events, LAST));
      }),
      { ...FIXED_SEED, numRuns: 400 },
    );
  });

  test('is cleared at exactly the instant of the event that brings it to nothing', () => {
    fc.assert(
      fc.property(oneStatement, anyAllocation, (events, allocation) => {
        expect(balance(events, allocation).cleared?.at ?? null, story(events)).toBe(clearedAtOf(events));
      }),
      { ...FIXED_SEED, numRuns: 400 },
    );
  });

  test('is the same in sum whatever the order of allocation', () => {
    fc.assert(
      fc.property(oneStatement, anyAllocation, (events, allocation) => {
        const [one, other] = [balance(events), balance(events, allocation)];
        expect(other.overdueMinor, story(events)).toBe(one.overdueMinor);
        expect(other.overpaidMinor, story(events)).toBe(one.overpaidMinor);
      }),
      FIXED_SEED,
    );
  });

  test('does not change the events', () => {
    const events = [
      dueSoon(START, statement({ due: components({ principal: 100 }) })),
      paid(LAST, 40),
      paid(START, 60),
    ];
    const before = structuredClone(events);
    balance(events.map((event) => Object.freeze(event)));
    expect(events).toEqual(before);
  });
});
