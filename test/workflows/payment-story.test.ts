import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseByLoan } from '../../db/queries/cases.ts';
import { parseInstant } from '../../domain/instant.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const taipei = (local: string) => parseInstant(`${local}+08:00`);

describe('a loan that is paid after two reminders', () => {
  let sandbox: TestSandbox;
  const loanRef = 'STORY-1';

  beforeAll(async () => {
    sandbox = await openSandbox({ seenAt: { [loanRef]: SEEN_AT } });
  });
  afterAll(async () => {
    await sandbox?.record({ 'reminded-then-cured-v1': loanRef });
    await sandbox?.stop();
  });

  test('C1 C2 T2 T6: reminded before and after the due date, paid in part, cured, and never contacted again', async () => {
    // Sunday 29 March 2026: seen; Sundays are days of rest.
    await sandbox.post(dueSoon(statementOf(loanRef)));
    const seen = await sandbox.settled(loanRef);
    expect(seen.action).toMatchObject({ kind: 'wait', until: taipei('2026-03-30T09:00:00') });

    // Monday 30 March, 09:00: the reminder before the due date.
    await sandbox.moveTo(loanRef, taipei('2026-03-30T12:00:00'));
    expect(sandbox.sinks.gateway.messages().map((message) => message.templateCode)).toHaveLength(1);

    // Friday 3 to Monday 6 April are holidays, so day 2 and day 5 both move to Tuesday 7 April, 09:00.
    const reminded = await sandbox.moveTo(loanRef, taipei('2026-04-07T12:00:00'));
    expect(reminded.state?.done).toMatchObject({
      'overdue-first': { result: 'sent', at: taipei('2026-04-07T09:00:00') },
    });

    // Wednesday 8 April, 08:00: NT$2,500.00, which leaves NT$2,500.00, tier small.
    await sandbox.post(payment(loanRef, 'PAY-1', 250_000, '2026-04-08T08:00:00+08:00'));
    const partly = await sandbox.settled(loanRef);
    expect(partly.state?.tier).toBe('small');
    expect(partly.state?.balance).toMatchObject({ overdueMinor: 250_000, cleared: null });

    // Thursday 9 April, 15:00: the rest.
    await sandbox.post(payment(loanRef, 'PAY-2', 250_000, '2026-04-09T15:00:00+08:00'));
    const over = await sandbox.settled(loanRef);
    expect(over.isOver).toBe(true);

    const found = await caseByLoan(sandbox.db, loanRef);
    expect(found).toMatchObject({ outcome: 'cured', closedAt: taipei('2026-04-09T15:00:00') });
    expect(found?.contacts.map(({ step, status }) => [step, status])).toEqual([
      ['pre-due-reminder', 'sent'],
      ['overdue-bill', 'sent'],
      ['overdue-first', 'sent'],
    ]);
    expect(sandbox.sinks.gateway.messages()).toHaveLength(2);
  });
});
