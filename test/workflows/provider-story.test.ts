import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contact } from '../../db/schema.ts';
import { parseInstant } from '../../domain/instant.ts';
import { pollUntil } from '../../local/poll.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const taipei = (local: string) => parseInstant(`${local}+08:00`);
const LOANS = ['GATE-1', 'GATE-2', 'GATE-3', 'GATE-4', 'GATE-5', 'GATE-6'] as const;
const REMINDER_DAY = taipei('2026-03-30T12:00:00');

describe('providers that fail', () => {
  let sandbox: TestSandbox;

  beforeAll(async () => {
    sandbox = await openSandbox({ seenAt: Object.fromEntries(LOANS.map((loanRef) => [loanRef, SEEN_AT])) });
  });
  afterAll(async () => {
    await sandbox?.record({
      'gateway-retried-v1': 'GATE-1',
      'unknown-outcome-v1': 'GATE-3',
      'deferred-by-budget-v1': 'GATE-6',
    });
    await sandbox?.stop();
  });

  const ledger = (loanRef: string) =>
    sandbox.db.select().from(contact).where(eq(contact.loanRef, loanRef)).orderBy(contact.at);
  const sentFor = (loanRef: string) =>
    sandbox.sinks.gateway.messages().filter((message) => message.key.startsWith(`${loanRef}/`));

  test('a gateway that is busy and then fails after taking it still sends once', async () => {
    const loanRef = 'GATE-1';
    sandbox.sinks.gateway.script(
      { fault: { do: 'throttle' }, times: 2 },
      { fault: { do: 'acceptThenFail', status: 500 }, times: 1 },
    );
    await sandbox.post(dueSoon(statementOf(loanRef)));
    const { state } = await sandbox.moveTo(loanRef, REMINDER_DAY);
    expect(state?.done['pre-due-reminder']?.result).toBe('sent');
    expect(sentFor(loanRef)).toHaveLength(1);
    expect(await ledger(loanRef)).toMatchObject([{ status: 'sent', at: taipei('2026-03-30T09:00:00') }]);
  });

  test('a message that the gateway refuses for good is rejected, and the ladder goes on', async () => {
    const loanRef = 'GATE-2';
    sandbox.sinks.gateway.script({ fault: { do: 'reject', reason: 'unknownNumber' }, times: 1 });
    await sandbox.post(dueSoon(statementOf(loanRef)));
    const { state, action } = await sandbox.moveTo(loanRef, REMINDER_DAY);
    expect(state?.done['pre-due-reminder']?.result).toBe('rejected');
    expect(action).toMatchObject({ kind: 'wait', why: { for: 'step', step: 'overdue-first' } });
    expect(sentFor(loanRef)).toHaveLength(0);
    expect(await ledger(loanRef)).toMatchObject([{ status: 'rejected', providerReason: 'unknownNumber' }]);
  });

  test('a mail of which nobody can tell whether it went out is never sent again: a person finds out', async () => {
    const loanRef = 'GATE-3';
    sandbox.sinks.smtp.script({ fault: { do: 'acceptThenDrop' }, times: 1 });
    await sandbox.post(dueSoon(statementOf(loanRef)));
    const { state } = await sandbox.moveTo(loanRef, taipei('2026-04-08T08:00:00'));
    expect(state?.done['overdue-bill']?.result).toBe('unknown');
    expect(state?.openTasks).toMatchObject([{ kind: 'contactOutcome', step: 'case:outcome:overdue-bill' }]);
    expect((await ledger(loanRef)).map(({ step, status }) => [step, status])).toContainEqual([
      'overdue-bill',
      'unknown',
    ]);
  });

  test('a debtor without an address gets nothing on that channel, and the reason is on record', async () => {
    const loanRef = 'GATE-4';
    const { debtor } = statementOf(loanRef);
    const { debtorRef, zone, language, email } = debtor;
    const noPhone = { debtorRef, zone, language, ...(email ? { email } : {}) };
    await sandbox.post(dueSoon(statementOf(loanRef, { debtor: noPhone })));
    await sandbox.moveTo(loanRef, REMINDER_DAY);
    expect(await ledger(loanRef)).toMatchObject([{ status: 'suppressed', rules: ['addressMissing'] }]);
    expect(sentFor(loanRef)).toHaveLength(0);
  });

  test('two loans of one person share the budget of a day: the second message waits for the next morning', async () => {
    const debtor = { ...statementOf('GATE-5').debtor, debtorRef: 'debtor-shared' };
    await sandbox.post(dueSoon(statementOf('GATE-5', { debtor })));
    await sandbox.post(dueSoon(statementOf('GATE-6', { debtor })));
    await sandbox.moveTo('GATE-5', REMINDER_DAY);
    const second = await sandbox.moveTo('GATE-6', REMINDER_DAY);
    expect(second.action).toMatchObject({ kind: 'wait', until: taipei('2026-03-31T09:00:00') });
    const later = await sandbox.moveTo('GATE-6', taipei('2026-03-31T12:00:00'));
    expect(later.state?.done['pre-due-reminder']).toEqual({ result: 'sent', at: taipei('2026-03-31T09:00:00') });
    expect((await ledger('GATE-6')).map(({ status, rules, key }) => [status, rules, key.split('/').at(-1)])).toEqual([
      ['deferred', ['debtorBudget'], '1'],
      ['sent', [], '2'],
    ]);
  });

  test('money that comes while a gateway is down suppresses the contact that was waiting for it', async () => {
    const loanRef = 'GATE-1';
    // The case has its next contact on 7 April; the gateway takes nothing from then on until the money is there.
    sandbox.sinks.gateway.script({
      fault: { do: 'fail', status: 503 },
      when: (request) => request.key.startsWith(loanRef),
    });
    const moving = sandbox.moveTo(loanRef, taipei('2026-04-07T12:00:00'));
    await pollUntil(async () => (await ledger(loanRef)).find((row) => row.status === 'released'), {
      withinMs: 20_000,
      everyMs: 20,
      timeUp: () => new Error('The gateway was never tried.'),
    });
    await sandbox.post(payment(loanRef, 'GATE-1-PAY', 500_000, '2026-04-07T09:00:30+08:00'));
    const over = await moving;
    expect(over.isOver).toBe(true);
    expect((await ledger(loanRef)).map(({ step, status, rules }) => [step, status, rules])).toEqual([
      ['pre-due-reminder', 'sent', []],
      ['overdue-bill', 'sent', []],
      ['overdue-first', 'suppressed', ['balanceCleared']],
    ]);
    expect(sentFor(loanRef)).toHaveLength(1);
  });
});
