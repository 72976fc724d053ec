import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Receipt, receipt, reply as replyMessage } from '../../contracts/gateway.ts';
import { receiveReply } from '../../db/inbound-replies.ts';
import { type DeliveryReceipt, recordReceipts } from '../../db/receipts.ts';
import { parseInstant } from '../../domain/instant.ts';
import { isComplaint } from '../../domain/reply-complaint.ts';
import { actionOfReply } from '../../domain/reply-keywords.ts';
import type { ApiOptions } from '../app.ts';
import { clockOf } from '../clock.ts';

/** A code of the gateway; anything else could be a number or a text, and is not kept. */
const REASON_CODE = /^[\w.-]{1,64}$/;
/** What no text column holds: NUL, and half a character. */
const UNWRITABLE = /[\0\p{Cs}]/gu;

/** Described in docs/gateway.md, as webhooks, and not among the routes for clients. */
const OPEN = { config: { isOpen: true }, schema: { hide: true } };

/**
 * What a gateway posts: receipts of messages, and what customers answer. The secret in the address stands for a token,
 * since most providers send none; who does not know it finds nothing here.
 */
export async function gatewayRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const { db, gatewaySecret, replyKeywords, complaintWords, serviceLevels } = options;
  if (gatewaySecret === undefined) return;
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const now = clockOf(options);
  const expected = digest(gatewaySecret);
  app.addHook('onRequest', async (request, reply) => {
    const { secret = '' } = request.params as { secret?: string };
    if (!timingSafeEqual(digest(secret), expected)) return reply.callNotFound();
  });
  app.post(
    '/gateway/:secret/receipts',
    { ...OPEN, schema: { ...OPEN.schema, body: z.array(receipt) } },
    async ({ body }) => {
      const changed = await recordReceipts(db, body.map(deliveryOf), now());
      return { received: body.length, changed };
    },
  );
  app.post(
    '/gateway/:secret/replies',
    { ...OPEN, schema: { ...OPEN.schema, body: z.array(replyMessage) } },
    async ({ body, log }) => {
      const counts = { accepted: 0, duplicate: 0, nobody: 0 };
      for (const { replyId, from, channel, text, at } of body) {
        const given = { replyId, from: from.trim(), channel, text: text.replaceAll(UNWRITABLE, '\uFFFD') };
        const said = { action: actionOfReply(replyKeywords, text), isComplaint: isComplaint(complaintWords, text) };
        counts[await receiveReply(db, serviceLevels, { ...given, ...said, at: parseInstant(at) }, now())] += 1;
      }
      if (counts.nobody > 0) log.warn({ replies: counts.nobody }, 'replies from addresses of nobody');
      return counts;
    },
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function deliveryOf({ key, status, at, reason, result }: Receipt): DeliveryReceipt {
  const code = reason !== undefined && REASON_CODE.test(reason) ? reason : null;
  return { key, status, at: parseInstant(at), reason: code, result: result ?? null };
}
