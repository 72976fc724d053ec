import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainCase } from '../../cli/case/explain.ts';
import { agreement, collectionCase } from '../../db/schema.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { agreedOn, peopleOf } from '../support/agreements.ts';
import { taipei } from '../support/events.ts';
import { SEEN_AT, dueSoon, payment, reversal, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

describe('T4 T6 P4: what people agree on', () => {
  let sandbox: TestSandbox;
  const loans = ['PROMISE', 'PLAN', 'RETURNED', 'IN-TIME', 'LATE'] as const;

  beforeAll(async () => {
    // So few events of history that every story goes on in a new run again and again.
    sandbox = await openSandbox({ seenAt: Object.fromEntries(loans.map((ref) => [ref, SEEN_AT])), historyLimit: 60 });
  });
  afterAll(async () => {
    await sandbox?.record({
      'promise-broken-v1': 'PROMISE',
      'plan-kept-v1': 'PLAN',
      'payment-returned-v1': 'RETURNED',
    });
    await sandbox?.stop();
  });

  const contactsOf = (loanRef: string) => sandbox.stepsSent(loanRef);
  const agreementsOf = (loanRef: string) =>
    sandbox.db.select().from(agreement).where(eq(agreement.loanRef, loanRef)).orderBy(asc(agreement.madeAt));

  test('a promise broken by one minor unit beyond the tolerance: a word first, then the ladder nine days later', async () => {
    const loanRef = 'PROMISE';
    const people = peopleOf(sandbox, loanRef);
    await sandbox.post(dueSoon(statementOf(loanRef)));

    // Wednesday 8 April, 15:00: reminded twice, the debtor promises NT$5,000.00 by Wednesday 15 April.
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    const parts = [{ amountMinor: 500_000, dueOn: '2026-04-15' }];
    await expect(people.propose(agreedOn(sandbox.strategy, 'promise', parts))).resolves.toEqual({ status: 'made' });

    // Friday 10 April: the push of day 9 is not sent. Tuesday 14 April, 10:00: reminded of the promise.
    const waiting = await sandbox.moveTo(loanRef, taipei('2026-04-15 12:00'));
    expect(waiting.action).toMatchObject({
      kind: 'wait',
      until: taipei('2026-04-17 00:00'),
      why: { for: 'agreement' },
    });

    // Thursday 16 April, the day of grace, one second before midnight: NT$4,998.99, and NT$1.00 is tolerated.
    await sandbox.post(payment(loanRef, 'PROMISE-A', 499_899, '2026-04-16T23:59:59+08:00'));
    await sandbox.moveTo(loanRef, taipei('2026-04-17 12:00'));
    expect(await agreementsOf(loanRef)).toMatchObject([
      { status: 'partlyKept', endedAt: taipei('2026-04-17 00:00'), receivedMinor: 499_899, reason: 'jobLoss' },
    ]);

    // Tier small since then: the push of day 12 comes nine days later, on Wednesday 22 April.
    await sandbox.moveTo(loanRef, taipei('2026-04-22 13:00'));
    expect(await contactsOf(loanRef)).toEqual([
      ['pre-due-reminder', taipei('2026-03-30 09:00')],
      ['overdue-bill', taipei('2026-04-07 09:00')],
      ['overdue-first', taipei('2026-04-07 09:00')],
      ['agreement:promise-1:remind:1', taipei('2026-04-14 10:00')],
      ['agreement:promise-1:broken', taipei('2026-04-17 09:00')],
      ['overdue-push', taipei('2026-04-22 12:30')],
    ]);
    const broken = sandbox.sinks.gateway.messages().find(({ templateCode }) => templateCode.includes('BROKEN'));
    expect(broken?.params).toMatchObject({ agreedAmount: 'NT$5,000.00', agreedOn: '2026-04-15' });
    expect((await explainCase(sandbox.db, loanRef)).slice(0, 12)).toEqual([
      'Loan PROMISE, episode 1: open, NT$1.01 overdue, due on 2026-04-01.',
      'Opened 2026-03-28T16:00:00Z under unsecured-consumer@2.',
      '',
      expect.stringMatching(/^2026-03-30T01:00:00Z {2}sms .*pre-due-reminder: sent/),
      expect.stringMatching(/^2026-04-07T01:00:00Z {2}/),
      expect.stringMatching(/^2026-04-07T01:00:00Z {2}/),
      expect.stringMatching(
        /^2026-04-08T07:00:\d\dZ {2}promise: NT\$5,000.00 by 2026-04-15 \(jobLoss\): partly kept 2026-04-16T16:00:00Z, NT\$4,998.99 came in$/,
      ),
      expect.stringMatching(/^2026-04-14T02:00:00Z {2}sms .*agreement:promise-1:remind:1: sent/),
      expect.stringMatching(
        /^2026-04-16T16:00:00Z {2}sms .*agreement:promise-1:broken: put off until 2026-04-17T01:00:00Z because .*hours/,
      ),
      expect.stringMatching(/^2026-04-17T01:00:00Z {2}sms .*agreement:promise-1:broken: sent/),
      expect.stringMatching(/^2026-04-22T04:30:00Z {2}push .*overdue-push: sent/),
    ]);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('P9 C16 C19: job loss, three instalments, all paid, and the case is cured without a word but reminders', async () => {
    const loanRef = 'PLAN';
    const people = peopleOf(sandbox, loanRef);
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));

    // Wednesday 8 April: the debtor has lost their job. Three parts, on the last days of April, May and June.
    const parts = [
      { amountMinor: 166_668, dueOn: '2026-04-30' },
      { amountMinor: 166_666, dueOn: '2026-05-30' },
      { amountMinor: 166_666, dueOn: '2026-06-30' },
    ];
    await people.propose(agreedOn(sandbox.strategy, 'plan', parts));

    // 29 April: the first part and a little more. 30 May, last second of the third day of grace: the second, that much less.
    await sandbox.moveTo(loanRef, taipei('2026-04-29 09:00'));
    await sandbox.post(payment(loanRef, 'PLAN-A', 170_000, '2026-04-29T09:00:00+08:00'));
    await sandbox.moveTo(loanRef, taipei('2026-06-02 23:00'));
    await sandbox.post(payment(loanRef, 'PLAN-B', 163_334, '2026-06-02T23:59:59+08:00'));
    await sandbox.moveTo(loanRef, taipei('2026-06-20 09:00'));
    expect(await agreementsOf(loanRef)).toMatchObject([{ status: 'open', instalmentsPaid: 2, receivedMinor: 333_334 }]);

    // 28 June: the rest.
    await sandbox.moveTo(loanRef, taipei('2026-06-28 09:00'));
    await sandbox.post(payment(loanRef, 'PLAN-C', 166_666, '2026-06-28T09:00:00+08:00'));
    await sandbox.ended(loanRef);
    expect(await agreementsOf(loanRef)).toMatchObject([
      { status: 'kept', endedAt: taipei('2026-06-28 09:00'), instalmentsPaid: 3, receivedMinor: 500_000 },
    ]);
    expect((await contactsOf(loanRef)).slice(3)).toEqual([
      ['agreement:plan-1:remind:1', taipei('2026-04-27 10:00')],
      ['agreement:plan-1:remind:2', taipei('2026-05-27 10:00')],
      ['agreement:plan-1:remind:3', taipei('2026-06-27 10:00')],
    ]);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('T6: a payment that bounces after the closing un-keeps the promise, and the case goes on where it was', async () => {
    const loanRef = 'RETURNED';
    const people = peopleOf(sandbox, loanRef);
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    const parts = [{ amountMinor: 500_000, dueOn: '2026-04-15' }];
    await people.propose(agreedOn(sandbox.strategy, 'promise', parts));

    // Friday 10 April: paid, promise kept, cured. Monday 20 April: the direct debit is returned.
    await sandbox.moveTo(loanRef, taipei('2026-04-10 11:00'));
    await sandbox.post(payment(loanRef, 'BACK-A', 500_000, '2026-04-10T11:00:00+08:00'));
    await sandbox.ended(loanRef);
    expect(await agreementsOf(loanRef)).toMatchObject([{ status: 'kept' }]);
    sandbox.seenAgainAt(loanRef, taipei('2026-04-20 11:00'));
    await sandbox.post(reversal(loanRef, 'BACK-B', 'BACK-A', '2026-04-20T11:00:00+08:00'));
    const reopened = await sandbox.settled(loanRef);
    expect(reopened.state).toMatchObject({ episode: 1, closed: null, balance: { overdueMinor: 500_000 } });
    expect(await agreementsOf(loanRef)).toMatchObject([{ status: 'broken', endedAt: taipei('2026-04-17 00:00') }]);

    // The word about the promise, and the ladder from where it was: nothing of it a second time.
    await sandbox.moveTo(loanRef, taipei('2026-04-24 13:00'));
    const steps = (await contactsOf(loanRef)).map(([step]) => step);
    expect(steps).toEqual([
      'pre-due-reminder',
      'overdue-bill',
      'overdue-first',
      'agreement:promise-1:broken',
      'overdue-push',
    ]);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('T6: events that come late, twice and in disorder lead to the same end as those that came in time', async () => {
    const parts = [{ amountMinor: 500_000, dueOn: '2026-04-15' }];
    const eventsOf = (loanRef: string) => [
      payment(loanRef, `${loanRef}-A`, 300_000, '2026-04-10T11:00:00+08:00'),
      payment(loanRef, `${loanRef}-B`, 200_000, '2026-04-12T11:00:00+08:00'),
      reversal(loanRef, `${loanRef}-C`, `${loanRef}-A`, '2026-04-13T11:00:00+08:00'),
      payment(loanRef, `${loanRef}-D`, 300_000, '2026-04-15T11:00:00+08:00'),
    ];
    for (const loanRef of ['IN-TIME', 'LATE']) {
      await sandbox.post(dueSoon(statementOf(loanRef)));
      await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
      await peopleOf(sandbox, loanRef).propose(agreedOn(sandbox.strategy, 'promise', parts));
    }

    // In time: cured on 12 April, open again on 13 April when the first payment is taken back, cured on 15 April.
    for (const event of eventsOf('IN-TIME')) {
      sandbox.seenAgainAt('IN-TIME', event.timestamp);
      await sandbox.moveTo('IN-TIME', event.timestamp);
      await sandbox.post(event);
    }
    await sandbox.ended('IN-TIME');

    // Late: all of it on 16 April, the day of grace, the last one first and one of them twice.
    await sandbox.moveTo('LATE', taipei('2026-04-16 12:00'));
    const [a, b, c, d] = eventsOf('LATE');
    for (const event of [d, c, b, b, a]) if (event) await sandbox.post(event);
    await sandbox.ended('LATE');

    const endOf = async (loanRef: string) => {
      const [made] = await agreementsOf(loanRef);
      const [row] = await sandbox.db.select().from(collectionCase).where(eq(collectionCase.loanRef, loanRef));
      const { status, endedAt, receivedMinor, instalmentsPaid } = made ?? {};
      return { status, endedAt, receivedMinor, instalmentsPaid, outcome: row?.outcome, closedAt: row?.closedAt };
    };
    expect(await endOf('LATE')).toEqual(await endOf('IN-TIME'));
    expect(await endOf('LATE')).toMatchObject({
      status: 'kept',
      outcome: 'cured',
      closedAt: taipei('2026-04-15 11:00'),
    });
    for (const loanRef of ['IN-TIME', 'LATE']) {
      expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
    }
  });
});
