import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agreementTermsOf } from '../../db/queries/agreement-terms.ts';
import { agreementsOfLoan } from '../../db/queries/agreements.ts';
import { AGREEMENT_KINDS, AGREEMENT_WAYS, DELAY_REASONS } from '../../domain/agreement.ts';
import { AGREEMENT_ROLES } from '../../domain/agreement-policy.ts';
import type { ProposedAgreement } from '../../domain/agreement-refusal.ts';
import { instalmentsOf } from '../../domain/agreement-terms.ts';
import {
  type AgreementAnswer,
  CANCEL_AGREEMENT,
  type CancelAgreementInput,
  PROPOSE_AGREEMENT,
} from '../../workflows/contract.ts';
import { role, wantedParts } from '../agreed-parts.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { updateCase } from '../case-update.ts';
import { actor, instantOut, reference, text } from '../fields.ts';
import { loanRefParams } from '../schemas.ts';

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
    role,
    ...wantedParts,
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
        role: 'agent' as const,
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
    role: z.enum(AGREEMENT_ROLES).describe('With what authority it was agreed on'),
    madeAt: instantOut,
    endedAt: instantOut.nullable(),
    cancelledBy: z.string().nullable(),
    cancelReason: z.string().nullable(),
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

/** Promises, plans and settlements: what was agreed, and what it has come to. */
export async function agreementRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db, client } = options;
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
