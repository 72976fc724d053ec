import { z } from 'zod';

/**
 * The messages of the generic HTTP gateway contract, described in docs/gateway.md and docs/gateway.openapi.yaml.
 * The adapter, the webhooks of the API and the local gateway all stand on this file.
 */

export const MESSAGES_PATH = 'v1/messages';
export const LOOK_UP_PATH = 'v1/messages/by-key/';

/** The longest body either side reads, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** A key is a segment of a path, percent-encoded; `.` and `..` cannot be one in any encoding. */
const messageKey = z
  .string()
  .min(1)
  .max(300)
  .refine((key) => key !== '.' && key !== '..');

/** `POST /v1/messages`: a template and its parameters, never a text. */
export const messageBody = z.strictObject({
  key: messageKey,
  channel: z.enum(['sms', 'push', 'voice', 'email']),
  to: z.string().min(1).max(320),
  language: z.enum(['zh', 'en']),
  templateCode: z.string().min(1).max(120),
  params: z.record(z.string(), z.string()),
});
export type MessageBody = z.infer<typeof messageBody>;

/** 202 (or 200 for a key seen before): the gateway has the message. */
export const acceptedBody = z.object({ providerRef: z.string().min(1).max(200) });

/** 422: it will never go out. `reason` is a code of letters, digits, `.`, `_` and `-`. */
export const rejectedBody = z.object({ reason: z.string() });

/** What came of a call by voice that was put through: a person or machine took it, nobody did, or it did not ring. */
export const callResult = z.enum(['connected', 'noAnswer', 'notConnected']);

/** `GET /v1/messages/by-key/{key}`: what became of a key. */
export const lookUpBody = z.union([
  z.object({ status: z.literal('rejected'), reason: z.string().optional() }),
  z.object({
    providerRef: z.string().min(1).max(200),
    status: z.enum(['accepted', 'delivered', 'failed', 'blocked']),
    result: callResult.optional(),
  }),
]);

/** One element of the array that the gateway posts to the receipt URL. */
export const receipt = z.object({
  providerRef: z.string().min(1).max(200),
  key: messageKey,
  status: z.enum(['delivered', 'failed', 'blocked']),
  /** ISO 8601, with an offset. */
  at: z.iso.datetime({ offset: true }),
  /** On the channel `voice` alone. */
  result: callResult.optional(),
  reason: z.string().max(200).optional(),
});

/** One element of the array that the gateway posts to the reply URL: what a customer answered to a message. */
export const reply = z.object({
  /** The gateway's own name of it: the same again is the same reply. */
  replyId: z.string().regex(/^[\w.:-]{1,100}$/),
  /** E.164 number, e-mail address or app address. */
  from: z.string().min(1).max(320),
  channel: z.enum(['sms', 'email', 'push']),
  text: z.string().max(10_000),
  /** ISO 8601, with an offset. */
  at: z.iso.datetime({ offset: true }),
  /** The number or address that it was sent to. */
  to: z.string().max(320).optional(),
});

export type CallResult = z.infer<typeof callResult>;
export type Receipt = z.infer<typeof receipt>;
export type Reply = z.infer<typeof reply>;

/**
 * The key as the value of the header `Idempotency-Key`: itself, with `%` and whatever is not visible ASCII
 * percent-encoded, because a header carries nothing else.
 */
export function keyHeader(key: string): string {
  return key.replace(/[^\x21-\x24\x26-\x7e]+/g, (part) => encodeURIComponent(part));
}
