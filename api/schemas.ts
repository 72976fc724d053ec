import { z } from 'zod';
import { isZone } from '../domain/calendar.ts';
import type { LoanEvent } from '../domain/events.ts';
import { isLocalDate, parseInstant } from '../domain/instant.ts';
import { isCurrency } from '../domain/money.ts';

/** Ids travel into workflow ids, keys and logs, so they are opaque and plain. */
const reference = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'a reference: letters, digits and . _ : -');
const amountMinor = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const currency = z
  .string()
  .refine(isCurrency, 'a currency code of ISO 4217 that Kept knows')
  .meta({ examples: ['TWD'] });
const localDate = z
  .string()
  .refine(isLocalDate, 'an existing day, YYYY-MM-DD')
  .meta({ examples: ['2026-04-01'] });
const instant = z
  .string()
  .max(40)
  .transform((text, context) => {
    try {
      return parseInstant(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'ISO 8601 with seconds and an offset' });
      return z.NEVER;
    }
  })
  .meta({ type: 'string', format: 'date-time', examples: ['2026-04-02T12:06:05+08:00'] });

const debtor = z.strictObject({
  debtorRef: reference,
  zone: z
    .string()
    .refine(isZone, 'an IANA time zone')
    .meta({ examples: ['Asia/Taipei'] }),
  language: z.enum(['zh', 'en']),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'E.164')
    .optional(),
  email: z.email().max(254).optional(),
  pushId: z.string().min(1).max(200).optional(),
});

const components = z.strictObject({
  penalty: amountMinor,
  interest: amountMinor,
  principal: amountMinor,
  fees: amountMinor,
});
const change = z.number().int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

const statement = z.strictObject({
  loanRef: reference,
  debtor,
  product: reference,
  currency,
  dueOn: localDate,
  due: components.describe('What is due on the loan as of the timestamp, by what it is for'),
  outstandingMinor: amountMinor.describe('Principal of the whole loan still owed'),
  snapshot: z.record(z.string().max(64), z.union([z.string().max(1_000), z.number()])).optional(),
});

const envelope = { id: reference, timestamp: instant };

/** An event of the loan system: the one shape for REST and files. */
export const loanEvent = z
  .discriminatedUnion('type', [
    z.strictObject({ ...envelope, type: z.literal('loan.due_soon'), data: statement }),
    z.strictObject({ ...envelope, type: z.literal('loan.overdue'), data: statement }),
    z.strictObject({
      ...envelope,
      type: z.literal('payment.received'),
      data: z.strictObject({ loanRef: reference, amountMinor: amountMinor.min(1), currency }),
    }),
    z.strictObject({
      ...envelope,
      type: z.literal('payment.reversed'),
      data: z.strictObject({ loanRef: reference, paymentEventId: reference }),
    }),
    z.strictObject({
      ...envelope,
      type: z.literal('loan.adjusted'),
      data: z.strictObject({
        loanRef: reference,
        currency,
        change: z.strictObject({ penalty: change, interest: change, principal: change, fees: change }),
        reason: z.string().min(1).max(500),
      }),
    }),
    z.strictObject({
      ...envelope,
      type: z.literal('loan.closed'),
      data: z.strictObject({ loanRef: reference, reason: z.enum(['recalled', 'writtenOff']) }),
    }),
  ])
  .meta({ id: 'LoanEvent' });

/** The parsed event is the domain's; `exactOptionalPropertyTypes` wants absent fields absent, which JSON gives. */
export function toLoanEvent(parsed: z.infer<typeof loanEvent>): LoanEvent {
  return JSON.parse(JSON.stringify(parsed)) as LoanEvent;
}

export const loanRefParams = z.object({ loanRef: reference });
export const taskParams = z.object({ taskId: z.string().min(1).max(200) });
export const eventParams = z.object({ eventId: reference });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string().optional(),
    detail: z.string().optional(),
    instance: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export const taskAnswer = z.strictObject({
  answer: z.enum(['done', 'notDone', 'handedOff', 'refused', 'replan']),
  actor: reference.describe('Opaque id of who answers'),
  reason: z.string().min(1).max(1_000),
});
