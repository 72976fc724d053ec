import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agreementTermsOf } from '../../db/queries/agreement-terms.ts';
import { agreementsOfLoan } from '../../db/queries/agreements.ts';
import { AGREEMENT_KINDS, AGREEMENT_WAYS, DELAY_REASONS, totalOf } from '../../domain/agreement.ts';
import { limitsOf } from '../../domain/agreement-limits.ts';
import { offersOf } from '../../domain/agreement-offers.ts';
import type { ProposedAgreement } from '../../domain/agreement-refusal.ts';
import { instalmentsOf } from '../../domain/agreement-terms.ts';
import { localDateOf } from '../../domain/calendar.ts';
import {
  type AgreementAnswer,
  CANCEL_AGREEMENT,
  type CancelAgreementInput,
  PROPOSE_AGREEMENT,
} from '../../workflows/contract.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { updateCase } from '../case-update.ts';
import { clockOf } from '../clock.ts';
import { actor, amountMinor, instantOut, localDate, minor, reference, text } from '../fields.ts';
import { loanRefParams } from '../schemas.ts';

const part = z
  .strictObject({
    amountMinor: minor(1),
    dueOn: localDate.describe('Paid by the end of this day at the debtor’s place'),
  })
  .meta({ id: 'AgreedPart', examples: [{ amountMinor: 250_000, dueOn: '2026-08-20' }] });

const agreementId = reference
  .describe('The caller’s own id, unique within the case')
  .meta({ examples: ['promise-4711'] });

const proposal = z
  .strictObject({
    agreementId,
    kind: z
      .enum(AGREEMENT_KINDS)
      .describe('promise: one part of what is due. plan: all of it in parts. settlement: less'),
    way: z.enum(AGREEMENT_WAYS).describe('How it was reached'),
    reason: z.enum(DELAY_REASONS).nullable().describe('Why the debtor could not pay'),
    actor,
    parts: z.array(part).min(1).max(60),
    discountMinor: amountMinor.default(0).describe('What is forgiven when all of it is paid; settlements only'),
  })
  .meta({
    id: 'ProposedAgreement',
    examples: [
      {
        agreementId: 'promise-4711',
        kind: 'promise' as const,
        way: 'phone' as const,
        reason: 'illness' as const,
        actor: 'agent-17',
        parts: [{ amountMinor: 31_100, dueOn: '2026-08-20' }],
        discountMinor: 0,
      },
    ],
  });

const answer = z
  .object({
    agreementId: z.string(),
    status: z
      .enum(['made', 'awaitsApproval'])
      .describe('awaitsApproval: more is forgiven than the strategy permits, so somebody else has to approve it'),
  })
  .meta({ id: 'AgreementAnswer', examples: [{ agreementId: 'promise-4711', status: 'made' as const }] });

const cancellation = z
  .strictObject({ actor, reason: text({ min: 1, max: 1_000 }) })
  .meta({ id: 'Cancellation', examples: [{ actor: 'agent-17', reason: 'The debtor asked for another day.' }] });

const agreement = z
  .object({
    agreementId: z.string(),
    kind: z.string(),
    status: z.string().describe('open, kept, partlyKept, broken, cancelled or replaced'),
    way: z.string(),
    reason: z.string().nullable(),
    actor: z.string(),
    madeAt: instantOut,
    endedAt: instantOut.nullable(),
    parts: z.array(z.object({ amountMinor: z.number().int(), dueOn: z.string() })),
    partsPaid: z.number().int(),
    totalMinor: z.number().int(),
    receivedMinor: z.number().int().describe('Received under it so far'),
    discountMinor: z.number().int(),
    toleranceMinor: z.number().int().describe('What a part may lack and still be paid'),
  })
  .meta({ id: 'Agreement' });
const agreements = z
  .object({ agreements: z.array(agreement) })
  .meta({ id: 'Agreements', examples: [{ agreements: [] }] });

const offers = z
  .object({
    overdueMinor: z.number().int(),
    currency: z.string(),
    offers: z.array(
      z.object({
        kind: z.enum(['plan', 'settlement']),
        parts: z.array(z.object({ amountMinor: z.number().int(), dueOn: z.string() })),
        totalMinor: z.number().int(),
        discountMinor: z.number().int(),
      }),
    ),
  })
  .meta({
    id: 'Offers',
    examples: [
      {
        overdueMinor: 100_000,
        currency: 'TWD',
        offers: [
          {
            kind: 'plan' as const,
            parts: [
              { amountMinor: 50_000, dueOn: '2026-08-20' },
              { amountMinor: 50_000, dueOn: '2026-09-20' },
            ],
            totalMinor: 100_000,
            discountMinor: 0,
          },
        ],
      },
    ],
  });

/** Promises, plans and settlements: what can be offered, what was agreed, and what it has come to. */
export async function agreementRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db, client } = options;
  const now = clockOf(options);
  app.get(
    '/cases/:loanRef/offers',
    {
      schema: {
        operationId: 'listOffers',
        summary: 'What a debtor can be offered without anybody’s approval',
        tags: ['agreements'],
        params: loanRefParams,
        querystring: z.strictObject({ firstOn: localDate.describe('The day of the first part') }),
        response: { 200: json('Offers that add up to what is due', offers), ...problems(400, 404, 422) },
      },
    },
    async ({ params: { loanRef }, query: { firstOn } }) => {
      const terms = await agreementTermsOf(db, loanRef);
      const { currency, zone, balance } = terms;
      const { overdueMinor } = balance;
      const at = now();
      const limits = { plan: limitsOf(terms, 'plan', at), settlement: limitsOf(terms, 'settlement', at) };
      const found = offersOf(limits, overdueMinor, { today: localDateOf(at, zone), firstOn });
      return {
        overdueMinor,
        currency,
        offers: found.map(({ kind, parts, discountMinor }) => ({
          kind,
          parts: [...parts],
          totalMinor: totalOf({ instalments: instalmentsOf(parts, limits[kind], zone) }),
          discountMinor,
        })),
      };
    },
  );
  app.post(
    '/cases/:loanRef/agreements',
    {
      schema: {
        operationId: 'proposeAgreement',
        summary: 'Put down what was agreed with the debtor',
        description:
          'Contact pauses at once. Each part is judged at the end of its day and the days of grace by the money that took ' +
          'effect until then. An agreement takes the place of one that is open. Sent again, it gives the same answer.',
        tags: ['agreements'],
        params: loanRefParams,
        body: proposal,
        response: { 201: json('The case has it', answer), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ params: { loanRef }, body }, reply) => {
      const { zone, agreementPolicy: policy } = await agreementTermsOf(db, loanRef);
      const { parts, ...rest } = body;
      const input: ProposedAgreement = { ...rest, instalments: instalmentsOf(parts, policy[body.kind], zone) };
      const { status } = await updateCase<AgreementAnswer, ProposedAgreement>(client, loanRef, {
        name: PROPOSE_AGREEMENT,
        input,
      });
      return reply.status(201).send({ agreementId: body.agreementId, status });
    },
  );
  app.post(
    '/cases/:loanRef/agreements/:agreementId/cancel',
    {
      schema: {
        operationId: 'cancelAgreement',
        summary: 'End an agreement that is open; the case goes on',
        tags: ['agreements'],
        params: loanRefParams.extend({ agreementId: reference }),
        body: cancellation,
        response: {
          202: json('The case has it', z.object({ agreementId: z.string() })),
          ...problems(400, 404, 409, 413, 415, 422),
        },
      },
    },
    async ({ params: { loanRef, agreementId: id }, body }, reply) => {
      const input: CancelAgreementInput = { agreementId: id, ...body };
      await updateCase<undefined, CancelAgreementInput>(client, loanRef, { name: CANCEL_AGREEMENT, input });
      return reply.status(202).send({ agreementId: id });
    },
  );
  app.get(
    '/cases/:loanRef/agreements',
    {
      schema: {
        operationId: 'listAgreements',
        summary: 'What was agreed on about a loan, oldest first',
        tags: ['agreements'],
        params: loanRefParams,
        response: { 200: json('Agreements', agreements), ...problems(400) },
      },
    },
    async ({ params }) => ({ agreements: await agreementsOfLoan(db, params.loanRef) }),
  );
}
