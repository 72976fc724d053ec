import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { HOLD_REASONS } from '../../domain/debtor-events.ts';
import { parseInstant } from '../../domain/instant.ts';
import { PLACE_HOLD, type PlaceHoldInput, RELEASE_HOLD, type ReleaseHoldInput } from '../../workflows/contract.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { updateCase } from '../case-update.ts';
import { actor, instant, placedHoldId, reference } from '../fields.ts';
import { loanRefParams } from '../schemas.ts';

const hold = z
  .strictObject({
    holdId: reference.describe('The caller’s own id, unique for ever').meta({ examples: ['hold-4711'] }),
    reason: z.enum(HOLD_REASONS),
    scope: z.enum(['loan', 'debtor']).describe('loan: this loan alone. debtor: all loans of the debtor'),
    from: instant.optional().describe('Backdated when it is earlier than now; now unless given'),
    until: instant.optional().describe('Open until it is released unless given'),
    actor,
  })
  .meta({
    id: 'Hold',
    examples: [{ holdId: 'hold-4711', reason: 'hardship' as const, scope: 'loan' as const, actor: 'agent-17' }],
  });
const placed = z.object({ holdId: z.string() }).meta({ id: 'PlacedHold', examples: [{ holdId: 'hold-4711' }] });

/** Stops of collection, placed and released by people who work on a case. */
export async function holdRoutes(instance: FastifyInstance, { client }: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.post(
    '/cases/:loanRef/holds',
    {
      schema: {
        operationId: 'placeHold',
        summary: 'Stop the collection of a loan, with a reason',
        description: 'Contact stops at once. When the last hold ends, the steps to come are as many days later.',
        tags: ['holds'],
        params: loanRefParams,
        body: hold,
        response: { 201: json('The case has it', placed), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ params: { loanRef }, body }, reply) => {
      const { from, until, ...rest } = body;
      const input: PlaceHoldInput = {
        ...rest,
        ...(from !== undefined && { from: parseInstant(from) }),
        ...(until !== undefined && { until: parseInstant(until) }),
      };
      await updateCase<undefined, PlaceHoldInput>(client, loanRef, { name: PLACE_HOLD, input });
      return reply.status(201).send({ holdId: body.holdId });
    },
  );
  app.post(
    '/cases/:loanRef/holds/:holdId/release',
    {
      schema: {
        operationId: 'releaseHold',
        summary: 'End a hold; the case goes on',
        tags: ['holds'],
        params: loanRefParams.extend({ holdId: placedHoldId }),
        body: z.strictObject({ actor }).meta({ id: 'HoldRelease', examples: [{ actor: 'agent-17' }] }),
        response: { 202: json('The case has it', placed), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ params: { loanRef, holdId }, body }, reply) => {
      const input: ReleaseHoldInput = { holdId, ...body };
      await updateCase<undefined, ReleaseHoldInput>(client, loanRef, { name: RELEASE_HOLD, input });
      return reply.status(202).send({ holdId });
    },
  );
}
