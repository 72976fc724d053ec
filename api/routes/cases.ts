import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { caseByLoan, caseList } from '../../db/queries/cases.ts';
import { DomainError } from '../../domain/errors.ts';
import { caseWorkflowId } from '../../workflows/contract.ts';
import type { ApiOptions } from '../app.ts';
import { loanRefParams, problem } from '../schemas.ts';

const outcome = z.enum(['open', 'paidInFull', 'cured', 'settled', 'legalHandoff', 'writtenOff', 'recalled']);
const amount = z.object({ amountMinor: z.number().int(), currency: z.string() });

const caseSummary = z
  .object({
    loanRef: z.string(),
    episode: z.number().int(),
    outcome,
    overdue: amount,
    strategy: z.string(),
    openedAt: z.string(),
    closedAt: z.string().nullable(),
  })
  .meta({ id: 'CaseSummary' });

const caseDetail = caseSummary
  .extend({
    dueOn: z.string(),
    paid: amount,
    due: z.object({ penalty: z.number(), interest: z.number(), principal: z.number(), fees: z.number() }),
    contacts: z.array(
      z.object({
        step: z.string(),
        channel: z.string(),
        at: z.string(),
        status: z.string(),
        rules: z.array(z.string()).describe('Why it was suppressed or put off'),
      }),
    ),
    tasks: z.array(z.object({ taskId: z.string(), kind: z.string(), status: z.string(), openedAt: z.string() })),
    temporalUiUrl: z.string().optional(),
  })
  .meta({ id: 'Case' });

/** Reads of cases, always from Postgres and never from the engine. */
export async function caseRoutes(instance: FastifyInstance, { db, temporalUiUrl }: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.get(
    '/cases',
    {
      schema: {
        operationId: 'listCases',
        summary: 'Cases in order of their loan reference, a page at a time',
        tags: ['cases'],
        querystring: z.object({
          outcome: outcome.optional(),
          after: z.string().max(64).optional().describe('The last loan reference of the page before'),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        response: {
          200: z.object({ cases: z.array(caseSummary), next: z.string().nullable() }),
          400: problem,
          401: problem,
        },
      },
    },
    async ({ query }) => {
      const cases = await caseList(db, query);
      return { cases, next: cases.length === query.limit ? (cases.at(-1)?.loanRef ?? null) : null };
    },
  );
  app.get(
    '/cases/:loanRef',
    {
      schema: {
        operationId: 'getCase',
        summary: 'The latest case of a loan, with its contacts and tasks',
        tags: ['cases'],
        params: loanRefParams,
        response: { 200: caseDetail, 401: problem, 404: problem },
      },
    },
    async ({ params }) => {
      const found = await caseByLoan(db, params.loanRef);
      if (!found) throw new DomainError('CASE_UNKNOWN', `Loan ${params.loanRef} has no case.`);
      const workflow = encodeURIComponent(caseWorkflowId(params.loanRef));
      return temporalUiUrl === undefined
        ? found
        : { ...found, temporalUiUrl: `${temporalUiUrl}/workflows/${workflow}` };
    },
  );
}
