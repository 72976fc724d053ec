import { z } from 'zod';
import { GRIEVANCE_OUTCOMES } from '../domain/grievance.ts';
import type { LoanEvent } from '../domain/events.ts';
import { parseInstant } from '../domain/instant.ts';
import { anyOf, event } from './event-schema.ts';
import { amountMinor, currency, emailAddress, localDate, minor, phoneNumber, reference, text, zone } from './fields.ts';

/** Facts about a loan that are kept as evidence; a snapshot is no archive. */
const MAX_SNAPSHOT_FACTS = 100;

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
    zone,
    language: z.enum(['zh', 'en']),
    phone: phoneNumber.optional(),
    email: emailAddress.optional(),
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
export const loanEvent = anyOf(EVENT_TYPES, 'LoanEvent');

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
    answer: z.enum([
      'done',
      'notDone',
      'handedOff',
      'approved',
      'refused',
      'replan',
      ...GRIEVANCE_OUTCOMES.complaint,
      ...GRIEVANCE_OUTCOMES.dispute,
    ]),
    actor: reference.describe('Opaque id of who answers').meta({ examples: ['agent-17'] }),
    reason: text({ min: 1, max: 1_000 }),
  })
  .meta({
    id: 'TaskAnswer',
    examples: [{ answer: 'done', actor: 'agent-17', reason: 'Reached by phone; will pay on Friday.' }],
  });
