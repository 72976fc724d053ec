import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { acceptEvents } from '../../db/intake.ts';
import { inboxEvent } from '../../db/schema.ts';
import { DomainError } from '../../domain/errors.ts';
import { instantOf } from '../../domain/instant.ts';
import type { ApiOptions } from '../app.ts';
import { eventParams, loanEvent, problem, toLoanEvent } from '../schemas.ts';

const acceptance = z.object({
  eventId: z.string(),
  status: z.enum(['accepted', 'duplicate', 'parked']).describe('parked: kept until its loan is known'),
});

/** The intake of the loan system. 202 means committed: the event is not lost whatever fails afterwards. */
export async function eventRoutes(instance: FastifyInstance, { db, allocation }: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.post(
    '/events',
    {
      schema: {
        operationId: 'sendEvent',
        summary: 'Send one event of a loan',
        tags: ['loan system'],
        body: loanEvent,
        response: { 202: acceptance, 400: problem, 401: problem, 409: problem, 422: problem },
      },
    },
    async (request, reply) => {
      const event = toLoanEvent(request.body);
      const [result] = await acceptEvents(db, [event], { receivedAt: instantOf(Date.now()), allocation });
      if (!result) throw new TypeError('One event has one acceptance.');
      if (result.status === 'refused') throw result.error;
      return reply.status(202).send(result);
    },
  );
  app.get(
    '/events/:eventId',
    {
      schema: {
        operationId: 'getEvent',
        summary: 'What became of an event',
        tags: ['loan system'],
        params: eventParams,
        response: {
          200: acceptance.extend({ receivedAt: z.string(), loanRef: z.string() }),
          401: problem,
          404: problem,
        },
      },
    },
    async ({ params }) => {
      const [row] = await db.select().from(inboxEvent).where(eq(inboxEvent.eventId, params.eventId));
      if (!row) throw new DomainError('EVENT_UNKNOWN', `Event ${params.eventId} has not been received.`);
      const { eventId, parked, receivedAt, loanRef } = row;
      return { eventId, status: parked ? ('parked' as const) : ('accepted' as const), receivedAt, loanRef };
    },
  );
}
