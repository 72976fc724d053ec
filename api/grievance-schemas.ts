import { z } from 'zod';
import {
  ANSWER_CHANNELS,
  GRIEVANCE_OUTCOMES,
  GRIEVANCE_REASONS,
  GRIEVANCE_WAYS,
  type GrievanceKind,
  REMEDIES,
} from '../domain/grievance.ts';
import { actor, instant, instantOut, reference, text } from './fields.ts';

/** What differs between the two kinds in names and examples. */
export const NAMES = {
  complaint: { id: 'Complaint', path: 'complaints', one: 'a complaint', many: 'complaints', example: 'complaint-4711' },
  dispute: { id: 'Dispute', path: 'disputes', one: 'a dispute', many: 'disputes', example: 'dispute-4711' },
} as const satisfies Record<GrievanceKind, object>;

const about = z
  .strictObject({ kind: z.enum(['agent', 'agency']), ref: reference.meta({ examples: ['agent-17'] }) })
  .describe('Who is complained about, by the id that their calls carry');

/** What is sent to raise one. */
function raisedSchema(kind: GrievanceKind) {
  const { id, example } = NAMES[kind];
  const reason = GRIEVANCE_REASONS[kind][0];
  return z
    .strictObject({
      id: reference.describe('The caller’s own id, unique for ever; the same again is the same one'),
      loanRef: reference,
      // A reply comes in by the gateway's own way.
      way: z
        .enum(GRIEVANCE_WAYS)
        .exclude(['reply'])
        .describe('agent, hotline: a person heard it, so it is acknowledged'),
      reason: z.enum(GRIEVANCE_REASONS[kind]),
      actor: actor.describe('Opaque id of who takes it in'),
      about: about.optional(),
      statement: text({ min: 1, max: 4_000 }).optional().describe('Personal. What the debtor says'),
      at: instant
        .optional()
        .describe('When the debtor raised it; now unless given. The service levels count from then'),
    })
    .meta({
      id: `${id}Raised`,
      examples: [{ id: example, loanRef: 'TW00001-1', way: 'hotline' as const, reason, actor: 'agent-3' }],
    });
}

const levels = z.object({
  acknowledgeWithinHours: z.number().int(),
  decideWithinDays: z.number().int(),
  answerWithinDays: z.number().int(),
  correctWithinDays: z.number().int(),
  escalateAgainAfterDays: z.number().int(),
  suspendDays: z.number().int(),
});

/** One of them in a list. */
function summarySchema(kind: GrievanceKind) {
  return z
    .object({
      id: z.string(),
      loanRef: z.string(),
      way: z.enum(GRIEVANCE_WAYS),
      reason: z.enum(GRIEVANCE_REASONS[kind]),
      about: z.object({ kind: z.enum(['agent', 'agency']), ref: z.string() }).nullable(),
      status: z.enum(['open', 'closed']),
      raisedAt: instantOut,
      levels: levels.describe('As they were promised when it was raised'),
      acknowledgedAt: instantOut.nullable(),
      outcome: z.enum(GRIEVANCE_OUTCOMES[kind]).nullable(),
      decidedAt: instantOut.nullable(),
      answeredAt: instantOut.nullable(),
      answerChannel: z.enum(ANSWER_CHANNELS).nullable(),
      remedy: z.enum(REMEDIES).nullable(),
      closedAt: instantOut.nullable().describe('Collection went on then, as far as this one had stopped it'),
    })
    .meta({ id: `${NAMES[kind].id}Summary` });
}

/** All shapes of a kind. */
function schemasOf(kind: GrievanceKind) {
  const { id, path, example } = NAMES[kind];
  const summary = summarySchema(kind);
  // With its tasks and what was found.
  const detail = summary
    .extend({
      actor: z.string(),
      statement: z.string().nullable().describe('Personal'),
      decidedBy: z.string().nullable(),
      findings: z.string().nullable().describe('What the investigation found, in the words of who decided'),
      answeredBy: z.string().nullable(),
      answerReference: z.string().nullable(),
      correctedAt: instantOut.nullable(),
      suspension: z.object({ from: instantOut, until: instantOut }).nullable(),
      tasks: z.array(z.object({ taskId: z.string(), kind: z.string(), status: z.string(), openedAt: instantOut })),
    })
    .meta({ id });
  const page = z
    .object({ [path]: z.array(summary), next: z.string().nullable().describe('Pass as `after`; null at the end') })
    .meta({ id: `${id}Page` });
  const acceptance = z
    .object({ id: z.string(), status: z.enum(['accepted', 'duplicate']) })
    .meta({ id: `${id}Acceptance`, examples: [{ id: example, status: 'accepted' as const }] });
  return { raised: raisedSchema(kind), detail, page, acceptance };
}

/** Made once: a schema with a name stands for one thing, however many servers are built. */
export const SCHEMAS = { complaint: schemasOf('complaint'), dispute: schemasOf('dispute') } as const;

/** How the debtor was answered. */
export const debtorAnswer = z
  .strictObject({
    channel: z.enum(ANSWER_CHANNELS),
    reference: reference.describe('Of the letter, mail or call; of a verified debt that of the verification'),
    remedy: z.enum(REMEDIES).optional().describe('Of an upheld complaint, and of no other'),
    actor,
  })
  .meta({
    id: 'DebtorAnswer',
    examples: [{ channel: 'letter' as const, reference: 'letter-77', remedy: 'apology' as const, actor: 'agent-3' }],
  });
