import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logCall } from '../../db/call-log.ts';
import { reserveCall } from '../../db/calls.ts';
import { task } from '../../db/schema.ts';
import { parseInstant } from '../../domain/instant.ts';
import { pollUntil } from '../../local/poll.ts';
import { caseWorkflowId } from '../../workflows/contract.ts';
import { apiPolicy } from '../support/api-policy.ts';
import { ask, askInVain } from '../support/api.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const LOANS = Array.from({ length: 7 }, (_, index) => `CASE-${index + 1}`);
const APRIL_16 = parseInstant('2026-04-16T12:00:00+08:00');

interface CasePage {
  readonly cases: readonly { readonly loanRef: string; readonly outcome: string }[];
  readonly next: string | null;
}
interface TaskPage {
  readonly tasks: readonly { readonly taskId: string; readonly status: string }[];
  readonly next: string | null;
}

let sandbox: TestSandbox;
let app: FastifyInstance;

beforeAll(async () => {
  sandbox = await openSandbox({ seenAt: Object.fromEntries(LOANS.map((loanRef) => [loanRef, SEEN_AT])) });
  ({ app } = sandbox.kept.api);
  await sandbox.post(...LOANS.map((loanRef) => dueSoon(statementOf(loanRef))));
  // Wednesday 15 April, day 14: the agent's call.
  await Promise.all(LOANS.map((loanRef) => sandbox.moveTo(loanRef, APRIL_16)));
});
afterAll(() => sandbox?.stop());

const taskIdOf = async (loanRef: string) => {
  const [row] = await sandbox.db.select().from(task).where(eq(task.loanRef, loanRef));
  return row?.taskId ?? '';
};
const answering = (taskId: string, payload: object) =>
  ({ method: 'POST', url: `/v1/tasks/${encodeURIComponent(taskId)}/answer`, payload }) as const;
/** What has to stand in the ledger before a call is done: it was reserved, dialled and logged. */
async function logCallOn(loanRef: string): Promise<void> {
  const callId = `call-${loanRef}`;
  const policy = apiPolicy();
  await reserveCall(
    sandbox.db,
    policy,
    { callId, loanRef, actor: 'agent-1', to: 'debtor', thirdPartyRef: null },
    APRIL_16,
  );
  const log = { callId, result: 'rightParty', actor: 'agent-1', note: null, noteFindings: [] } as const;
  await logCall(sandbox.db, policy, log, APRIL_16);
}
const DONE = { answer: 'done', actor: 'agent-1', reason: 'Will pay on Friday. 週五付款。' };

async function untilAnswered(taskId: string): Promise<unknown> {
  return pollUntil(
    async () => {
      const [row] = await sandbox.db.select().from(task).where(eq(task.taskId, taskId));
      return row?.status === 'answered' ? row : undefined;
    },
    { withinMs: 20_000, everyMs: 20, timeUp: () => new Error(`Task ${taskId} is never recorded as answered.`) },
  );
}

describe('GET /v1/cases', () => {
  test('lists cases a page at a time, each once', async () => {
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 10; page += 1) {
      const { status, body } = await ask<CasePage>(app, { url: `/v1/cases?limit=4${after}` });
      expect(status).toBe(200);
      seen.push(...body.cases.map((each) => each.loanRef));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(seen).toEqual(LOANS);
    const closed = await ask<CasePage>(app, { url: '/v1/cases?outcome=writtenOff' });
    expect(closed.body).toEqual({ cases: [], next: null });
    const open = await ask<CasePage>(app, { url: '/v1/cases?outcome=open&limit=200' });
    expect(open.body.cases).toHaveLength(LOANS.length);
  });

  test('T2 A8: shows a case with its contacts, its tasks and its money, and nothing personal', async () => {
    const { status, body } = await ask(app, { url: '/v1/cases/CASE-1' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      loanRef: 'CASE-1',
      episode: 1,
      outcome: 'open',
      closedAt: null,
      dueOn: '2026-04-01',
      overdue: { amountMinor: 500_000, currency: 'TWD' },
      paid: { amountMinor: 0, currency: 'TWD' },
      due: { penalty: 0, interest: 0, principal: 500_000, fees: 0 },
      tasks: [{ taskId: await taskIdOf('CASE-1'), kind: 'agentCall', status: 'open' }],
    });
    expect(body['contacts']).toEqual(
      expect.arrayContaining([
        {
          key: 'CASE-1/1/unsecured-consumer@2/pre-due-reminder/1',
          initiator: 'us',
          person: 'debtor',
          step: 'pre-due-reminder',
          actor: null,
          channel: 'sms',
          at: '2026-03-30T01:00:00.000Z',
          status: 'sent',
          rules: [],
          until: null,
          result: null,
          delivery: null,
          noteFindings: [],
        },
      ]),
    );
    for (const personal of ['+886900000001', 'debtor@example.com', 'app-CASE-1']) {
      expect(JSON.stringify(body)).not.toContain(personal);
    }
    expect(await askInVain(app, { url: '/v1/cases/NOBODY' })).toMatchObject({ status: 404, code: 'CASE_UNKNOWN' });
  });
});

describe('GET /v1/tasks', () => {
  test('lists the open tasks a page at a time, with what they can be answered with', async () => {
    const first = await ask<TaskPage>(app, { url: '/v1/tasks?limit=5' });
    const second = await ask<TaskPage>(app, {
      url: `/v1/tasks?limit=5&after=${encodeURIComponent(first.body.next ?? '')}`,
    });
    const all = [...first.body.tasks, ...second.body.tasks];
    expect(new Set(all.map((each) => each.taskId)).size).toBe(LOANS.length);
    expect(second.body.next).toBeNull();
    expect(all[0]).toMatchObject({
      kind: 'agentCall',
      status: 'open',
      answers: ['done', 'notDone', 'refused'],
      answer: null,
    });
    expect((await ask<TaskPage>(app, { url: '/v1/tasks?status=cancelled' })).body.tasks).toEqual([]);
  });
});

describe('POST /v1/tasks/{taskId}/answer', () => {
  test('gives the answer to the case; the same answer again, at once and later, is the same answer', async () => {
    const taskId = await taskIdOf('CASE-1');
    await logCallOn('CASE-1');
    const both = await Promise.all([ask(app, answering(taskId, DONE)), ask(app, answering(taskId, DONE))]);
    expect(both.map(({ status, body }) => [status, body])).toEqual([
      [202, { taskId }],
      [202, { taskId }],
    ]);
    expect(await untilAnswered(taskId)).toMatchObject({ answer: 'done', actor: 'agent-1', reason: DONE.reason });
    expect((await ask(app, answering(taskId, DONE))).status).toBe(202);
    const answered = await ask<TaskPage>(app, { url: '/v1/tasks?status=answered' });
    expect(answered.body.tasks).toContainEqual(expect.objectContaining({ taskId, status: 'answered', answer: 'done' }));
  });

  test('takes one of two different answers, whether they come at once or one after the other', async () => {
    const taskId = await taskIdOf('CASE-2');
    await logCallOn('CASE-2');
    const other = { ...DONE, answer: 'notDone', actor: 'agent-2' };
    const both = await Promise.all([app.inject(answering(taskId, DONE)), app.inject(answering(taskId, other))]);
    expect(new Set(both.map((response) => response.statusCode))).toEqual(new Set([202, 409]));
    await untilAnswered(taskId);
    const third = answering(taskId, { ...DONE, actor: 'agent-3' });
    expect(await askInVain(app, third)).toMatchObject({ status: 409, code: 'TASK_ALREADY_ANSWERED' });
  });

  test('the same answer of another person is another answer', async () => {
    const taskId = await taskIdOf('CASE-3');
    await logCallOn('CASE-3');
    expect((await ask(app, answering(taskId, DONE))).status).toBe(202);
    const other = answering(taskId, { ...DONE, actor: 'agent-2' });
    expect(await askInVain(app, other)).toMatchObject({ status: 409, code: 'TASK_ALREADY_ANSWERED' });
    expect(await untilAnswered(taskId)).toMatchObject({ actor: 'agent-1' });
  });

  test('refuses an answer that the task does not offer, and leaves the task open', async () => {
    const taskId = await taskIdOf('CASE-4');
    await logCallOn('CASE-4');
    for (const answer of ['handedOff', 'approved', 'replan']) {
      expect(await askInVain(app, answering(taskId, { ...DONE, answer }))).toMatchObject({
        status: 422,
        code: 'TASK_ANSWER_INVALID',
      });
    }
    const [row] = await sandbox.db.select().from(task).where(eq(task.taskId, taskId));
    expect(row?.status).toBe('open');
    expect((await ask(app, answering(taskId, DONE))).status).toBe(202);
  });

  test('T2: a call is done only when one was logged since the task was opened; not done it may be without', async () => {
    const taskId = await taskIdOf('CASE-7');
    const problem = await askInVain(app, answering(taskId, DONE));
    expect(problem).toMatchObject({ status: 422, code: 'TASK_ANSWER_INVALID' });
    expect(problem.detail).toContain('log the call first');
    const talk = { contactId: 'CASE-7', loanRef: 'CASE-7', channel: 'call', at: APRIL_16, actor: 'agent-1' };
    // What was logged before the task was opened is another call.
    await sandbox.db.update(task).set({ openedAt: '2099-01-01T00:00:00.000Z' }).where(eq(task.taskId, taskId));
    expect((await ask(app, { method: 'POST', url: '/v1/contacts', payload: talk })).status).toBe(202);
    expect(await askInVain(app, answering(taskId, DONE))).toMatchObject({ code: 'TASK_ANSWER_INVALID' });
    await sandbox.db.update(task).set({ openedAt: '2026-04-15T00:00:00.000Z' }).where(eq(task.taskId, taskId));
    expect((await ask(app, answering(taskId, DONE))).status).toBe(202);
    expect((await ask(app, answering(await taskIdOf('CASE-5'), { ...DONE, answer: 'notDone' }))).status).toBe(202);
  });

  test.each<[object, string]>([
    [{ ...DONE, answer: 'maybe' }, '/answer'],
    [{ ...DONE, actor: 'Some Body' }, '/actor'],
    [{ ...DONE, reason: '' }, '/reason'],
    [{ ...DONE, reason: 'a\0b' }, '/reason'],
    [{ ...DONE, at: '2026-04-01T00:00:00Z' }, '/at'],
    [{ actor: DONE.actor, reason: DONE.reason }, '/answer'],
  ])('refuses %j by its pointer', async (payload, pointer) => {
    const problem = await askInVain(app, answering(await taskIdOf('CASE-5'), payload));
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
  });

  test('knows no task of that name', async () => {
    expect(await askInVain(app, answering('CASE-1~1~nothing~9', DONE))).toMatchObject({
      status: 404,
      code: 'TASK_UNKNOWN',
    });
    expect(await askInVain(app, answering('名'.repeat(200), DONE))).toMatchObject({ status: 404 });
  });

  test('of a case that has closed is refused, also while that is not on record yet', async () => {
    const taskId = await taskIdOf('CASE-6');
    await logCallOn('CASE-6');
    await sandbox.post(payment('CASE-6', 'CASE-6-P', 500_000, '2026-04-16T13:00:00+08:00'));
    await sandbox.ended('CASE-6');
    expect(await askInVain(app, answering(taskId, DONE))).toMatchObject({ status: 409, code: 'TASK_ALREADY_ANSWERED' });
    // As if the closing had not been recorded: the engine no longer runs the case.
    await sandbox.db.update(task).set({ status: 'open' }).where(eq(task.taskId, taskId));
    expect(await askInVain(app, answering(taskId, DONE))).toMatchObject({ status: 409, code: 'TASK_ALREADY_ANSWERED' });
    const ended = await sandbox.kept.client.workflow.getHandle(caseWorkflowId('CASE-6')).describe();
    expect(ended.status.name).toBe('COMPLETED');
  });

  test('is not waited for when no worker answers: 503, and the answer can be sent again', async () => {
    await sandbox.kept.client.workflow.start('nobodyKnowsThis', {
      taskQueue: 'nobody-listens',
      workflowId: caseWorkflowId('SILENT'),
    });
    const taskId = 'SILENT~1~call~1';
    const now = parseInstant('2026-04-16T12:00:00+08:00');
    await sandbox.db
      .insert(task)
      .values({ taskId, loanRef: 'SILENT', episode: 1, step: 'call', kind: 'agentCall', openedAt: now, goesOnAt: now });
    const notDone = answering(taskId, { ...DONE, answer: 'notDone' });
    expect(await askInVain(app, notDone)).toMatchObject({ status: 503, code: 'ENGINE_UNREACHABLE' });
    await sandbox.kept.client.workflow.getHandle(caseWorkflowId('SILENT')).terminate();
  });
});
