import { z } from 'zod';
import { instantOut } from './fields.ts';

/** Whether a contact is permitted, in every answer that says so. */
export const verdictFields = {
  verdict: z.enum(['allow', 'defer', 'deny']).describe('defer: not now; deny: as things stand, not at all'),
  rules: z.array(z.string()).describe('Ids of the rules that refuse it, such as `contactWindow` or `CN2`'),
  until: instantOut
    .nullable()
    .describe('With `defer`: the next instant at which it would be permitted as things stand'),
};
