import { z } from 'zod';

const problem = z
  .object({
    type: z.string().describe('Leads to a page that says what to do'),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Stable: what a program decides by. There may be new ones'),
    detail: z.string(),
    instance: z.string().describe('Id of the request, as in the log'),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().describe('JSON pointer (RFC 6901) into the body'),
          parameter: z.string().optional().describe('Name of the parameter in the address'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Every fault of a bad request'),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem details',
    examples: [
      {
        type: '/problems/REQUEST_INVALID',
        title: 'Correct what `errors` points to and send the request again.',
        status: 400,
        code: 'REQUEST_INVALID',
        detail: 'The request has 1 fault.',
        instance: '5a3f1c0e-8d0b-4a53-9d6e-0c2b1f7d9a10',
        errors: [{ pointer: '/data/amountMinor', detail: 'Too small: expected number to be >=1' }],
      },
    ],
  });

const PROBLEMS = {
  400: 'The request is not as its schema says, or cannot be read',
  401: 'There is no valid token',
  404: 'There is no such thing',
  409: 'It contradicts what is already there',
  413: 'The body is too large',
  415: 'The body is not said to be JSON',
  422: 'It was understood and refused',
  500: 'Something failed on our side',
  503: 'The database or the engine does not answer; send the request again',
} as const;

type ProblemStatus = keyof typeof PROBLEMS;
interface Answer<Schema extends z.ZodType, MediaType extends string> {
  readonly description: string;
  readonly content: Readonly<Record<MediaType, { readonly schema: Schema }>>;
}

/** An answer in JSON, with what it means. */
export function json<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
): Answer<Schema, 'application/json'> {
  return { description, content: { 'application/json': { schema } } };
}

/** The problems that an operation may answer with; any may meet 401, 500 and 503, and one with a body 413 and 415. */
export function problems<Status extends ProblemStatus>(
  ...statuses: Status[]
): Record<Status | 401 | 500 | 503, Answer<typeof problem, 'application/problem+json'>> {
  const all = [...new Set<ProblemStatus>([...statuses, 401, 500, 503])];
  return Object.fromEntries(
    all.map((status) => [
      status,
      { description: PROBLEMS[status], content: { 'application/problem+json': { schema: problem } } },
    ]),
  ) as ReturnType<typeof problems<Status>>;
}
