import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { caseByLoan, caseList } from '../../db/queries/cases.ts';
import { CONTACT_STATUSES } from '../../domain/contact-ledger.ts';
import { DomainError } from '../../domain/errors.ts';
import { INITIATORS, PERSONS } from '../../domain/rules/facts.ts';
import { caseWorkflowId } from '../../workflows/contract.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { reference } from '../fields.ts';
import { loanRefParams, pageOf } from '../schemas.ts';

const outcome = z.enum(['open', 'paidInFull', 'cured', 'settled', 'legalHandoff', 'writtenOff', 'recalled']);
const amount = z
  .object({ amountMinor: z.number().int().describe('In minor units, such as cents'), currency: z.string() })
  .meta({ id: 'Money', examples: [{ amountMinor: 31_100, currency: 'TWD' }] });
const instant = z.string().meta({ format: 'date-time' });

const caseSummary = z
  .object({
    loanRef: z.string(),
    episode: z.number().int(),
    outcome,
    overdue: amount,
    strategy: z.string().describe('Name and version: what the case is pinned to'),
    openedAt: instant,
    closedAt: instant.nullable(),
  })
  .meta({ id: 'CaseSummary' });

const SUMMARY_EXAMPLE = {
  loanRef: 'TW00001-1',
  episode: 1,
  outcome: 'open' as const,
  overdue: { amountMinor: 31_100, currency: 'TWD' },
  strategy: 'unsecured-consumer@1',
  openedAt: '2026-07-28T16:00:00.000Z',
  closedAt: null,
};

const caseDetail = caseSummary
  .extend({
    dueOn: z.string().meta({ format: 'date' }),
    paid: amount,
    due: z.object({ penalty: z.number(), interest: z.number(), principal: z.number(), fees: z.number() }),
    contacts: z.array(
      z.object({
        key: z.string(),
        initiator: z.enum(INITIATORS),
        person: z.enum(PERSONS).describe('Who was called or written to'),
        step: z.string().nullable().describe('Null: a call, or a contact of the debtor’s own'),
        actor: z.string().nullable().describe('Opaque id of who called or wrote down'),
        channel: z.string().describe('sms, email, push, voice, call, visit or letter'),
        at: instant,
        status: z
          .enum(CONTACT_STATUSES)
          .describe(
            'suppressed, deferred: refused. reserved: allowed, without an outcome. sent: a provider took it. made: a call. ' +
              'received: the debtor’s own. released: it certainly did not take place. rejected, undelivered: it never will. ' +
              'unknown: perhaps it did',
          ),
        rules: z.array(z.string()).describe('Why it was suppressed or put off'),
        until: instant.nullable().describe('Until when it was put off'),
        result: z.string().nullable().describe('How a call went: connected, rightParty, noAnswer, notConnected'),
        delivery: z.string().nullable().describe('What the provider reported of a message: delivered, failed, blocked'),
        noteFindings: z
          .array(z.string())
          .describe('Entries of the word lists found in the note, which is not told here'),
      }),
    ),
    tasks: z.array(z.object({ taskId: z.string(), kind: z.string(), status: z.string(), openedAt: instant })),
    temporalUiUrl: z.string().optional(),
  })
  .meta({
    id: 'Case',
    examples: [
      {
        ...SUMMARY_EXAMPLE,
        dueOn: '2026-08-01',
        paid: { amountMinor: 68_900, currency: 'TWD' },
        due: { penalty: 0, interest: 0, principal: 31_100, fees: 0 },
        contacts: [
          {
            key: 'TW00001-1/1/unsecured-consumer@1/pre-due-reminder/1',
            initiator: 'us' as const,
            person: 'debtor' as const,
            step: 'pre-due-reminder',
            actor: null,
            channel: 'sms',
            at: '2026-07-29T01:00:00.000Z',
            status: 'sent' as const,
            rules: [],
            until: null,
            result: null,
            delivery: 'delivered',
            noteFindings: [],
          },
        ],
        tasks: [
          {
            taskId: 'TW00001-1~1~agent-call~1',
            kind: 'agentCall',
            status: 'open',
            openedAt: '2026-08-11T01:00:00.000Z',
          },
        ],
      },
    ],
  });

const casePage = z
  .object({ cases: z.array(caseSummary), next: z.string().nullable().describe('Pass as `after`; null at the end') })
  .meta({ id: 'CasePage', examples: [{ cases: [SUMMARY_EXAMPLE], next: null }] });

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
        querystring: z.strictObject({ outcome: outcome.optional(), ...pageOf(reference) }),
        response: { 200: json('A page of cases', casePage), ...problems(400) },
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
        response: { 200: json('The case', caseDetail), ...problems(400, 404) },
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
