import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { acceptEvents } from '../../db/intake.ts';
import { inboxEvent } from '../../db/schema.ts';
import { DomainError } from '../../domain/errors.ts';
import { instantOf } from '../../domain/instant.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { eventParams, loanEvent, toLoanEvent } from '../schemas.ts';

const acceptance = z
  .object({
    eventId: z.string(),
    status: z
      .enum(['accepted', 'duplicate', 'parked'])
      .describe('duplicate: it was there already. parked: kept until its loan is known'),
  })
  .meta({ id: 'Acceptance', examples: [{ eventId: 'P00001-08', status: 'accepted' }] });

const eventState = z
  .object({
    eventId: z.string(),
    loanRef: z.string(),
    status: z
      .enum(['accepted', 'parked', 'refused'])
      .describe('parked: kept until its loan is known. refused: kept, but it does not fit its loan and does not count'),
    refusal: z.string().nullable().describe('The code of why it was refused'),
    receivedAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({
    id: 'EventState',
    examples: [
      {
        eventId: 'P00001-08',
        loanRef: 'TW00001-1',
        status: 'accepted',
        refusal: null,
        receivedAt: '2026-08-02T04:06:06.120Z',
      },
    ],
  });

/** The intake of the loan system. 202 means committed: the event is not lost whatever fails afterwards. */
export async function eventRoutes(
  instance: FastifyInstance,
  { db, allocation, penaltyInterest }: ApiOptions,
): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.post(
    '/events',
    {
      schema: {
        operationId: 'sendEvent',
        summary: 'Send one event of a loan',
        description:
          'May be sent again at any time, in any order and before its loan: it counts once, by its timestamp.',
        tags: ['loan system'],
        body: loanEvent,
        response: { 202: json('Committed: it will not be lost', acceptance), ...problems(400, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const event = toLoanEvent(request.body);
      const context = { receivedAt: instantOf(Date.now()), allocation, penaltyInterest };
      const [result] = await acceptEvents(db, [event], context);
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
        response: { 200: json('What became of it', eventState), ...problems(400, 404) },
      },
    },
    async ({ params }) => {
      const [row] = await db.select().from(inboxEvent).where(eq(inboxEvent.eventId, params.eventId));
      if (!row) throw new DomainError('EVENT_UNKNOWN', `Event ${params.eventId} has not been received.`);
      const { eventId, parked, refusal, receivedAt, loanRef } = row;
      const status = refusal === null ? (parked ? ('parked' as const) : ('accepted' as const)) : ('refused' as const);
      return { eventId, loanRef, status, refusal, receivedAt };
    },
  );
}
