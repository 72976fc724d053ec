import { describe, expect, test } from 'vitest';
import type { LoanEvent, Statement } from '../../domain/events.ts';
import type { Instant } from '../../domain/instant.ts';
import { type RehearsedLoan, eventsSeen, rehearseDebtor } from '../../domain/rehearsal.ts';
import { inFileOrder } from '../../domain/run-files.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { SEEN_AT } from '../support/case.ts';
import { components, dueSoon, paid, statement, taipei } from '../support/events.ts';
import { WORKDAYS, calendar, contact, strategy, task } from '../support/strategy.ts';

const END = taipei('2026-10-01 00:00');
const TEXT_AT = taipei('2026-04-03 10:00');

function loan(
  change: Partial<Statement> = {},
  events: readonly LoanEvent[] = [],
  seenAt: Instant = SEEN_AT,
): RehearsedLoan {
  const stated = statement(change);
  const all = [dueSoon(SEEN_AT, stated), ...events];
  return { statement: stated, seenAt, events: all.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1)) };
}

function rehearse(loans: readonly RehearsedLoan[], change: Partial<Strategy> = {}, end = END) {
  return rehearseDebtor(
    loans,
    { strategy: strategy(change), calendar: calendar(), rulePacks: [], responses: null },
    end,
  );
}

describe('a loan that nobody pays', () => {
  test('is contacted on its days, ends in a person’s hands and stays open', () => {
    expect(rehearse([loan()])).toEqual({
      contacts: [{ loanRef: 'L-1', step: 'first', channel: 'sms', at: TEXT_AT, verdict: 'sent', reason: '' }],
      tasks: [{ loanRef: 'L-1', step: 'last-review', task: 'review', at: taipei('2026-05-01 09:30') }],
      cases: [{ loanRef: 'L-1', outcome: 'open', closedAt: null, paidMinor: 0, contactsSent: 1 }],
      agreements: [],
    });
  });

  test('waits as long as the ladder waits when no person answers, and then goes on', () => {
    const visit = task({ id: 'visit', task: 'fieldVisit', day: { medium: 5 }, waitDays: 10 });
    const mail = contact({ id: 'mail', channel: 'email', day: { medium: 15 }, sendAt: '10:30' });
    const { contacts } = rehearse([loan()], { steps: [visit, mail, task()] });
    expect(contacts).toMatchObject([{ step: 'mail', at: taipei('2026-04-16 10:30') }]);
  });

  test('without an address on a channel is told of as suppressed, and goes on', () => {
    const { phone: _phone, ...debtor } = statement().debtor;
    const mail = contact({ id: 'mail', channel: 'email', day: { medium: 5 } });
    const { contacts, cases } = rehearse([loan({ debtor })], { steps: [contact(), mail, task()] });
    expect(contacts).toMatchObject([
      { step: 'first', at: TEXT_AT, verdict: 'suppressed', reason: 'addressMissing' },
      { step: 'mail', verdict: 'sent', reason: '' },
    ]);
    expect(cases).toMatchObject([{ contactsSent: 1 }]);
  });
});

describe('T2: a payment', () => {
  test.each([
    ['a second before a contact', '2026-04-03 09:59:59', 0],
    ['at the very instant of a contact', '2026-04-03 10:00:00', 0],
    ['a second after a contact', '2026-04-03 10:00:01', 1],
  ])('%s, at %s, leaves %d contacts', (_when, at, contactsSent) => {
    const { contacts, cases } = rehearse([loan({}, [paid(taipei(at), 500_000)])]);
    expect(contacts).toHaveLength(contactsSent);
    expect(cases).toEqual([
      { loanRef: 'L-1', outcome: 'cured', closedAt: taipei(at), paidMinor: 500_000, contactsSent },
    ]);
  });

  test.each([
    ['a cent too little', 499_999, 'open', null],
    ['all that is due', 500_000, 'cured', '2026-04-02 08:00'],
    ['a cent more', 500_001, 'cured', '2026-04-02 08:00'],
    ['a cent less than the whole loan', 1_999_999, 'cured', '2026-04-02 08:00'],
    ['the whole loan', 2_000_000, 'paidInFull', '2026-04-02 08:00'],
    ['more than the whole loan', 2_500_000, 'paidInFull', '2026-04-02 08:00'],
  ])('of %s, %d cents, leaves the case %s', (_what, amountMinor, outcome, closedAt) => {
    const { cases } = rehearse([loan({}, [paid(taipei('2026-04-02 08:00'), amountMinor)])]);
    expect(cases).toMatchObject([{ outcome, closedAt: closedAt && taipei(closedAt), paidMinor: amountMinor }]);
  });

  test('after the clearing is not counted any more', () => {
    const late = [paid(taipei('2026-04-02 08:00'), 500_000), paid(taipei('2026-05-02 08:00'), 100_000)];
    expect(rehearse([loan({}, late)]).cases).toMatchObject([
      { paidMinor: 500_000, closedAt: taipei('2026-04-02 08:00') },
    ]);
  });

  test('C13: in part puts the case into a lower tier from then on', () => {
    const steps = [contact({ day: { medium: 10, small: 20 } }), task()];
    const partly = [paid(taipei('2026-04-05 08:00'), 250_000)];
    expect(rehearse([loan({}, partly)], { steps }).contacts).toMatchObject([{ at: taipei('2026-04-21 10:00') }]);
  });

  test('ends a wait for a person', () => {
    const steps = [
      task({ id: 'visit', task: 'fieldVisit', day: { medium: 5 }, waitDays: 30 }),
      task({ day: { medium: 40 } }),
    ];
    const { cases, tasks } = rehearse([loan({}, [paid(taipei('2026-04-10 12:00'), 500_000)])], { steps });
    expect(cases).toMatchObject([{ closedAt: taipei('2026-04-10 12:00') }]);
    expect(tasks.map((each) => each.step)).toEqual(['visit']);
  });
});

describe('a loan that is first seen late', () => {
  const steps = [contact({ catchUp: true }), contact({ id: 'mail', channel: 'email', day: { medium: 4 } }), task()];
  const seenAt = taipei('2026-04-10 00:00');

  test('gets what is to be made up for at the first permitted instant, and what is to come', () => {
    const { contacts } = rehearse([loan({}, [], seenAt)], { steps });
    expect(contacts).toMatchObject([{ step: 'first', at: taipei('2026-04-10 09:00') }]);
  });

  test('knows what was paid before', () => {
    const partly = loan({}, [paid(taipei('2026-04-05 08:00'), 1)], seenAt);
    expect(eventsSeen(partly)).toHaveLength(2);
    expect(rehearse([partly], { steps }).cases).toMatchObject([{ outcome: 'open', paidMinor: 1 }]);
  });

  test.each([
    ['before it was seen', '2026-04-05 08:00'],
    ['at the instant at which it was seen', '2026-04-10 00:00'],
  ])('and was cleared %s is never contacted, and closed at its payment', (_when, at) => {
    const { contacts, cases, tasks } = rehearse([loan({}, [paid(taipei(at), 500_000)], seenAt)], { steps });
    expect([contacts, tasks]).toEqual([[], []]);
    expect(cases).toMatchObject([{ outcome: 'cured', closedAt: taipei(at), contactsSent: 0 }]);
  });
});

describe('a debtor with several loans', () => {
  const second = (change: Partial<Statement> = {}, events: readonly LoanEvent[] = []) =>
    loan({ loanRef: 'L-2', ...change }, events);

  test('is contacted once a day on a channel: the first loan by its reference goes, the other the next day', () => {
    const { contacts } = rehearse([loan(), second()]);
    expect(contacts.map(({ loanRef, at, verdict }) => [loanRef, at, verdict])).toEqual([
      ['L-1', TEXT_AT, 'sent'],
      ['L-2', taipei('2026-04-04 09:00'), 'sent'],
    ]);
  });

  test('is not contacted for the other loan at all when the next day is too late for it', () => {
    const steps = [contact({ validDays: 0 }), task()];
    expect(rehearse([loan(), second()], { steps }).contacts).toMatchObject([
      { loanRef: 'L-1', verdict: 'sent', reason: '' },
      { loanRef: 'L-2', at: TEXT_AT, verdict: 'suppressed', reason: 'debtorBudget;tooLate' },
    ]);
  });

  test('has a budget of each channel', () => {
    const steps = [contact(), contact({ id: 'mail', channel: 'email' }), task()];
    const { contacts } = rehearse([loan(), second()], {
      steps,
      perDebtorPerDay: { sms: 1, email: 2, push: 1, voice: 0 },
    });
    expect(contacts.filter((each) => each.at === TEXT_AT).map(({ loanRef, step }) => [loanRef, step])).toEqual([
      ['L-1', 'first'],
      ['L-1', 'mail'],
      ['L-2', 'mail'],
    ]);
  });

  test('has room again when the other loan was paid at the same instant', () => {
    const { contacts } = rehearse([loan({}, [paid(TEXT_AT, 500_000)]), second()]);
    expect(contacts.map(({ loanRef, at }) => [loanRef, at])).toEqual([['L-2', TEXT_AT]]);
  });

  test('comes to the same whatever the order of the loans', () => {
    const payments = [paid(taipei('2026-04-08 09:00'), 250_000, 'P', 'L-3')];
    const loans = [
      loan(),
      second({ dueOn: '2026-04-02' }),
      loan({ loanRef: 'L-3', due: components({ fees: 1_600_000 }) }, payments),
    ];
    const steps = [
      contact({ day: { medium: 2, large: 1 } }),
      contact({ id: 'mail', channel: 'email', day: { medium: 5, large: 4 } }),
      contact({ id: 'again', day: { medium: 7, large: 6 } }),
      task(),
    ];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const results = orders.map((order) => {
      const reordered = order.map((index) => loans[index] as RehearsedLoan);
      return inFileOrder(rehearse(reordered, { steps, window: WORKDAYS }));
    });
    for (const result of results) expect(result).toEqual(results[0]);
    expect(results[0]?.contacts).toHaveLength(9);
  });
});

describe('the end of a run', () => {
  test.each([
    ['a millisecond after the contact', '2026-04-03T02:00:00.001Z', 1],
    ['at the contact: the end is not part of the run', '2026-04-03T02:00:00.000Z', 0],
  ])('%s', (_when, end, contactsSent) => {
    const { contacts, cases } = rehearse([loan()], {}, end);
    expect(contacts).toHaveLength(contactsSent);
    expect(cases).toMatchObject([{ outcome: 'open', contactsSent }]);
  });

  test.each([
    ['a millisecond after the payment', '2026-04-02T00:00:00.001Z', 'cured', 500_000],
    ['at the payment', '2026-04-02T00:00:00.000Z', 'open', 0],
  ])('%s', (_when, end, outcome, paidMinor) => {
    const { cases } = rehearse([loan({}, [paid('2026-04-02T00:00:00.000Z', 500_000)])], {}, end);
    expect(cases).toMatchObject([{ outcome, paidMinor }]);
  });

  test('before the loan is seen leaves it open and alone', () => {
    expect(rehearse([loan()], {}, SEEN_AT)).toMatchObject({ contacts: [], tasks: [], cases: [{ outcome: 'open' }] });
  });
});

describe('a run that cannot be', () => {
  test('is refused when a loan has no statement among its events', () => {
    const { statement: stated, seenAt } = loan();
    expect(() => rehearse([{ statement: stated, seenAt, events: [] }])).toThrow(/no statement/);
  });
});
