import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { agreement, caseRecord, collectionCase, grievance, suspension, task } from '../../db/schema.ts';
import { assertNotSuspended } from '../../db/suspensions.ts';
import { standingViewOf } from '../../db/debtor-events.ts';
import { agreedOn, peopleOf } from '../support/agreements.ts';
import { taipei } from '../support/events.ts';
import { grievanceOf } from '../support/grievance-people.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

describe('A6 J7: complaints and disputes', () => {
  let sandbox: TestSandbox;
  const loans = [
    'HOTLINE',
    'DISMISSED',
    'PLANNED',
    'PAID',
    'DISPUTED',
    'TWO-A',
    'SHARED-A',
    'SHARED-B',
    'LONG-PAID',
    'NOBODY',
  ] as const;

  beforeAll(async () => {
    sandbox = await openSandbox({ seenAt: Object.fromEntries(loans.map((ref) => [ref, SEEN_AT])), historyLimit: 30 });
  });
  afterAll(async () => {
    await sandbox?.recordWorkflows({
      'complaint-upheld-v1': 'complaint-UPHELD',
      'dispute-not-owed-v1': 'dispute-NOT-MINE',
    });
    await sandbox?.stop();
  });

  const stepsSent = (loanRef: string) => sandbox.stepsSent(loanRef);
  const row = async (grievanceId: string) => {
    const [found] = await sandbox.db.select().from(grievance).where(eq(grievance.grievanceId, grievanceId));
    return found;
  };
  const tasksOf = (grievanceId: string) =>
    sandbox.db
      .select({ step: task.step, status: task.status, answer: task.answer })
      .from(task)
      .where(eq(task.grievanceId, grievanceId))
      .orderBy(asc(task.openedAt), asc(task.taskId));
  /** Waits until the case knows as much of the hold as the database. */
  const knowsStanding = async (loanRef: string, debtorRef = `debtor-${loanRef}`) => {
    const { version } = await standingViewOf(sandbox.db, debtorRef);
    return sandbox.until(loanRef, ({ isOver, state }) => isOver || (state?.standingVersion ?? 0) >= version);
  };

  test('upheld: contact stops at once, late work is escalated, and the agent makes no calls', async () => {
    const loanRef = 'HOTLINE';
    const complaint = grievanceOf(sandbox, 'complaint', 'UPHELD');
    await sandbox.post(dueSoon(statementOf(loanRef)));

    // Wednesday 8 April, 15:00: the debtor tells the hotline that agent-9 has threatened them.
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    const about = { kind: 'agent', ref: 'agent-9' };
    const raised = {
      loanRef,
      way: 'hotline',
      reason: 'threat',
      about,
      actor: 'agent-3',
      at: '2026-04-08T15:00:00+08:00',
    };
    expect(await complaint.raise(raised)).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(await complaint.raise(raised)).toMatchObject({ status: 202, body: { status: 'duplicate' } });
    expect(await complaint.raise({ ...raised, reason: 'hours' })).toMatchObject({ status: 409 });
    await knowsStanding(loanRef);
    const waiting = await sandbox.moveTo(loanRef, taipei('2026-04-22 12:00'));
    expect(waiting.action).toMatchObject({ kind: 'wait', why: { for: 'hold', reasons: ['complaint'] } });

    // Thursday 23 April, 15:00: fifteen days, and nobody has decided. A supervisor hears of it; on the 26th once more.
    await complaint.moveTo(taipei('2026-04-23 14:59'));
    expect(await tasksOf('UPHELD')).toEqual([{ step: 'investigation', status: 'open', answer: null }]);
    await complaint.moveTo(taipei('2026-04-27 10:00'));
    expect((await tasksOf('UPHELD')).map(({ step }) => step)).toEqual([
      'investigation',
      'escalation:investigation:1',
      'escalation:investigation:2',
    ]);

    // Monday 27 April: agent-9 cannot decide it; agent-3 upholds it.
    expect(await complaint.answerTask('investigation', 'dismissed', 'agent-9')).toMatchObject({
      status: 422,
      body: { code: 'FOUR_EYES' },
    });
    expect(await complaint.answerTask('investigation', 'upheld')).toMatchObject({ status: 202 });
    expect(await sandbox.db.select().from(suspension)).toMatchObject([{ subjectRef: 'agent-9', reason: 'threat' }]);
    const [suspended] = await sandbox.db.select().from(suspension);
    if (!suspended) throw new Error('Nobody is suspended.');
    const { from, until } = suspended;
    const agent = { actor: 'agent-9' };
    await sandbox.db.transaction(async (tx) => {
      await expect(assertNotSuspended(tx, agent, from)).rejects.toMatchObject({ code: 'AGENT_SUSPENDED' });
      await expect(assertNotSuspended(tx, agent, until)).resolves.toBeUndefined();
      await expect(assertNotSuspended(tx, { actor: 'agent-3' }, from)).resolves.toBeUndefined();
    });

    // It is not closed before the debtor was answered, and a remedy that costs money is carried out first.
    const letter = { channel: 'letter', reference: 'letter-77', actor: 'agent-3' };
    expect(await complaint.answerDebtor(letter)).toMatchObject({ status: 422, body: { code: 'GRIEVANCE_REMEDY' } });
    expect(await complaint.answerDebtor({ ...letter, remedy: 'feeWaived' })).toMatchObject({ status: 202 });
    expect(await complaint.answerDebtor({ ...letter, remedy: 'feeWaived' })).toMatchObject({ status: 202 });
    expect((await row('UPHELD'))?.status).toBe('open');
    await complaint.answerTask('correction', 'done');
    await expect(complaint.handle.result()).resolves.toMatchObject({ outcome: 'upheld' });
    expect(await row('UPHELD')).toMatchObject({
      status: 'closed',
      outcome: 'upheld',
      decidedBy: 'agent-3',
      findings: 'Looked into it.',
      answerReference: 'letter-77',
      remedy: 'feeWaived',
    });
    expect(await tasksOf('UPHELD')).toEqual([
      { step: 'investigation', status: 'answered', answer: 'upheld' },
      { step: 'escalation:investigation:1', status: 'cancelled', answer: null },
      { step: 'escalation:investigation:2', status: 'cancelled', answer: null },
      { step: 'answer', status: 'answered', answer: null },
      { step: 'correction', status: 'answered', answer: 'done' },
    ]);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('dismissed: the ladder goes on as many days later as it stood still', async () => {
    const loanRef = 'DISMISSED';
    const complaint = grievanceOf(sandbox, 'complaint', 'GROUNDLESS');
    await sandbox.post(dueSoon(statementOf(loanRef)));

    // Wednesday 8 April, 15:00: a complaint by the app. Nobody has spoken to the debtor, so it is to be acknowledged.
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    const sentBefore = await stepsSent(loanRef);
    await complaint.raise({ loanRef, way: 'api', reason: 'service', actor: 'app', at: '2026-04-08T15:00:00+08:00' });
    await knowsStanding(loanRef);
    await complaint.settled();
    expect((await tasksOf('GROUNDLESS')).map(({ step }) => step)).toEqual(['acknowledgement', 'investigation']);
    await complaint.answerTask('acknowledgement', 'done');

    // Friday 17 April, 15:00: dismissed, and the debtor is told. Nine days in all.
    await complaint.moveTo(taipei('2026-04-17 15:00'));
    await complaint.answerTask('investigation', 'dismissed');
    await complaint.answerDebtor({ channel: 'email', reference: 'mail-5', actor: 'agent-3' });
    await complaint.handle.result();
    await sandbox.moveTo(loanRef, taipei('2026-04-17 16:00'));
    await knowsStanding(loanRef);
    expect(await stepsSent(loanRef)).toEqual(sentBefore);

    // The push of Friday 10 April comes nine days later or on the next working day, Monday 20 April.
    await sandbox.moveTo(loanRef, taipei('2026-04-20 13:00'));
    const [next] = (await stepsSent(loanRef)).slice(sentBefore.length);
    expect(next).toEqual(['overdue-push', expect.stringContaining('2026-04-20')]);
  });

  test('a complaint while a plan is open: no reminder, and the money is looked at all the same', async () => {
    const loanRef = 'PLANNED';
    const complaint = grievanceOf(sandbox, 'complaint', 'UNDER-PLAN');
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    const parts = [
      { amountMinor: 250_000, dueOn: '2026-04-30' },
      { amountMinor: 250_000, dueOn: '2026-05-30' },
    ];
    await peopleOf(sandbox, loanRef).propose(agreedOn(sandbox.strategy, 'plan', parts));
    const sentBefore = await stepsSent(loanRef);
    await complaint.raise({
      loanRef,
      way: 'agent',
      reason: 'privacy',
      actor: 'agent-1',
      at: '2026-04-20T15:00:00+08:00',
    });
    await knowsStanding(loanRef);

    // Monday 27 April, the day of the reminder, goes by. The money does not come, and the plan is broken.
    await sandbox.moveTo(loanRef, taipei('2026-05-05 12:00'));
    const [plan] = await sandbox.db.select().from(agreement).where(eq(agreement.loanRef, loanRef));
    expect(plan?.status).toBe('broken');
    expect(await stepsSent(loanRef)).toEqual(sentBefore);
  });

  test('the payment closes the case, and the complaint goes on', async () => {
    const loanRef = 'PAID';
    const complaint = grievanceOf(sandbox, 'complaint', 'GOES-ON');
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    await complaint.raise({
      loanRef,
      way: 'hotline',
      reason: 'hours',
      actor: 'agent-3',
      at: '2026-04-08T15:00:00+08:00',
    });
    await knowsStanding(loanRef);
    await complaint.settled();
    await sandbox.post(payment(loanRef, 'PAID-A', 500_000, '2026-04-09T11:00:00+08:00'));
    await sandbox.ended(loanRef);
    expect(await sandbox.db.select().from(collectionCase).where(eq(collectionCase.loanRef, loanRef))).toMatchObject([
      { outcome: 'cured' },
    ]);
    expect(await tasksOf('GOES-ON')).toEqual([{ step: 'investigation', status: 'open', answer: null }]);
    await complaint.moveTo(taipei('2026-04-12 10:00'));
    await complaint.answerTask('investigation', 'upheld');
    await complaint.answerDebtor({ channel: 'phone', reference: 'call-8', remedy: 'apology', actor: 'agent-3' });
    await complaint.handle.result();
    expect(await row('GOES-ON')).toMatchObject({ status: 'closed' });
    const kinds = await sandbox.db
      .select()
      .from(caseRecord)
      .where(eq(caseRecord.loanRef, loanRef))
      .orderBy(asc(caseRecord.seq));
    expect(
      kinds.map(({ kind }) => kind).filter((kind) => kind.startsWith('grievance') || kind === 'caseClosed'),
    ).toEqual(['grievanceRaised', 'caseClosed', 'grievanceDecided', 'grievanceAnswered', 'grievanceClosed']);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('a dispute: the debt is not owed, and the hold stays until the loan system knows it', async () => {
    const loanRef = 'DISPUTED';
    const dispute = grievanceOf(sandbox, 'dispute', 'NOT-MINE');
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    await dispute.raise({ loanRef, way: 'agent', reason: 'fraud', actor: 'agent-1', at: '2026-04-08T15:00:00+08:00' });
    await knowsStanding(loanRef);
    await dispute.moveTo(taipei('2026-04-15 10:00'));
    expect(await dispute.answerTask('investigation', 'upheld')).toMatchObject({
      body: { code: 'TASK_ANSWER_INVALID' },
    });
    await dispute.answerTask('investigation', 'notOwed');
    await dispute.answerDebtor({ channel: 'letter', reference: 'letter-9', actor: 'agent-3' });
    const held = await sandbox.moveTo(loanRef, taipei('2026-04-16 10:00'));
    expect(held.action).toMatchObject({ kind: 'wait', why: { for: 'hold', reasons: ['dispute'] } });

    // Friday 17 April: the loan system takes the loan back; the case ends, and the task is answered.
    await sandbox.post({
      id: 'DISPUTED-C',
      type: 'loan.closed',
      timestamp: taipei('2026-04-17 10:00'),
      data: { loanRef, reason: 'writtenOff' },
    });
    await sandbox.ended(loanRef);
    await dispute.answerTask('correction', 'done');
    await expect(dispute.handle.result()).resolves.toMatchObject({ outcome: 'notOwed' });
  });

  test('two complaints at once: contact goes on only after the last of them', async () => {
    const loanRef = 'TWO-A';
    const [one, other] = [grievanceOf(sandbox, 'complaint', 'ONE'), grievanceOf(sandbox, 'complaint', 'OTHER')];
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
    const raised = { loanRef, way: 'hotline', reason: 'service', actor: 'agent-3', at: '2026-04-08T15:00:00+08:00' };
    await Promise.all([one.raise(raised), other.raise(raised)]);
    await knowsStanding(loanRef);
    const close = async (each: typeof one) => {
      await each.moveTo(taipei('2026-04-10 10:00'));
      await each.answerTask('investigation', 'dismissed');
      await each.answerDebtor({ channel: 'phone', reference: 'call-1', actor: 'agent-3' });
      await each.handle.result();
      await sandbox.moveTo(loanRef, taipei('2026-04-10 12:00'));
      return knowsStanding(loanRef);
    };
    expect((await close(one)).action).toMatchObject({ kind: 'wait', why: { for: 'hold' } });
    expect((await close(other)).action).toMatchObject({ kind: 'wait', why: { for: 'step' } });
  });

  test('the other loan of the debtor stands still too, its deferred contact included', async () => {
    const debtor = { ...statementOf('SHARED-A').debtor, debtorRef: 'debtor-SHARED-A' };
    for (const ref of ['SHARED-A', 'SHARED-B']) await sandbox.post(dueSoon(statementOf(ref, { debtor })));
    const complaint = grievanceOf(sandbox, 'complaint', 'SHARED');

    // Monday 30 March: the budget of the day goes to the first loan; the second is put off to the next morning.
    await sandbox.moveTo('SHARED-A', taipei('2026-03-30 12:00'));
    const deferred = await sandbox.moveTo('SHARED-B', taipei('2026-03-30 12:00'));
    expect(deferred.action).toMatchObject({ kind: 'wait', until: taipei('2026-03-31 09:00') });

    // 15:00: a complaint about the first loan. Nothing is sent on Tuesday morning; at 11:00 it is dismissed.
    const raised = { loanRef: 'SHARED-A', way: 'hotline', reason: 'frequency', actor: 'agent-3' };
    await complaint.raise({ ...raised, at: '2026-03-30T15:00:00+08:00' });
    await knowsStanding('SHARED-B', 'debtor-SHARED-A');
    await sandbox.moveTo('SHARED-B', taipei('2026-03-31 10:00'));
    expect(await stepsSent('SHARED-B')).toEqual([]);
    await complaint.moveTo(taipei('2026-03-31 11:00'));
    await complaint.answerTask('investigation', 'dismissed');
    await complaint.answerDebtor({ channel: 'phone', reference: 'call-2', actor: 'agent-3' });
    await complaint.handle.result();
    await knowsStanding('SHARED-B', 'debtor-SHARED-A');
    await sandbox.moveTo('SHARED-B', taipei('2026-03-31 12:00'));
    expect((await stepsSent('SHARED-B')).map(([step]) => step)).toEqual(['pre-due-reminder']);
  });

  test('a complaint about a loan that is paid long since is dealt with all the same', async () => {
    const loanRef = 'LONG-PAID';
    const complaint = grievanceOf(sandbox, 'complaint', 'LATE');
    await sandbox.post(dueSoon(statementOf(loanRef)), payment(loanRef, 'LONG-A', 500_000, '2026-03-29T09:00:00+08:00'));
    await complaint.raise({ loanRef, way: 'api', reason: 'privacy', actor: 'app', at: '2026-05-08T15:00:00+08:00' });
    const { state } = await complaint.settled();
    expect(state).toMatchObject({ loanRef, acknowledgedAt: null, raisedAt: taipei('2026-05-08 15:00') });
    expect(await complaint.raise({ loanRef: 'NOBODY', way: 'api', reason: 'privacy', actor: 'app' })).toMatchObject({
      status: 404,
      body: { code: 'CASE_UNKNOWN' },
    });
  });

  test('its run goes on in a new one where it was', async () => {
    const complaint = grievanceOf(sandbox, 'complaint', 'LATE');
    const runOf = async () => (await complaint.handle.describe()).runId;
    const first = await runOf();
    await complaint.answerTask('acknowledgement', 'done');
    // Late by two escalations; asked so often in between that its history grows beyond the limit of the sandbox.
    await complaint.moveTo(taipei('2026-05-27 15:00'));
    await complaint.answerTask('escalation:investigation:1', 'done');
    await complaint.answerTask('escalation:investigation:2', 'done');
    expect(await runOf()).not.toBe(first);
    await complaint.answerTask('investigation', 'upheld');
    await complaint.answerDebtor({ channel: 'phone', reference: 'call-9', remedy: 'apology', actor: 'agent-3' });
    await expect(complaint.handle.result()).resolves.toMatchObject({ outcome: 'upheld' });
  });
});
