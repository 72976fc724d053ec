import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { logCall } from '../../db/call-log.ts';
import { reserveCall } from '../../db/calls.ts';
import { RESULTS } from '../../domain/rules/facts.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { clockOf } from '../clock.ts';
import { actor, reference } from '../fields.ts';
import { checkedNote, findings, note } from '../notes.ts';
import { verdictFields } from '../verdict-schema.ts';

const callId = reference
  .meta({ examples: ['call-4711'] })
  .describe('The caller’s own id, unique for ever; the same id with the same content is the same call');
const agencyRef = reference.optional().describe('The agency that the agent calls for; without it the lender');
const toDebtor = z.strictObject({ callId, loanRef: reference, actor, agencyRef, to: z.literal('debtor') });
const toThirdParty = toDebtor.extend({
  to: z.literal('thirdParty'),
  thirdPartyRef: reference.describe('As in `thirdParty.named`').meta({ examples: ['sibling-1'] }),
});
const CALL_EXAMPLE = { callId: 'call-4711', loanRef: 'TW00001-1', actor: 'agent-17', to: 'debtor' as const };
const call = z.discriminatedUnion('to', [toDebtor, toThirdParty]).meta({ id: 'Call', examples: [CALL_EXAMPLE] });

const verdict = z
  .object({
    callId: z.string(),
    ...verdictFields,
    number: z
      .string()
      .nullable()
      .describe(
        'Personal. What to dial, at once; null when the call is refused, logged, or was reserved more than 15 minutes ago',
      ),
  })
  .meta({
    id: 'CallVerdict',
    examples: [
      { callId: 'call-4711', verdict: 'allow', rules: [], until: null, number: '+886900000001' },
      {
        callId: 'call-4712',
        verdict: 'defer',
        rules: ['callUnderWay'],
        until: '2026-08-11T02:15:00.000Z',
        number: null,
      },
    ],
  });

const callLog = z
  .strictObject({
    result: z
      .enum([...RESULTS, 'notDialled'])
      .describe(
        'connected: answered. rightParty: answered by the debtor, verified. noAnswer: it rang, or a voicemail took it. ' +
          'notConnected: it did not ring. notDialled: the call was not made, and does not count',
      ),
    actor,
    note: note.optional(),
  })
  .meta({
    id: 'CallLog',
    examples: [{ result: 'rightParty', actor: 'agent-17', note: 'Will pay on Friday.' }],
  });
const logged = z
  .object({ callId: z.string(), findings })
  .meta({ id: 'LoggedCall', examples: [{ callId: 'call-4711', findings: [] }] });

/** Agents' calls: reserved before they are dialled, by the same rules as every message, and logged afterwards. */
export async function callRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db, checkNote } = options;
  const now = clockOf(options);
  app.post(
    '/calls',
    {
      schema: {
        operationId: 'reserveCall',
        summary: 'Reserve a call before dialling',
        description:
          'Decided with everything that is committed by now. An allowed call is to be dialled at once: nobody else may ' +
          'ring the debtor until it is logged, or for 15 minutes. Sent again, it gives the same verdict.',
        tags: ['calls'],
        body: call,
        response: { 201: json('The verdict', verdict), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ body }, reply) => {
      const thirdPartyRef = body.to === 'thirdParty' ? body.thirdPartyRef : null;
      const decided = await reserveCall(db, options, { ...body, thirdPartyRef }, now());
      return reply.status(201).send({ ...decided, rules: [...decided.rules] });
    },
  );
  app.post(
    '/calls/:callId/result',
    {
      schema: {
        operationId: 'logCall',
        summary: 'Log what came of a reserved call',
        description: 'Logged once; the same again is harmless. Wording in the note is checked and nothing is refused.',
        tags: ['calls'],
        params: z.object({ callId: reference }),
        body: callLog,
        response: { 200: json('It is logged', logged), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ params, body }) => {
      const { findings: found, ...written } = checkedNote(checkNote, body.note);
      await logCall(db, options, { callId: params.callId, result: body.result, actor: body.actor, ...written }, now());
      return { callId: params.callId, findings: found };
    },
  );
}
