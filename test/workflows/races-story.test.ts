import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptEvents } from '../../db/intake.ts';
import { caseByLoan } from '../../db/queries/cases.ts';
import { collectionCase, contact, task } from '../../db/schema.ts';
import { instantOf, parseInstant } from '../../domain/instant.ts';
import { caseProgressOf, fastForward } from '../../local/fast-forward.ts';
import { BALANCE_CHANGED, caseWorkflowId } from '../../workflows/contract.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const taipei = (local: string) => parseInstant(`${local}+08:00`);
const LOANS = ['RACE-1', 'RACE-2', 'RACE-3', 'RACE-4', 'RACE-5', 'RACE-6'] as const;

describe('what arrives at the wrong moment', () => {
  let sandbox: TestSandbox;

  beforeAll(async () => {
    sandbox = await openSandbox({ seenAt: Object.fromEntries(LOANS.map((loanRef) => [loanRef, SEEN_AT])) });
  });
  afterAll(async () => {
    await sandbox?.record({
      'payment-beats-timer-v1': 'RACE-1',
      'second-episode-v1': 'RACE-3',
      'recalled-v1': 'RACE-4',
      'paid-while-closing-v1': 'RACE-5',
    });
    await sandbox?.stop();
  });

  test('a payment that is committed beats the timer, though the case has not heard of it: NT$5,000.00 on 7 April', async () => {
    const loanRef = 'RACE-1';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-07T08:00:00'));
    // In the database alone, as if the relay were behind: the word for the case is taken out of the outbox.
    await sandbox.silently(payment(loanRef, 'RACE-1-PAY', 500_000, '2026-04-07T08:30:00+08:00'));
    const over = await sandbox.moveTo(loanRef, taipei('2026-04-07T12:00:00'));
    expect(over.isOver).toBe(true);
    const found = await caseByLoan(sandbox.db, loanRef);
    expect(found).toMatchObject({ outcome: 'cured', closedAt: taipei('2026-04-07T08:30:00') });
    expect(found?.contacts.map(({ step, status, rules }) => [step, status, rules])).toEqual([
      ['pre-due-reminder', 'sent', []],
      ['overdue-bill', 'suppressed', ['balanceCleared']],
      ['overdue-first', 'suppressed', ['balanceCleared']],
    ]);
  });

  test('the same signal twice, an older one late and one after the end change nothing', async () => {
    const loanRef = 'RACE-2';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    const opened = await sandbox.settled(loanRef);
    await sandbox.post(payment(loanRef, 'RACE-2-A', 100_000, '2026-03-29T10:00:00+08:00'));
    const handle = sandbox.kept.client.workflow.getHandle(caseWorkflowId(loanRef));
    const newest = (await sandbox.settled(loanRef)).state?.balance;
    await handle.signal(BALANCE_CHANGED, newest);
    await handle.signal(BALANCE_CHANGED, opened.state?.balance);
    const { state } = await sandbox.settled(loanRef);
    expect(state?.balance).toEqual(newest);
    expect(state?.balance).toMatchObject({ version: 2, overdueMinor: 400_000 });
  });

  test('what falls due anew after a cure is a second episode, whose contacts have keys of their own', async () => {
    const loanRef = 'RACE-3';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.settled(loanRef);
    await sandbox.post(payment(loanRef, 'RACE-3-A', 500_000, '2026-03-29T10:00:00+08:00'));
    expect((await sandbox.settled(loanRef)).isOver).toBe(true);
    const again = { ...dueSoon(statementOf(loanRef)), id: 'RACE-3-B', timestamp: taipei('2026-03-29T11:00:00') };
    await sandbox.post(again);
    const second = await sandbox.moveTo(loanRef, taipei('2026-03-30T12:00:00'));
    expect(second.state).toMatchObject({ episode: 2, balance: { overdueMinor: 500_000 } });
    const keys = await sandbox.db.select({ key: contact.key }).from(contact).where(eq(contact.loanRef, loanRef));
    expect(keys).toEqual([{ key: 'RACE-3/2/unsecured-consumer@2/pre-due-reminder/1' }]);
    const cases = await sandbox.db.select().from(collectionCase).where(eq(collectionCase.loanRef, loanRef));
    expect(cases.map(({ episode, outcome }) => [episode, outcome])).toEqual([
      [1, 'cured'],
      [2, 'open'],
    ]);
  });

  test('a case that the loan system takes back closes, and its open tasks with it', async () => {
    const loanRef = 'RACE-4';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-16T12:00:00'));
    const callTask = { loanRef, kind: 'agentCall' as const };
    expect(await tasksOf(sandbox, loanRef)).toMatchObject([{ ...callTask, status: 'open' }]);
    const recalled = taipei('2026-04-17T09:00:00');
    await sandbox.post({
      id: 'RACE-4-X',
      type: 'loan.closed',
      timestamp: recalled,
      data: { loanRef, reason: 'recalled' },
    });
    expect((await sandbox.settled(loanRef)).isOver).toBe(true);
    expect(await caseByLoan(sandbox.db, loanRef)).toMatchObject({ outcome: 'recalled', closedAt: recalled });
    expect(await tasksOf(sandbox, loanRef)).toMatchObject([{ ...callTask, status: 'cancelled' }]);
  });

  test('money that arrives in the middle of the closing is neither lost nor counted twice', async () => {
    const loanRef = 'RACE-5';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.settled(loanRef);
    const paid = [1, 2, 3, 4, 5].map((n) => payment(loanRef, `RACE-5-${n}`, 150_000, `2026-03-29T10:0${n}:00+08:00`));
    const context = { receivedAt: instantOf(Date.now()), allocation: sandbox.strategy.allocation };
    await Promise.all(paid.map((event) => acceptEvents(sandbox.db, [event], context)));
    await sandbox.world.told(loanRef, 6);
    expect((await sandbox.settled(loanRef)).isOver).toBe(true);
    expect(await caseByLoan(sandbox.db, loanRef)).toMatchObject({
      outcome: 'cured',
      closedAt: taipei('2026-03-29T10:04:00'),
      paid: { amountMinor: 750_000, currency: 'TWD' },
    });
  });

  test('a payment for a loan that nobody knows waits for the loan, and then counts', async () => {
    const loanRef = 'RACE-6';
    const context = { receivedAt: instantOf(Date.now()), allocation: sandbox.strategy.allocation };
    const early = payment(loanRef, 'RACE-6-A', 200_000, '2026-03-29T00:30:00+08:00');
    expect(await acceptEvents(sandbox.db, [early], context)).toEqual([{ eventId: 'RACE-6-A', status: 'parked' }]);
    await acceptEvents(sandbox.db, [dueSoon(statementOf(loanRef))], context);
    await sandbox.world.told(loanRef, 2);
    const { state, clockOffsetMs } = await sandbox.settled(loanRef);
    expect(state?.balance).toMatchObject({ version: 2, overdueMinor: 300_000 });
    await fastForward(sandbox.kept.client, {
      workflowId: caseWorkflowId(loanRef),
      clockOffsetMs,
      to: taipei('2026-03-30T09:30:00'),
    });
    expect((await caseProgressOf(sandbox.kept.client, loanRef)).state?.contactsSent).toBe(1);
  });
});

function tasksOf({ db }: TestSandbox, loanRef: string) {
  return db.select().from(task).where(eq(task.loanRef, loanRef));
}
