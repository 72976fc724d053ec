import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { agreementTermsOf } from '../../db/queries/agreement-terms.ts';
import { AGREEMENT_KINDS } from '../../domain/agreement.ts';
import { answerToOffer, openOffers } from '../../domain/counter-offer.ts';
import type { WantedTerms } from '../../domain/nearest-offer.ts';
import { offeredTerms, role, wantedParts } from '../agreed-parts.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { clockOf } from '../clock.ts';
import { localDate } from '../fields.ts';
import { loanRefParams } from '../schemas.ts';

const PLAN_EXAMPLE = {
  kind: 'plan' as const,
  parts: [
    { amountMinor: 50_000, dueOn: '2026-08-20' },
    { amountMinor: 50_000, dueOn: '2026-09-20' },
  ],
  totalMinor: 100_000,
  discountMinor: 0,
};

const offers = z
  .object({ overdueMinor: z.number().int(), currency: z.string(), offers: z.array(offeredTerms) })
  .meta({ id: 'Offers', examples: [{ overdueMinor: 100_000, currency: 'TWD', offers: [PLAN_EXAMPLE] }] });

const counterOffer = z.strictObject({ kind: z.enum(AGREEMENT_KINDS), role, ...wantedParts }).meta({
  id: 'CounterOffer',
  examples: [
    {
      kind: 'plan' as const,
      role: 'agent' as const,
      parts: Array.from({ length: 10 }, (_, index) => ({ amountMinor: 10_000, dueOn: `2026-09-${10 + index}` })),
      discountMinor: 0,
    },
  ],
});

const answer = z
  .object({
    outcome: z
      .enum(['accepted', 'needsApproval', 'refused'])
      .describe('What would become of it if it were agreed on now. Nothing has been made'),
    code: z.string().nullable().describe('Why it would be refused'),
    detail: z.string().nullable(),
    nearest: offeredTerms
      .nullable()
      .describe('The nearest terms that need nobody’s approval; null when these do not, or no terms would do'),
  })
  .meta({
    id: 'OfferAnswer',
    examples: [
      {
        outcome: 'refused' as const,
        code: 'AGREEMENT_LIMIT',
        detail: 'A plan has 1 to 6 instalments, not 10.',
        nearest: PLAN_EXAMPLE,
      },
    ],
  });

/** What may be agreed on with a debtor: what there is to offer, and what becomes of what they offer. */
export async function offerRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db } = options;
  const now = clockOf(options);
  app.get(
    '/cases/:loanRef/offers',
    {
      schema: {
        operationId: 'listOffers',
        summary: 'What a debtor can be offered without anybody’s approval',
        tags: ['agreements'],
        params: loanRefParams,
        querystring: z.strictObject({ firstOn: localDate.describe('The day of the first part'), role }),
        response: { 200: json('Offers that add up to what is due', offers), ...problems(400, 404, 409, 422) },
      },
    },
    async ({ params: { loanRef }, query: { firstOn, role } }) => {
      const { currency, zone, ...situation } = await agreementTermsOf(db, loanRef);
      const found = openOffers(situation, { role, zone, now: now() }, firstOn);
      return { overdueMinor: situation.balance.overdueMinor, currency, offers: found.map(told) };
    },
  );
  app.post(
    '/cases/:loanRef/offers',
    {
      schema: {
        operationId: 'answerOffer',
        summary: 'What would become of terms that a debtor names',
        description: 'Makes nothing: what is agreed on is sent to `agreements`, and decided by the case as it is then.',
        tags: ['agreements'],
        params: loanRefParams,
        body: counterOffer,
        response: { 200: json('The answer', answer), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ params: { loanRef }, body: { role, ...wanted } }) => {
      const { zone, ...situation } = await agreementTermsOf(db, loanRef);
      const { outcome, refusal, nearest } = answerToOffer(situation, { role, zone, now: now() }, wanted);
      const { code = null, message: detail = null } = refusal ?? {};
      return { outcome, code, detail, nearest: nearest && told(nearest) };
    },
  );
}

function told({ kind, parts, discountMinor }: WantedTerms): z.infer<typeof offeredTerms> {
  const totalMinor = parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return { kind, parts: [...parts], totalMinor, discountMinor };
}
