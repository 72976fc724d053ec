import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPermittedDay, localDateOf } from '../../domain/calendar.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { type RehearsedLoan, rehearseDebtor } from '../../domain/rehearsal.ts';
import type { ResponseModel } from '../../domain/responses/model.ts';
import { casesCsv, contactsCsv, inFileOrder } from '../../domain/run-files.ts';
import { SEEN_AT } from '../support/case.ts';
import { FIXED_SEED, components, dueSoon, paid, statement, taipei } from '../support/events.ts';
import { WORKDAYS, calendar, contact, strategy, task } from '../support/strategy.ts';

const END = taipei('2026-08-01 00:00');
const spring = calendar({
  2026: { holidays: { '2026-04-03': 'off', '2026-04-04': 'off', '2026-04-05': 'off', '2026-04-06': 'off' } },
});
const plan = strategy({
  window: WORKDAYS,
  perDebtorPerDay: { sms: 1, email: 2, push: 1, voice: 1 },
  steps: [
    contact({ id: 'reminder', day: { small: -3, medium: -3, large: -3 }, validDays: 2 }),
    contact({ id: 'first', day: { small: 3, medium: 2, large: 1 }, validDays: 5, catchUp: true }),
    contact({ id: 'bill', channel: 'email', day: { small: 7, medium: 5, large: 4 }, validDays: 7 }),
    contact({ id: 'push', channel: 'push', day: { small: 12, medium: 9, large: 7 }, sendAt: '12:30' }),
    task({ id: 'call', task: 'agentCall', day: { medium: 14, large: 10 } }),
    contact({ id: 'second', day: { small: 18, medium: 20, large: 15 }, validDays: 5 }),
    task({ id: 'visit', task: 'fieldVisit', day: { large: 45 }, waitDays: 14 }),
    task({ id: 'last-review', day: { small: 60, medium: 60, large: 60 } }),
  ],
});

// Payments come at whole hours of 90 days, among them the hours at which contacts are made.
const anyPayment = fc.tuple(fc.integer({ min: 0, max: 90 * 24 }), fc.constantFrom(100, 100_000, 250_000, 1_000_000));
const anyLoan = fc.record({
  dueOn: fc.constantFrom('2026-04-01', '2026-04-02', '2026-05-01'),
  overdueMinor: fc.constantFrom(100, 299_999, 300_000, 1_500_000),
  payments: fc.array(anyPayment, { maxLength: 4 }),
  seenAfterDays: fc.constantFrom(0, 0, 5, 40),
});
const anyDebtor = fc.array(anyLoan, { minLength: 1, maxLength: 3 }).map((loans) =>
  loans.map(({ dueOn, overdueMinor, payments, seenAfterDays }, index): RehearsedLoan => {
    const loanRef = `L-${index}`;
    const stated = statement({ loanRef, dueOn, due: components({ principal: overdueMinor }) });
    const events: LoanEvent[] = payments.map(([hour, amountMinor], number) =>
      paid(plusMs(SEEN_AT, hour * 3_600_000), amountMinor, `${loanRef}-${number}`, loanRef),
    );
    const inOrder = events.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
    const seenAt = plusMs(SEEN_AT, seenAfterDays * 86_400_000);
    return { statement: stated, seenAt, events: [dueSoon(SEEN_AT, stated), ...inOrder] };
  }),
);

function rehearse(loans: readonly RehearsedLoan[], responses: ResponseModel | null = null) {
  return inFileOrder(rehearseDebtor(loans, { strategy: plan, calendar: spring, rulePacks: [], responses }, END));
}

/** When the payments reach what is due: plain addition, without the domain. */
function clearedAtOf({ statement: { due }, events }: RehearsedLoan): Instant | null {
  let leftMinor = due.principal;
  for (const event of events) {
    if (event.type === 'payment.received') leftMinor -= event.data.amountMinor;
    if (leftMinor <= 0) return event.timestamp;
  }
  return null;
}

function forEveryDebtor(check: (loans: readonly RehearsedLoan[], result: ReturnType<typeof rehearse>) => void): void {
  const property = fc.property(anyDebtor, (loans) => {
    const result = rehearse(loans);
    try {
      check(loans, result);
    } catch (error) {
      throw new Error(`${contactsCsv(result.contacts)}\n${casesCsv(result.cases)}`, { cause: error });
    }
  });
  fc.assert(property, { ...FIXED_SEED, numRuns: 150 });
}

describe('the rehearsal of any debtor', () => {
  test('closes each case at the payment that reaches what is due, and no other', () => {
    forEveryDebtor((loans, { cases }) => {
      for (const [index, each] of loans.entries()) {
        const clearedAt = clearedAtOf(each);
        expect(cases[index]?.closedAt).toBe(clearedAt);
        expect(['cured', 'paidInFull'].includes(cases[index]?.outcome ?? '')).toBe(clearedAt !== null);
      }
    });
  });

  test('T2: makes no contact from that payment on, its own instant included', () => {
    forEveryDebtor((loans, { contacts }) => {
      for (const { loanRef, at } of contacts) {
        const of = loans.find((each) => each.statement.loanRef === loanRef) as RehearsedLoan;
        const clearedAt = clearedAtOf(of);
        expect(at >= of.seenAt && (clearedAt === null || at < clearedAt)).toBe(true);
      }
    });
  });

  test('makes no contact outside of the window, on a day of rest or over the debtor’s budget', () => {
    forEveryDebtor((_loans, { contacts }) => {
      const made = new Map<string, number>();
      for (const { at, channel, verdict } of contacts) {
        if (verdict !== 'sent') continue;
        const date = localDateOf(at, 'Asia/Taipei');
        expect(isPermittedDay(date, WORKDAYS, spring)).toBe(true);
        expect(at >= taipei(`${date} 09:00`) && at < taipei(`${date} 20:00`)).toBe(true);
        const key = `${channel} on ${date}`;
        made.set(key, (made.get(key) ?? 0) + 1);
        expect(made.get(key), key).toBeLessThanOrEqual(plan.perDebtorPerDay[channel]);
      }
    });
  });

  test('proposes each step of a loan once, and counts what was sent', () => {
    forEveryDebtor((_loans, { contacts, cases }) => {
      const proposed = contacts.map(({ loanRef, step }) => `${loanRef} ${step}`);
      expect(new Set(proposed).size).toBe(proposed.length);
      for (const { loanRef, contactsSent } of cases) {
        expect(contacts.filter((each) => each.loanRef === loanRef && each.verdict === 'sent')).toHaveLength(
          contactsSent,
        );
      }
    });
  });

  test('is the same again, and whatever the order of the loans', () => {
    forEveryDebtor((loans, result) => {
      expect(rehearse(loans)).toEqual(result);
      expect(rehearse(loans.toReversed())).toEqual(result);
    });
  });
});

const anyOdds = fc
  .record({
    withinDays: fc.integer({ min: 0, max: 5 }),
    reached: fc.constantFrom(0, 5_000, 10_000),
    promise: fc.integer({ min: 0, max: 5_000 }),
    plan: fc.integer({ min: 0, max: 3_000 }),
    optOut: fc.integer({ min: 0, max: 1_000 }),
    call: fc.integer({ min: 0, max: 1_000 }),
  })
  .map(({ withinDays, reached, ...chances }) => ({ withinDays, reached, chances }));
const anyModel = fc.record({
  seed: fc.integer({ min: 0, max: 1_000 }),
  hours: fc.constant({ from: '08:00', to: '22:00' }),
  promise: fc.record({
    percent: fc.constant([10, 100] as const),
    withinDays: fc.constant([1, 14] as const),
    honest: fc.constantFrom(0, 5_000, 10_000),
  }),
  plan: fc.record({
    parts: fc.constant([2, 4] as const),
    firstWithinDays: fc.constant([1, 20] as const),
    honest: fc.constantFrom(0, 10_000),
  }),
  after: fc.record({ sms: anyOdds, email: anyOdds, push: anyOdds, agentCall: anyOdds, fieldVisit: anyOdds }),
});

describe('the rehearsal of any debtor who responds in any way', () => {
  const forEveryModel = (
    check: (loans: readonly RehearsedLoan[], result: ReturnType<typeof rehearse>, model: ResponseModel) => void,
  ) => {
    const property = fc.property(anyDebtor, anyModel, (loans, model) => check(loans, rehearse(loans, model), model));
    fc.assert(property, { ...FIXED_SEED, numRuns: 150 });
  };

  test('makes no contact while an agreement is open but a reminder of it', () => {
    forEveryModel((_loans, { contacts, agreements }) => {
      for (const { loanRef, step, at } of contacts) {
        const open = agreements.find(
          (each) => each.loanRef === loanRef && each.madeAt < at && (each.endedAt === null || at < each.endedAt),
        );
        if (open) expect(step).toMatch(new RegExp(`^agreement:${open.agreementId}:remind:`));
      }
    });
  });

  test('has at most one agreement of a loan open at a time, and judges each by the payments alone', () => {
    forEveryModel((loans, { agreements }) => {
      for (const [index, line] of agreements.entries()) {
        const before = agreements[index - 1];
        if (before?.loanRef === line.loanRef)
          expect(before.endedAt !== null && before.endedAt <= line.madeAt).toBe(true);
        const of = loans.find((each) => each.statement.loanRef === line.loanRef) as RehearsedLoan;
        const until = clearedAtOf(of) ?? END;
        const receivedMinor = of.events.reduce(
          (sum, event) =>
            event.type === 'payment.received' && event.timestamp >= line.madeAt && event.timestamp <= until
              ? sum + event.data.amountMinor
              : sum,
          0,
        );
        if (line.status === 'kept') expect(line.receivedMinor).toBeGreaterThanOrEqual(line.agreedMinor);
        if (line.endedAt !== null) expect(line.receivedMinor).toBeLessThanOrEqual(receivedMinor);
        else expect(line.receivedMinor).toBe(receivedMinor);
      }
    });
  });

  test('moves no money: every case ends as it does when nobody says a word', () => {
    forEveryModel((loans, { cases }) => {
      const ends = (lines: typeof cases) => lines.map(({ contactsSent: _sent, ...line }) => line);
      expect(ends(cases)).toEqual(ends(rehearse(loans).cases));
    });
  });

  test('is the same, whatever the order of the loans', () => {
    forEveryModel((loans, result, model) => {
      expect(rehearse(loans.toReversed(), model)).toEqual(result);
    });
  });
});
