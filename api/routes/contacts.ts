import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { receiveContact } from '../../db/inbound.ts';
import { parseInstant } from '../../domain/instant.ts';
import { RESULTS } from '../../domain/rules/facts.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { clockOf } from '../clock.ts';
import { actor, instant, reference } from '../fields.ts';
import { checkedNote, findings, note } from '../notes.ts';

const inbound = z
  .strictObject({
    contactId: reference
      .meta({ examples: ['hotline-815'] })
      .describe('The sender’s own id, unique for ever; the same id with the same content is the same contact'),
    loanRef: reference.optional().describe('Either the loan, or the debtor when nobody knows which loan'),
    debtorRef: reference.optional().meta({ examples: ['B00001'] }),
    channel: z.enum(['call', 'sms', 'email', 'push', 'visit', 'letter']).describe('visit: the debtor came by'),
    at: instant.describe('When it took place'),
    result: z.enum(RESULTS).optional().describe('Of a call: how it went. Left out, it counts as a talk'),
    actor,
    note: note.optional(),
  })
  .refine(({ loanRef, debtorRef }) => (loanRef === undefined) !== (debtorRef === undefined), {
    error: 'either `loanRef` or `debtorRef`',
  })
  .meta({
    id: 'InboundContact',
    examples: [
      {
        contactId: 'hotline-815',
        loanRef: 'TW00001-1',
        channel: 'call',
        at: '2026-08-11T10:05:00+08:00',
        result: 'rightParty',
        actor: 'agent-17',
        note: 'Asked what the fee is for.',
      },
    ],
  });

const received = z
  .object({
    contactId: z.string(),
    status: z.enum(['accepted', 'duplicate']).describe('duplicate: it was there already'),
    findings,
  })
  .meta({ id: 'ReceivedContact', examples: [{ contactId: 'hotline-815', status: 'accepted', findings: [] }] });

/** What debtors do by themselves: they ring the hotline, write, or come by. */
export async function contactRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db, checkNote } = options;
  const now = clockOf(options);
  app.post(
    '/contacts',
    {
      schema: {
        operationId: 'receiveContact',
        summary: 'Log a contact that the debtor made',
        description:
          'It stands on the record of the loan’s open case, and the rules that count such contacts count it.',
        tags: ['calls'],
        body: inbound,
        response: { 202: json('It is logged', received), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ body }, reply) => {
      const { contactId, loanRef = null, debtorRef = null, channel, at, result = null } = body;
      const { findings: found, ...written } = checkedNote(checkNote, body.note);
      const reported = { contactId, loanRef, debtorRef, channel, at: parseInstant(at), result, actor: body.actor };
      const status = await receiveContact(db, options, { ...reported, ...written }, now());
      return reply.status(202).send({ contactId, status, findings: found });
    },
  );
}
