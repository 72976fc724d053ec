import { z } from 'zod';
import { AGREEMENT_ROLES } from '../domain/agreement-policy.ts';
import { amountMinor, localDate, minor } from './fields.ts';

/** So much by the end of a day. */
const part = z
  .strictObject({
    amountMinor: minor(1),
    dueOn: localDate.describe('Paid by the end of this day at the debtor’s place'),
  })
  .meta({ id: 'AgreedPart', examples: [{ amountMinor: 250_000, dueOn: '2026-08-20' }] });

/** What is paid and forgiven, in every body that says so. */
export const wantedParts = {
  parts: z.array(part).min(1).max(60),
  discountMinor: amountMinor.default(0).describe('What is forgiven when all of it is paid; settlements only'),
};

/** The API knows one token and no roles yet: whoever calls it answers for whom it lets pass as a supervisor. */
export const role = z
  .enum(AGREEMENT_ROLES)
  .default('agent')
  .describe('With what authority it is agreed on. Taken as given: the caller answers for it');

/** Terms in an answer, with what they come to. */
export const offeredTerms = z.object({
  kind: z.enum(['promise', 'plan', 'settlement']),
  parts: z.array(z.object({ amountMinor: z.number().int(), dueOn: z.string() })),
  totalMinor: z.number().int(),
  discountMinor: z.number().int(),
});
