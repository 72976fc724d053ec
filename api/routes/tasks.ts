import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { task } from '../../db/schema.ts';
import { TASK_ANSWERS } from '../../domain/case-state.ts';
import { DomainError, ERRORS, type ErrorCode } from '../../domain/errors.ts';
import { ANSWER_TASK, type AnswerTaskInput, caseWorkflowId } from '../../workflows/contract.ts';
import type { ApiOptions } from '../app.ts';
import { problem, taskAnswer, taskParams } from '../schemas.ts';

const taskItem = z
  .object({
    taskId: z.string(),
    loanRef: z.string(),
    kind: z.string(),
    step: z.string(),
    status: z.enum(['open', 'answered', 'cancelled']),
    openedAt: z.string(),
    goesOnAt: z.string().describe('The ladder goes on by itself then'),
    answers: z.array(z.string()).describe('What it can be answered with'),
    answer: z.string().nullable(),
  })
  .meta({ id: 'Task' });

function toItem(row: typeof task.$inferSelect): z.infer<typeof taskItem> {
  const { taskId, loanRef, kind, step, status, openedAt, goesOnAt, answer } = row;
  return { taskId, loanRef, kind, step, status, openedAt, goesOnAt, answers: [...TASK_ANSWERS[kind]], answer };
}

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
        querystring: z.object({
          status: z.enum(['open', 'answered', 'cancelled']).default('open'),
          after: z.string().max(200).optional().describe('The last task id of the page before'),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        response: {
          200: z.object({ tasks: z.array(taskItem), next: z.string().nullable() }),
          400: problem,
          401: problem,
        },
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
          202: z.object({ taskId: z.string() }),
          400: problem,
          401: problem,
          404: problem,
          409: problem,
          422: problem,
        },
      },
    },
    async ({ params: { taskId }, body }, reply) => {
      const [row] = await db.select().from(task).where(eq(task.taskId, taskId));
      if (!row) throw new DomainError('TASK_UNKNOWN', `There is no task ${taskId}.`);
      if (row.status !== 'open') throw new DomainError('TASK_ALREADY_ANSWERED', `Task ${taskId} is ${row.status}.`);
      const input: AnswerTaskInput = { taskId, ...body };
      try {
        // The update's id makes a repeated request the same update.
        await client.workflow
          .getHandle(caseWorkflowId(row.loanRef))
          .executeUpdate(ANSWER_TASK, { args: [input], updateId: `answer-${taskId}-${body.answer}` });
      } catch (error) {
        throw toRefusal(error, taskId);
      }
      return reply.status(202).send({ taskId });
    },
  );
}

function toRefusal(error: unknown, taskId: string): unknown {
  if (error instanceof WorkflowNotFoundError)
    return new DomainError('TASK_UNKNOWN', `The case of task ${taskId} is closed.`);
  const type =
    error instanceof WorkflowUpdateFailedError && error.cause && 'type' in error.cause ? error.cause.type : null;
  return typeof type === 'string' && Object.hasOwn(ERRORS, type)
    ? new DomainError(type as ErrorCode, `Task ${taskId} was not answered.`)
    : error;
}
