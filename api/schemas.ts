import { z } from 'zod';
import { isZone } from '../domain/calendar.ts';
import type { LoanEvent } from '../domain/events.ts';
import { isLocalDate, parseInstant } from '../domain/instant.ts';
import { isCurrency } from '../domain/money.ts';

/** Instants and dates outside are slips of the pen, such as 0206 for 2026. */
const FIRST_YEAR = '2000';
const LAST_YEAR = '2099';
/** Facts about a loan that are kept as evidence; a snapshot is no archive. */
const MAX_SNAPSHOT_FACTS = 100;

/** Text that every part of the way can hold: no NUL, and no half of a character. */
function text(length: { readonly min: number; readonly max: number }) {
  return z
    .string()
    .min(length.min)
    .max(length.max)
    .refine((value) => !/[\0\p{Cs}]/u.test(value), 'text in Unicode without NUL');
}

/** Ids travel into workflow ids, keys and logs, so they are opaque and plain. */
export const reference = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'a reference: 1 to 64 letters, digits and . _ : -')
  .meta({ examples: ['TW00001-1'] });
/** A safe integer, as `int` has it. */
function minor(least?: number) {
  const whole = z.number().int();
  return (least === undefined ? whole : whole.min(least)).meta({
    description: 'In minor units, such as cents',
    examples: [68_900],
  });
}
const amountMinor = minor(0);
const currency = z
  .string()
  .refine(isCurrency, 'a currency code of ISO 4217 that Kept knows')
  .meta({ examples: ['TWD'] });
const localDate = z
  .string()
  .refine((value) => isLocalDate(value) && isSensibleYear(value), 'an existing day, YYYY-MM-DD, from 2000 to 2099')
  .meta({ format: 'date', examples: ['2026-04-01'] });
const instant = z
  .string()
  .max(40)
  .refine(isInstant, 'ISO 8601 with seconds and an offset, from 2000 to 2099')
  .meta({ format: 'date-time', examples: ['2026-04-02T12:06:05+08:00'] });

function isInstant(value: string): boolean {
  try {
    return isSensibleYear(parseInstant(value));
  } catch {
    return false;
  }
}

function isSensibleYear(value: string): boolean {
  const year = value.slice(0, 4);
  return year >= FIRST_YEAR && year <= LAST_YEAR && /^\d{4}-/.test(value);
}

const components = z
  .strictObject({ penalty: amountMinor, interest: amountMinor, principal: amountMinor, fees: amountMinor })
  .meta({
    id: 'Components',
    description: 'Amounts by what they are for',
    examples: [{ penalty: 0, interest: 0, principal: 100_000, fees: 0 }],
  });
const change = minor();

const debtor = z
  .strictObject({
    debtorRef: reference.meta({ examples: ['B00001'] }),
    zone: z
      .string()
      .max(64)
      .refine(isZone, 'an IANA time zone')
      .meta({ examples: ['Asia/Taipei'] }),
    language: z.enum(['zh', 'en']),
    phone: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'a phone number in E.164')
      .meta({ examples: ['+886900000001'] })
      .optional(),
    email: z
      .email()
      .max(254)
      .meta({ examples: ['debtor@example.com'] })
      .optional(),
    pushId: text({ min: 1, max: 200 }).optional().describe("Opaque address of the lender's app"),
  })
  .meta({ id: 'Debtor', description: 'Who owes. An address that is missing closes its channel, not the case' });

const statement = z
  .strictObject({
    loanRef: reference,
    debtor,
    product: reference.meta({ examples: ['credit-card'] }),
    currency,
    dueOn: localDate,
    due: components.describe('What is due on the loan as of the timestamp, by what it is for'),
    outstandingMinor: amountMinor.describe('Principal of the whole loan still owed, in minor units'),
    snapshot: z
      .record(
        text({ min: 0, max: 64 }),
        z.union([text({ min: 0, max: 1_000 }), z.number()], {
          error: 'a text of at most 1,000 characters, or a number',
        }),
      )
      .refine(
        (facts) => Object.keys(facts).length <= MAX_SNAPSHOT_FACTS,
        `at most ${MAX_SNAPSHOT_FACTS} facts in a snapshot`,
      )
      .optional()
      .describe('Facts that are kept as evidence and for segments; never sent to anybody'),
  })
  .meta({ id: 'Statement', description: 'What is due on a loan; a later statement replaces an earlier one' });

const STATEMENT_EXAMPLE = {
  loanRef: 'TW00001-1',
  debtor: {
    debtorRef: 'B00001',
    zone: 'Asia/Taipei',
    language: 'zh' as const,
    phone: '+886900000001',
    email: 'debtor@example.com',
  },
  product: 'credit-card',
  currency: 'TWD',
  dueOn: '2026-08-01',
  due: { penalty: 0, interest: 0, principal: 100_000, fees: 0 },
  outstandingMinor: 310_200,
  snapshot: { region: 'Taichung', credit_limit_minor: 2_000_000 },
};

/** One type of event, with an example of it. */
function event<Type extends string, Data extends z.ZodObject>(
  type: Type,
  data: Data,
  doc: { id: string; description: string; example: z.input<Data>; at: string },
) {
  const example = { id: `${type}-1`, type, timestamp: doc.at, data: doc.example };
  return z
    .strictObject({
      id: reference
        .meta({ examples: ['P00001-08'] })
        .describe('Unique for ever; the same id with the same content is the same event'),
      type: z.literal(type),
      timestamp: instant.describe('When it took effect, which is not when it is sent'),
      data,
    })
    .meta({ id: doc.id, description: doc.description, examples: [example] });
}

const EVENT_TYPES = [
  event('loan.due_soon', statement, {
    id: 'LoanDueSoon',
    description: 'A loan falls due in some days',
    at: '2026-07-29T00:00:00+08:00',
    example: STATEMENT_EXAMPLE,
  }),
  event('loan.overdue', statement, {
    id: 'LoanOverdue',
    description: 'A loan is overdue, or its overdue amount is stated anew',
    at: '2026-08-02T00:00:00+08:00',
    example: STATEMENT_EXAMPLE,
  }),
  event('payment.received', z.strictObject({ loanRef: reference, amountMinor: minor(1), currency }), {
    id: 'PaymentReceived',
    description: 'Money has come in for a loan',
    at: '2026-08-02T12:06:05+08:00',
    example: { loanRef: 'TW00001-1', amountMinor: 68_900, currency: 'TWD' },
  }),
  event('payment.reversed', z.strictObject({ loanRef: reference, paymentEventId: reference }), {
    id: 'PaymentReversed',
    description: 'A payment is taken back whole, such as a returned direct debit',
    at: '2026-08-05T09:00:00+08:00',
    example: { loanRef: 'TW00001-1', paymentEventId: 'payment.received-1' },
  }),
  event(
    'loan.adjusted',
    z.strictObject({
      loanRef: reference,
      currency,
      change: z.strictObject({ penalty: change, interest: change, principal: change, fees: change }),
      reason: text({ min: 1, max: 500 }),
    }),
    {
      id: 'LoanAdjusted',
      description: 'What is due changes by so much; less than nothing takes from it',
      at: '2026-08-06T09:00:00+08:00',
      example: {
        loanRef: 'TW00001-1',
        currency: 'TWD',
        change: { penalty: -5_000, interest: 0, principal: 0, fees: 0 },
        reason: 'goodwill',
      },
    },
  ),
  event('loan.closed', z.strictObject({ loanRef: reference, reason: z.enum(['recalled', 'writtenOff']) }), {
    id: 'LoanClosed',
    description: 'The loan system ends the collection: the loan is taken back, or written off',
    at: '2026-09-30T18:00:00+08:00',
    example: { loanRef: 'TW00001-1', reason: 'recalled' },
  }),
] as const;

/** An event of the loan system: the one shape for REST and files. */
export const loanEvent = z
  .discriminatedUnion('type', EVENT_TYPES, {
    error: ({ code }) =>
      code === 'invalid_union' ? `one of ${EVENT_TYPES.map(({ shape }) => shape.type.value).join(', ')}` : undefined,
  })
  .meta({
    id: 'LoanEvent',
    discriminator: {
      propertyName: 'type',
      mapping: Object.fromEntries(
        EVENT_TYPES.map((each) => [each.shape.type.value, `#/components/schemas/${each.meta()?.id}`]),
      ),
    },
  });

/**
 * The parsed event is the domain's, its instant in UTC; `exactOptionalPropertyTypes` wants absent fields absent, which
 * JSON gives.
 */
export function toLoanEvent(parsed: z.infer<typeof loanEvent>): LoanEvent {
  return JSON.parse(JSON.stringify({ ...parsed, timestamp: parseInstant(parsed.timestamp) })) as LoanEvent;
}

export const loanRefParams = z.object({ loanRef: reference });
export const taskIdText = text({ min: 1, max: 200 }).meta({ examples: ['TW00001-1~1~agent-call~1'] });
export const taskParams = z.object({ taskId: taskIdText });
export const eventParams = z.object({ eventId: reference });

/** A page of a list: how many rows, and after which one. */
export function pageOf(after: z.ZodType<string>) {
  return {
    after: after.optional().describe('`next` of the page before'),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  };
}

export const taskAnswer = z
  .strictObject({
    answer: z.enum(['done', 'notDone', 'handedOff', 'refused', 'replan']),
    actor: reference.describe('Opaque id of who answers').meta({ examples: ['agent-17'] }),
    reason: text({ min: 1, max: 1_000 }),
  })
  .meta({
    id: 'TaskAnswer',
    examples: [{ answer: 'done', actor: 'agent-17', reason: 'Reached by phone; will pay on Friday.' }],
  });
