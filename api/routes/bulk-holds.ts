import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { placeBulkHold, releaseBulkHold } from '../../db/bulk-holds.ts';
import type { BulkHoldFilter } from '../../domain/bulk-hold.ts';
import { HOLD_REASONS } from '../../domain/debtor-events.ts';
import { parseInstant } from '../../domain/instant.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { clockOf } from '../clock.ts';
import { actor, instant, reference, text } from '../fields.ts';

/** Loans that one request may name one by one. */
const MOST_LOANS = 5_000;

const holdId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'a name: 1 to 32 letters, digits and . _ -')
  .describe('Name of all of it, unique for ever. The hold of a loan has the id `<holdId>:<loanRef>`')
  .meta({ examples: ['quake-2026-08'] });
const dryRun = z.boolean().default(false).describe('true: only says what would be done');

const filter = z
  .strictObject({
    region: text({ min: 1, max: 200 }).optional().describe('`region` of the statement’s snapshot, as it was sent'),
    product: reference.optional(),
    loanRefs: z.array(reference).min(1).max(MOST_LOANS).optional(),
    minDaysPastDue: z.number().int().min(-60).max(3_650).optional().describe('On the debtor’s calendar'),
  })
  .refine((given) => Object.keys(given).length > 0, 'at least one condition: all loans are never meant by leaving out')
  .describe('Open cases that fit all of it');

const bulkHold = z
  .strictObject({ holdId, reason: z.enum(HOLD_REASONS), until: instant.optional(), filter, dryRun, actor })
  .meta({
    id: 'BulkHold',
    examples: [
      {
        holdId: 'quake-2026-08',
        reason: 'disaster' as const,
        until: '2026-10-31T00:00:00+08:00',
        filter: { region: 'Hualien' },
        dryRun: true,
        actor: 'supervisor-2',
      },
    ],
  });
const bulkRelease = z
  .strictObject({ holdId, dryRun, actor })
  .meta({ id: 'BulkRelease', examples: [{ holdId: 'quake-2026-08', dryRun: false, actor: 'supervisor-2' }] });

const progress = z
  .object({
    matched: z.number().int().describe('Open cases that fit; of a release, the holds that were placed'),
    alreadyDone: z.number().int().describe('By an earlier request'),
    done: z.number().int().describe('By this one; 0 of a dry run'),
    remaining: z.number().int().describe('Above 0: send the same again'),
    loanRefs: z.array(z.string()).describe('The first of those that remain, at most 20'),
  })
  .meta({
    id: 'BulkProgress',
    examples: [{ matched: 1_200, alreadyDone: 500, done: 700, remaining: 0, loanRefs: [] }],
  });

/** Holds of many loans at once, such as those of a region in a disaster. */
export async function bulkHoldRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db } = options;
  const now = clockOf(options);
  app.post(
    '/holds/bulk',
    {
      schema: {
        operationId: 'placeBulkHold',
        summary: 'Stop the collection of all loans that fit, with a reason',
        description:
          'In batches of 500 loans, at most 5,000 a request. Sent again, after a failure too, it goes on where it was; ' +
          'each loan is held once.',
        tags: ['holds'],
        body: bulkHold,
        response: { 200: json('How far it has come', progress), ...problems(400, 409, 413, 415, 422) },
      },
    },
    async ({ body: { filter: given, dryRun: isDry, until, ...hold } }) => {
      const whole = { ...hold, until: until === undefined ? null : parseInstant(until) };
      // Conditions that are absent are to be absent, which JSON gives.
      const wanted = JSON.parse(JSON.stringify(given)) as BulkHoldFilter;
      const told = await placeBulkHold(db, whole, wanted, { now: now(), dryRun: isDry });
      return { ...told, loanRefs: [...told.loanRefs] };
    },
  );
  app.post(
    '/holds/bulk/release',
    {
      schema: {
        operationId: 'releaseBulkHold',
        summary: 'End the holds that were placed under a name',
        description: 'In the same way. Holds that somebody has ended already are left as they are.',
        tags: ['holds'],
        body: bulkRelease,
        response: { 200: json('How far it has come', progress), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ body: { dryRun: isDry, ...hold } }) => {
      const told = await releaseBulkHold(db, hold, { now: now(), dryRun: isDry });
      return { ...told, loanRefs: [...told.loanRefs] };
    },
  );
}
