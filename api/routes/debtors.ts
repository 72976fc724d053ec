import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { acceptDebtorEvents } from '../../db/debtor-events.ts';
import { TOLD_CHANNELS, type ToldStanding, standingOfDebtor } from '../../db/queries/debtor-standing.ts';
import { DELAY_REASONS } from '../../domain/agreement.ts';
import type { DebtorStanding } from '../../domain/debtor-standing.ts';
import { HOLD_REASONS } from '../../domain/debtor-events.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import { CONSENT_KINDS, CONTACT_CHANNELS } from '../../domain/rules/facts.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { clockOf } from '../clock.ts';
import { debtorEvent, toDebtorEvent } from '../debtor-event-schema.ts';
import { instantOut, reference } from '../fields.ts';
import { verdictFields } from '../verdict-schema.ts';

const acceptance = z
  .object({
    eventId: z.string(),
    status: z.enum(['accepted', 'duplicate']).describe('duplicate: it was there already'),
  })
  .meta({ id: 'DebtorAcceptance', examples: [{ eventId: 'channel.optedOut-1', status: 'accepted' }] });

const channel = z.enum(CONTACT_CHANNELS);
const standing = z
  .object({
    debtorRef: z.string(),
    asOf: instantOut,
    optOuts: z.array(channel),
    ceaseContact: z.boolean(),
    unreachable: z.boolean().describe('Whether others may be asked, where a law permits it'),
    requestedHours: z.array(z.object({ notBetween: z.tuple([z.string(), z.string()]) })),
    consents: z.array(
      z.object({
        kind: z.enum(CONSENT_KINDS),
        channel: channel.nullable(),
        loanRef: z.string().nullable(),
        isForOneAddress: z.boolean(),
        from: instantOut,
        until: instantOut.nullable(),
      }),
    ),
    holds: z.array(
      z.object({
        holdId: z.string(),
        reason: z.enum(HOLD_REASONS),
        loanRef: z.string().nullable().describe('Null: all loans'),
        from: instantOut,
        until: instantOut.nullable().describe('Null: nobody knows'),
      }),
    ),
    hardship: z
      .object({
        reason: z.enum(DELAY_REASONS),
        since: instantOut,
        until: instantOut.nullable().describe('Null: nobody knows'),
      })
      .nullable()
      .describe('The one that stands: more may be agreed on, as far as the strategy permits'),
    thirdParties: z.array(z.object({ thirdPartyRef: z.string(), hasRefused: z.boolean() })),
    loans: z
      .array(
        z.object({
          loanRef: z.string(),
          episode: z.number().int(),
          channels: z.array(z.object({ channel: z.enum(TOLD_CHANNELS), ...verdictFields })),
        }),
      )
      .describe('Loans with an open case, and what is permitted now. Every contact is judged again before it is made'),
  })
  .meta({
    id: 'DebtorStanding',
    examples: [
      {
        debtorRef: 'B00001',
        asOf: '2026-08-11T02:00:00.000Z',
        optOuts: ['sms'],
        ceaseContact: false,
        unreachable: false,
        requestedHours: [{ notBetween: ['12:00', '14:00'] }],
        consents: [],
        holds: [],
        hardship: { reason: 'jobLoss', since: '2026-08-02T02:00:00.000Z', until: null },
        thirdParties: [{ thirdPartyRef: 'sibling-1', hasRefused: false }],
        loans: [
          {
            loanRef: 'TW00001-1',
            episode: 1,
            channels: [
              { channel: 'sms', verdict: 'deny', rules: ['optedOut'], until: null },
              { channel: 'call', verdict: 'defer', rules: ['CN2'], until: '2026-08-12T01:00:00.000Z' },
            ],
          },
        ],
      },
    ],
  });

/** What debtors agreed to, refused and are protected by. 202 means: no contact decided from now on overlooks it. */
export async function debtorRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db } = options;
  const now = clockOf(options);
  app.post(
    '/debtor-events',
    {
      schema: {
        operationId: 'sendDebtorEvent',
        summary: 'Send one thing that was said about a debtor',
        description: 'May be sent again at any time, in any order and before the debtor is known: it counts once.',
        tags: ['debtors'],
        body: debtorEvent,
        response: { 202: json('Committed: it will not be lost', acceptance), ...problems(400, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const [accepted] = await acceptDebtorEvents(db, [toDebtorEvent(request.body)], now());
      if (!accepted) throw new TypeError('One event has one acceptance.');
      return reply.status(202).send(accepted);
    },
  );
  app.get(
    '/debtors/:debtorRef/standing',
    {
      schema: {
        operationId: 'getDebtorStanding',
        summary: 'What a debtor agreed to and refused, and what is permitted now',
        tags: ['debtors'],
        params: z.object({ debtorRef: reference }),
        response: { 200: json('The standing', standing), ...problems(400, 404, 422) },
      },
    },
    async ({ params: { debtorRef } }) => {
      const asOf = now();
      const told = await standingOfDebtor(db, options, debtorRef, asOf);
      if (!told) throw new DomainError('DEBTOR_UNKNOWN', `Debtor ${debtorRef} is not known.`);
      return { debtorRef, asOf, ...personOf(told.standing, asOf), loans: loansOf(told) };
    },
  );
}

/** Without numbers, addresses and places. */
function personOf(said: DebtorStanding, now: Instant) {
  const { optOuts, ceaseContact, unreachable, requests, consents, holds, hardship, thirdParties } = said;
  return {
    optOuts: [...optOuts],
    ceaseContact,
    unreachable,
    requestedHours: requests.map(({ notBetween: [from, to] }) => ({ notBetween: [from, to] as [string, string] })),
    consents: consents
      .filter(({ until }) => until === null || until > now)
      .map(({ kind, channel: on, debt, number, at, until }) => ({
        kind,
        channel: on,
        loanRef: debt,
        isForOneAddress: number !== null,
        from: at,
        until,
      })),
    holds: holds.map(({ holdId, reason, debt, from, to }) => ({ holdId, reason, loanRef: debt, from, until: to })),
    hardship,
    thirdParties: Object.entries(thirdParties).map(([thirdPartyRef, { hasRefused }]) => ({
      thirdPartyRef,
      hasRefused,
    })),
  };
}

function loansOf({ loans }: ToldStanding) {
  return loans.map(({ loanRef, episode, channels }) => ({
    loanRef,
    episode,
    channels: channels.map(({ rules, ...rest }) => ({ ...rest, rules: [...rules] })),
  }));
}
