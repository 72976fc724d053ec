import type { Client } from '@temporalio/client';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from '../../db/client.ts';
import { wasCallLogged } from '../../db/queries/logged-call.ts';
import { grievance, task } from '../../db/schema.ts';
import { TASK_ANSWERS } from '../../domain/case-state.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { ANSWER_TASK, type AnswerTaskInput, caseWorkflowId } from '../../workflows/contract.ts';
import { grievanceWorkflowId } from '../../workflows/grievance-contract.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { updateWorkflow } from '../case-update.ts';
import { pageOf, taskAnswer, taskIdText, taskParams } from '../schemas.ts';

const TASK_EXAMPLE = {
  taskId: 'TW00001-1~1~agent-call~1',
  loanRef: 'TW00001-1',
  kind: 'agentCall',
  step: 'agent-call',
  status: 'open' as const,
  openedAt: '2026-08-11T01:00:00.000Z',
  goesOnAt: '2026-08-16T01:00:00.000Z',
  answers: ['done', 'notDone', 'refused'],
  answer: null,
};

const taskItem = z
  .object({
    taskId: z.string(),
    loanRef: z.string(),
    kind: z.string(),
    step: z.string(),
    status: z.enum(['open', 'answered', 'cancelled']),
    openedAt: z.string().meta({ format: 'date-time' }),
    goesOnAt: z
      .string()
      .meta({ format: 'date-time' })
      .describe('The ladder goes on by itself then; of a complaint or dispute the deadline'),
    answers: z.array(z.string()).describe('What it can be answered with'),
    answer: z.string().nullable(),
  })
  .meta({ id: 'Task', examples: [TASK_EXAMPLE] });

function toItem(row: typeof task.$inferSelect): z.infer<typeof taskItem> {
  const { taskId, loanRef, kind, step, status, openedAt, goesOnAt, answer } = row;
  return { taskId, loanRef, kind, step, status, openedAt, goesOnAt, answers: [...TASK_ANSWERS[kind]], answer };
}

const taskPage = z
  .object({ tasks: z.array(taskItem), next: z.string().nullable().describe('Pass as `after`; null at the end') })
  .meta({ id: 'TaskPage', examples: [{ tasks: [TASK_EXAMPLE], next: null }] });

/** Work that cases have for people, and the answers. */
export async function taskRoutes(instance: FastifyInstance, { db, client }: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.get(
    '/tasks',
    {
      schema: {
        operationId: 'listTasks',
        summary: 'Tasks in order of their ids, a page at a time',
        tags: ['tasks'],
        querystring: z.strictObject({
          status: z.enum(['open', 'answered', 'cancelled']).default('open'),
          ...pageOf(taskIdText),
        }),
        response: { 200: json('A page of tasks', taskPage), ...problems(400) },
      },
    },
    async ({ query }) => {
      const rows = await db
        .select()
        .from(task)
        .where(and(eq(task.status, query.status), query.after === undefined ? undefined : gt(task.taskId, query.after)))
        .orderBy(asc(task.taskId))
        .limit(query.limit);
      return { tasks: rows.map(toItem), next: rows.length === query.limit ? (rows.at(-1)?.taskId ?? null) : null };
    },
  );
  app.post(
    '/tasks/:taskId/answer',
    {
      schema: {
        operationId: 'answerTask',
        summary: 'Answer a task; the case goes on with the answer',
        tags: ['tasks'],
        params: taskParams,
        body: taskAnswer,
        response: {
          202: json('The case has the answer', z.object({ taskId: z.string() })),
          ...problems(400, 404, 409, 413, 415, 422),
        },
      },
    },
    async ({ params: { taskId }, body }, reply) => {
      const [row] = await db.select().from(task).where(eq(task.taskId, taskId));
      if (!row) throw new DomainError('TASK_UNKNOWN', `There is no task ${taskId}.`);
      if (row.status === 'open') {
        await requireLoggedCall(db, row, body.answer);
        await giveAnswer(client, await workflowOf(db, row), { taskId, ...body });
      } else if (!isSame(row, body)) {
        throw new DomainError('TASK_ALREADY_ANSWERED', `Task ${taskId} is ${row.status}.`);
      }
      return reply.status(202).send({ taskId });
    },
  );
}

/** A call that nobody reserved and logged would be missing in every count. @throws TASK_ANSWER_INVALID */
async function requireLoggedCall(
  db: Database,
  { taskId, kind, loanRef, openedAt }: typeof task.$inferSelect,
  answer: string,
): Promise<void> {
  if (kind !== 'agentCall' || answer !== 'done' || (await wasCallLogged(db, loanRef, openedAt))) return;
  const message = `Task ${taskId} is about a call, and none has been logged since it was opened: log the call first.`;
  throw new DomainError('TASK_ANSWER_INVALID', message);
}

/** The same answer sent again is the same answer. */
function isSame(row: typeof task.$inferSelect, body: Omit<AnswerTaskInput, 'taskId'>): boolean {
  return row.answer === body.answer && row.actor === body.actor && row.reason === body.reason;
}

/**
 * The task is on record and open, so a case that does not know it has had another answer, or has closed, just now.
 * @throws TASK_ALREADY_ANSWERED, TASK_ANSWER_INVALID, FOUR_EYES
 */
async function giveAnswer(client: Client, workflowId: string, input: AnswerTaskInput): Promise<void> {
  const ifGone = () => new DomainError('TASK_ALREADY_ANSWERED', `Task ${input.taskId} is no longer open.`);
  try {
    await updateWorkflow<undefined, AnswerTaskInput>(client, { workflowId, ifGone }, { name: ANSWER_TASK, input });
  } catch (error) {
    if (!(error instanceof DomainError) || !NO_LONGER_OPEN.has(error.code)) throw error;
    throw ifGone();
  }
}

const NO_LONGER_OPEN: ReadonlySet<ErrorCode> = new Set(['TASK_UNKNOWN', 'TASK_ALREADY_ANSWERED']);

/** Who waits for the answer: a complaint or dispute, or else the case. @throws GRIEVANCE_UNKNOWN */
async function workflowOf(db: Database, { grievanceId, loanRef }: typeof task.$inferSelect): Promise<string> {
  if (grievanceId === null) return caseWorkflowId(loanRef);
  const [row] = await db.select({ kind: grievance.kind }).from(grievance).where(eq(grievance.grievanceId, grievanceId));
  if (!row) throw new DomainError('GRIEVANCE_UNKNOWN', `There is no grievance ${grievanceId}.`);
  return grievanceWorkflowId(row.kind, grievanceId);
}
