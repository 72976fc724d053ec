import { z } from 'zod';
import { CONTACT_STATUSES, LEDGER_CHANNELS } from '../domain/contact-ledger.ts';
import { QUESTION_KINDS, REVIEW_VERDICTS } from '../domain/review-form.ts';
import { INITIATORS, PERSONS } from '../domain/rules/facts.ts';
import { actor, instantOut, text } from './fields.ts';

export const SAMPLE_STATUSES = ['open', 'reviewed'] as const;
/** Whole numbers that Postgres counts up; more digits than it will ever have. */
const sampleId = z.number().int();
export const sampleParams = z.object({
  sampleId: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .meta({ examples: [815] }),
});

const summary = z.object({
  sampleId,
  status: z.enum(SAMPLE_STATUSES),
  why: z.enum(['share', 'finding']).describe('share: drawn by lot. finding: the note has wording that is not ours'),
  agent: z.string().nullable().describe('Opaque id of who made the contact or wrote it down; null: a machine'),
  chosenAt: instantOut,
  loanRef: z.string().nullable().describe('Null: the debtor did not say which loan'),
  episode: z.number().int().nullable(),
  channel: z.enum(LEDGER_CHANNELS),
  at: instantOut.describe('When the contact took place'),
  verdict: z.enum(REVIEW_VERDICTS).nullable(),
  reviewer: z.string().nullable(),
  reviewedAt: instantOut.nullable(),
});
const SUMMARY = {
  sampleId: 815,
  status: 'open' as const,
  why: 'share' as const,
  agent: 'agent-17',
  chosenAt: '2026-08-11T02:10:00.000Z',
  loanRef: 'TW00001-1',
  episode: 1,
  channel: 'call' as const,
  at: '2026-08-11T02:00:00.000Z',
  verdict: null,
  reviewer: null,
  reviewedAt: null,
};

export const samplePageOut = z
  .object({ samples: z.array(summary), next: z.string().nullable().describe('Pass as `after`; null at the end') })
  .meta({ id: 'SamplePage', examples: [{ samples: [SUMMARY], next: null }] });

const question = z.object({
  id: z.string(),
  kind: z.enum(QUESTION_KINDS).describe('yesNo: yes, no or cannotTell. rating: 1 (worst) to 5. text: own words'),
  zh: z.string(),
  en: z.string(),
  isRequired: z.boolean(),
});

export const sample = summary
  .extend({
    contactKey: z.string().describe('As on the record of the case'),
    contactStatus: z.enum(CONTACT_STATUSES),
    initiator: z.enum(INITIATORS),
    person: z.enum(PERSONS).describe('Who was called or written to'),
    step: z.string().nullable(),
    template: z.string().nullable().describe('Of a message: the approved text that it was made from'),
    balanceVersion: z.number().int().nullable().describe('The balance that it spoke of'),
    result: z.string().nullable().describe('How a call went'),
    delivery: z.string().nullable(),
    note: z.string().nullable().describe('Personal. What was written down about it'),
    noteFindings: z.array(z.string()).describe('Entries of the word lists that were found in the note'),
    questions: z.array(question),
    formVersion: z.number().int().nullable().describe('Version of the questions that were answered'),
    answers: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .nullable()
      .describe('By the ids of the questions. Own words are personal'),
  })
  .meta({
    id: 'Sample',
    examples: [
      {
        ...SUMMARY,
        contactKey: 'call:call-4711',
        contactStatus: 'made' as const,
        initiator: 'us' as const,
        person: 'debtor' as const,
        step: null,
        template: null,
        balanceVersion: 3,
        result: 'rightParty',
        delivery: null,
        note: 'Will pay on Friday.',
        noteFindings: [],
        questions: [
          { id: 'tone', kind: 'rating' as const, zh: '语气如何？', en: 'How was the tone?', isRequired: true },
        ],
        formVersion: null,
        answers: null,
      },
    ],
  });

/** Questions of a form; more answers than this are a mistake. */
const MOST_ANSWERS = 100;

export const review = z
  .strictObject({
    answers: z
      .record(text({ min: 1, max: 64 }), z.union([text({ min: 1, max: 4_000 }), z.number()], 'a text or a number'))
      .refine((answers) => Object.keys(answers).length <= MOST_ANSWERS, `at most ${MOST_ANSWERS} answers`)
      .describe('By the ids of the questions. Own words are personal'),
    verdict: z.enum(REVIEW_VERDICTS).describe('remark: something to learn from. misconduct: it must not happen again'),
    actor,
  })
  .meta({
    id: 'Review',
    examples: [
      {
        answers: { 'no-threats': 'yes', 'amounts-correct': 'cannotTell', tone: 4 },
        verdict: 'fine' as const,
        actor: 'compliance-3',
      },
    ],
  });
export const reviewed = z
  .object({ sampleId, verdict: z.enum(REVIEW_VERDICTS) })
  .meta({ id: 'ReviewedSample', examples: [{ sampleId: 815, verdict: 'fine' as const }] });
