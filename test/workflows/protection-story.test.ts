import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptDebtorEvents } from '../../db/debtor-events.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { agreement, caseRecord } from '../../db/schema.ts';
import type { DebtorEvent } from '../../domain/debtor-events.ts';
import { ANSWER_TASK, type AnswerTaskInput, caseWorkflowId } from '../../workflows/contract.ts';
import { agreedOn, peopleOf } from '../support/agreements.ts';
import { taipei } from '../support/events.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

describe('T6 P8: the case pauses for people', () => {
  let sandbox: TestSandbox;
  const loans = ['ANGRY', 'NESTED', 'HELD', 'OTHER', 'BERLIN'] as const;

  beforeAll(async () => {
    sandbox = await openSandbox({
      seenAt: { ...Object.fromEntries(loans.map((ref) => [ref, SEEN_AT])), BERLIN: '2026-03-19T12:00:00.000Z' },
      historyLimit: 60,
    });
  });
  afterAll(async () => {
    await sandbox?.record({ 'refused-then-called-again-v1': 'ANGRY', 'hold-in-plan-in-promise-v1': 'NESTED' });
    await sandbox?.stop();
  });

  const contactsOf = (loanRef: string) => sandbox.stepsSent(loanRef);
  const answer = (loanRef: string, input: AnswerTaskInput) =>
    sandbox.kept.client.workflow
      .getHandle(caseWorkflowId(loanRef))
      .executeUpdate<void, [AnswerTaskInput]>(ANSWER_TASK, { args: [input] });

  test('P8: an angry refusal, a week of silence, another agent, and the ladder a week later', async () => {
    const loanRef = 'ANGRY';
    await sandbox.post(dueSoon(statementOf(loanRef)));

    // Wednesday 15 April, 09:30: a call is asked for.
    const asked = await sandbox.moveTo(loanRef, taipei('2026-04-15 12:00'));
    const call = asked.state?.openTasks.find(({ kind }) => kind === 'agentCall');

    // The same day, noon: the debtor shouts at agent 1 and hangs up.
    const refused = {
      taskId: call?.taskId ?? '',
      answer: 'refused',
      actor: 'agent-1',
      reason: 'Would not talk.',
    } as const;
    await answer(loanRef, refused);
    const letBe = await sandbox.settled(loanRef);
    const until = letBe.action?.kind === 'wait' ? letBe.action.until : null;
    expect(letBe.action).toMatchObject({ kind: 'wait', why: { for: 'cooldown' } });
    expect(until?.slice(0, 10)).toBe('2026-04-22');

    // Tuesday 21 April: the text of day 20 is not sent. Wednesday 22 April: somebody else is asked to call.
    const again = await sandbox.moveTo(loanRef, taipei('2026-04-22 13:00'));
    const second = again.state?.openTasks.find(({ kind }) => kind === 'agentCall');
    expect(second).toMatchObject({ step: 'case:call-again:1', notBy: ['agent-1'] });
    const taskId = second?.taskId ?? '';
    await expect(
      answer(loanRef, { taskId, answer: 'done', actor: 'agent-1', reason: 'I tried again.' }),
    ).rejects.toThrow(expect.objectContaining({ cause: expect.objectContaining({ type: 'OTHER_AGENT' }) }));
    await answer(loanRef, {
      taskId,
      answer: 'done',
      actor: 'agent-2',
      reason: 'They will pay at the end of the month.',
    });

    // Tuesday 28 April: the text of day 20, seven days later.
    await sandbox.moveTo(loanRef, taipei('2026-04-28 12:00'));
    expect((await contactsOf(loanRef)).at(-1)).toEqual(['overdue-second', taipei('2026-04-28 10:00')]);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('a hold within a plan within a promise: money is judged in its time, and nothing is said until all are over', async () => {
    const loanRef = 'NESTED';
    const people = peopleOf(sandbox, loanRef);
    await sandbox.post(dueSoon(statementOf(loanRef)));

    // 8 April: a promise for 20 April. 10 April: a plan of two parts in its place. 13 April: the debtor is in hospital.
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    await people.propose(agreedOn(sandbox.strategy, 'promise', [{ amountMinor: 500_000, dueOn: '2026-04-20' }]));
    await sandbox.moveTo(loanRef, taipei('2026-04-10 15:00'));
    const parts = [
      { amountMinor: 250_000, dueOn: '2026-04-20' },
      { amountMinor: 250_000, dueOn: '2026-05-20' },
    ];
    await people.propose(agreedOn(sandbox.strategy, 'plan', parts));
    await sandbox.moveTo(loanRef, taipei('2026-04-13 09:00'));
    const hold = { holdId: 'HOSPITAL', reason: 'hardship', scope: 'loan', actor: 'agent-1' } as const;
    await people.placeHold({ ...hold, until: taipei('2026-05-04 09:00') });

    // 24 April, 00:00: three days of grace are over and nothing came: the plan is broken, and nobody says so yet.
    await sandbox.moveTo(loanRef, taipei('2026-05-03 12:00'));
    const agreements = () =>
      sandbox.db.select().from(agreement).where(eq(agreement.loanRef, loanRef)).orderBy(asc(agreement.madeAt));
    expect(await agreements()).toMatchObject([
      { kind: 'promise', status: 'replaced', endedAt: expect.stringMatching(/^2026-04-10/) },
      { kind: 'plan', status: 'broken', endedAt: taipei('2026-04-24 00:00') },
    ]);
    expect(await contactsOf(loanRef)).toHaveLength(3);

    // Monday 4 May, 09:00: the hold ends, and the ladder goes on 26 days after it stopped on 8 April.
    await sandbox.moveTo(loanRef, taipei('2026-05-06 13:00'));
    expect((await contactsOf(loanRef)).slice(3)).toEqual([['overdue-push', taipei('2026-05-06 12:30')]]);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('a hold of the debtor, told to the database, stops all their loans; its release lets them go on', async () => {
    const owner = { ...statementOf('HELD').debtor, debtorRef: 'D-HELD' };
    for (const loanRef of ['HELD', 'OTHER']) await sandbox.post(dueSoon(statementOf(loanRef, { debtor: owner })));
    for (const loanRef of ['HELD', 'OTHER']) await sandbox.moveTo(loanRef, taipei('2026-03-29 12:00'));
    const said = (event: Pick<DebtorEvent, 'id' | 'type' | 'timestamp'>, data: object) =>
      acceptDebtorEvents(
        sandbox.db,
        [{ ...event, data: { debtorRef: 'D-HELD', source: 'crm', ...data } } as DebtorEvent],
        taipei('2026-03-29 12:00'),
      );

    // Sunday 29 March: a dispute, told with an instant of the day before, and told twice.
    const placed = { id: 'DISPUTE', type: 'hold.placed', timestamp: taipei('2026-03-28 09:00') } as const;
    await said(placed, { reason: 'dispute' });
    await said(placed, { reason: 'dispute' });
    for (const loanRef of ['HELD', 'OTHER']) await sandbox.until(loanRef, ({ state }) => state?.holds.length === 1);
    for (const loanRef of ['HELD', 'OTHER']) await sandbox.moveTo(loanRef, taipei('2026-04-09 12:00'));
    expect(await contactsOf('HELD')).toEqual([]);
    expect(await contactsOf('OTHER')).toEqual([]);

    // Thursday 9 April: released. Each step comes eleven days later than planned; the reminder of the due date is pointless.
    const released = { id: 'SETTLED', type: 'hold.released', timestamp: taipei('2026-04-09 12:00') } as const;
    await said(released, { holdEventId: 'DISPUTE' });
    for (const loanRef of ['HELD', 'OTHER']) await sandbox.until(loanRef, ({ state }) => state?.standingVersion === 2);
    await sandbox.post(payment('OTHER', 'OTHER-A', 500_000, '2026-04-09T13:00:00+08:00'));
    await sandbox.moveTo('HELD', taipei('2026-04-14 12:00'));
    expect(await contactsOf('HELD')).toEqual([['overdue-first', taipei('2026-04-14 10:00')]]);
    expect(await contactsOf('OTHER')).toEqual([]);
    const kinds = await sandbox.db
      .select()
      .from(caseRecord)
      .where(eq(caseRecord.loanRef, 'HELD'))
      .orderBy(caseRecord.seq);
    expect(kinds.map(({ kind }) => kind).filter((kind) => kind === 'holdChanged')).toHaveLength(2);
    expect(await verifyCase(sandbox.db, 'HELD')).toMatchObject([{ fault: null }]);
  });

  test('two holds that overlap on the night on which the clocks change: ten local days later, at the same local hour', async () => {
    const loanRef = 'BERLIN';
    const debtor = { ...statementOf(loanRef).debtor, zone: 'Europe/Berlin' };
    const people = peopleOf(sandbox, loanRef);
    await sandbox.post(dueSoon(statementOf(loanRef, { debtor, dueOn: '2026-03-20' })));

    // Monday 23 March, 09:00 in Berlin, which is 08:00 UTC: the first word, of Sunday 22 March.
    await sandbox.moveTo(loanRef, '2026-03-24T09:00:00.000Z');
    const hold = { reason: 'hardship', scope: 'loan', actor: 'agent-1' } as const;
    await people.placeHold({
      ...hold,
      holdId: 'B-1',
      from: '2026-03-24T08:00:00.000Z',
      until: '2026-03-28T08:00:00.000Z',
    });
    await people.placeHold({
      ...hold,
      holdId: 'B-2',
      from: '2026-03-27T08:00:00.000Z',
      until: '2026-04-03T07:00:00.000Z',
    });

    // Both are over on Friday 3 April, 09:00 in summer time, ten days later. The bill of 25 March comes on 4 April, a
    // holiday until the 6th, so on Tuesday 7 April; the push of Sunday 29 March, 12:30, on Wednesday 8 April, 12:30.
    await sandbox.moveTo(loanRef, '2026-04-08T12:00:00.000Z');
    expect(await contactsOf(loanRef)).toEqual([
      ['overdue-first', '2026-03-23T08:00:00.000Z'],
      ['overdue-bill', '2026-04-07T07:00:00.000Z'],
      ['overdue-push', '2026-04-08T10:30:00.000Z'],
    ]);
  });
});
