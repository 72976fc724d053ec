import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseByLoan } from '../../db/queries/cases.ts';
import { task } from '../../db/schema.ts';
import type { TaskAnswer } from '../../domain/case-state.ts';
import { parseInstant } from '../../domain/instant.ts';
import { ANSWER_TASK, caseWorkflowId } from '../../workflows/contract.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const taipei = (local: string) => parseInstant(`${local}+08:00`);
const LOANS = ['PEOPLE-1', 'PEOPLE-2', 'PEOPLE-3'] as const;

describe('steps that people take', () => {
  let sandbox: TestSandbox;

  beforeAll(async () => {
    // A low limit makes the cases continue as new all the time, so every story here also crosses runs.
    sandbox = await openSandbox({
      seenAt: Object.fromEntries(LOANS.map((loanRef) => [loanRef, SEEN_AT])),
      historyLimit: 30,
    });
  });
  afterAll(async () => {
    await sandbox?.record({ 'continued-to-legal-handoff-v1': 'PEOPLE-1', 'reviewed-again-v1': 'PEOPLE-2' });
    await sandbox?.stop();
  });

  const answer = (loanRef: string, taskId: string, given: TaskAnswer) =>
    sandbox.kept.client.workflow
      .getHandle(caseWorkflowId(loanRef))
      .executeUpdate(ANSWER_TASK, { args: [{ taskId, answer: given, actor: 'agent-7', reason: 'test' }] });
  const openTasks = async (loanRef: string) =>
    (await sandbox.db.select().from(task).where(eq(task.loanRef, loanRef)))
      .filter((row) => row.status === 'open')
      .map(({ kind, taskId }) => ({ kind, taskId }));

  test('T3 T5 C10: nobody pays and nobody answers until counsel takes the file, over several runs of the workflow', async () => {
    const loanRef = 'PEOPLE-1';
    const handle = sandbox.kept.client.workflow.getHandle(caseWorkflowId(loanRef));
    await sandbox.post(dueSoon(statementOf(loanRef)));
    const firstRun = (await handle.describe()).runId;

    // Monday 11 May, day 40: the formal notice went out; Sunday 31 May is day 60, so the visit opens on 1 June.
    const noticed = await sandbox.moveTo(loanRef, taipei('2026-05-11T18:00:00'));
    expect(noticed.state?.done['demand-notice']).toEqual({ result: 'sent', at: taipei('2026-05-11T10:30:00') });
    await sandbox.moveTo(loanRef, taipei('2026-06-01T18:00:00'));
    expect((await openTasks(loanRef)).map(({ kind }) => kind)).toEqual(['agentCall', 'fieldVisit']);

    // Monday 15 June: nobody has answered for 14 days; the ladder goes on to day 90, Tuesday 30 June.
    const waiting = await sandbox.moveTo(loanRef, taipei('2026-06-15T00:00:00'));
    expect(waiting.action).toMatchObject({ kind: 'wait', until: taipei('2026-06-30T09:30:00') });
    await sandbox.moveTo(loanRef, taipei('2026-06-30T12:00:00'));
    const legal = (await openTasks(loanRef)).find(({ kind }) => kind === 'legalReferral');
    expect(legal).toBeDefined();

    // Wrong answers are refused and change nothing; the right one ends the case.
    const taskId = legal?.taskId ?? '';
    await expect(answer(loanRef, taskId, 'replan')).rejects.toMatchObject({ cause: { type: 'TASK_ANSWER_INVALID' } });
    await expect(answer(loanRef, 'PEOPLE-1~1~nothing~9', 'done')).rejects.toMatchObject({
      cause: { type: 'TASK_UNKNOWN' },
    });
    await answer(loanRef, taskId, 'handedOff');
    await sandbox.ended(loanRef);
    expect(await caseByLoan(sandbox.db, loanRef)).toMatchObject({ outcome: 'legalHandoff' });
    expect(await openTasks(loanRef)).toEqual([]);
    const lastRun = (await sandbox.kept.client.workflow.getHandle(caseWorkflowId(loanRef)).describe()).runId;
    expect(lastRun).not.toBe(firstRun);

    // Money that comes after the handoff is kept with the loan and opens no new case.
    await sandbox.post(payment(loanRef, 'PEOPLE-1-LATE', 100_000, '2026-07-20T10:00:00+08:00'));
    expect(await caseByLoan(sandbox.db, loanRef)).toMatchObject({
      episode: 1,
      outcome: 'legalHandoff',
      paid: { amountMinor: 100_000, currency: 'TWD' },
    });
  });

  test('a refused legal referral lets the ladder go on, and no case runs out silently: review after review', async () => {
    const loanRef = 'PEOPLE-2';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-06-30T12:00:00'));
    const legal = (await openTasks(loanRef)).find(({ kind }) => kind === 'legalReferral');
    await answer(loanRef, legal?.taskId ?? '', 'refused');

    // Day 120 is Thursday 30 July: the closing review.
    const reviewed = await sandbox.moveTo(loanRef, taipei('2026-07-30T12:00:00'));
    const review = reviewed.state?.openTasks.find(({ kind }) => kind === 'review');
    expect(review?.openedAt).toBe(taipei('2026-07-30T09:30:00'));
    for (const { taskId } of reviewed.state?.openTasks ?? []) await answer(loanRef, taskId, 'done');
    const after = await sandbox.settled(loanRef);
    expect(after.state?.openTasks).toEqual([]);
    expect(after.action).toMatchObject({ kind: 'wait', why: { for: 'review' } });

    const again = await sandbox.moveTo(loanRef, taipei('2026-09-15T12:00:00'));
    expect(again.state?.openTasks.map(({ kind }) => kind)).toEqual(['review']);
    expect(await caseByLoan(sandbox.db, loanRef)).toMatchObject({ outcome: 'open' });
  });

  test('an answer is taken once: the second time it is refused', async () => {
    const loanRef = 'PEOPLE-3';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-15T12:00:00'));
    const [call] = await openTasks(loanRef);
    expect(call?.kind).toBe('agentCall');
    await answer(loanRef, call?.taskId ?? '', 'done');
    await expect(answer(loanRef, call?.taskId ?? '', 'notDone')).rejects.toMatchObject({
      cause: { type: 'TASK_UNKNOWN' },
    });
    await sandbox.settled(loanRef);
    const rows = await sandbox.db.select().from(task).where(eq(task.loanRef, loanRef));
    expect(rows.map(({ status, answer: given, actor }) => [status, given, actor])).toEqual([
      ['answered', 'done', 'agent-7'],
    ]);
  });
});
