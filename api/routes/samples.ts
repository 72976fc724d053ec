import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type SamplePlace, channelOfSample, sampleById, samplePage } from '../../db/queries/samples.ts';
import { reviewContact } from '../../db/review-samples.ts';
import { DomainError } from '../../domain/errors.ts';
import { REVIEW_VERDICTS, faultsOfAnswers, isRequired, questionsFor } from '../../domain/review-form.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { clockOf } from '../clock.ts';
import { reference } from '../fields.ts';
import { SAMPLE_STATUSES, review, reviewed, sample, samplePageOut, sampleParams } from '../sample-schemas.ts';
import { pageOf } from '../schemas.ts';
import { RequestInvalid } from '../validation.ts';

const place = z
  .string()
  .regex(/^(open|reviewed)\.\d{1,15}$/, '`next` of a page')
  .meta({ examples: ['open.815'] });

/** Contacts that compliance looks at again: what there is to review, the form, and what was found. */
export async function sampleRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db, sampling } = options;
  const now = clockOf(options);
  app.get(
    '/samples',
    {
      schema: {
        operationId: 'listSamples',
        summary: 'Contacts to review and reviewed, open ones first, a page at a time',
        tags: ['compliance'],
        querystring: z.strictObject({
          status: z.enum(SAMPLE_STATUSES).optional().describe('Both unless given'),
          agent: reference
            .optional()
            .describe('Who made the contact')
            .meta({ examples: ['agent-17'] }),
          verdict: z.enum(REVIEW_VERDICTS).optional(),
          ...pageOf(place),
        }),
        response: { 200: json('A page of samples', samplePageOut), ...problems(400) },
      },
    },
    async ({ query: { after, limit, ...filter } }) => {
      const samples = await samplePage(db, filter, { after: after === undefined ? null : placeOf(after), limit });
      const last = samples.length === limit ? samples.at(-1) : undefined;
      return { samples, next: last ? `${last.status}.${last.sampleId}` : null };
    },
  );
  app.get(
    '/samples/:sampleId',
    {
      schema: {
        operationId: 'getSample',
        summary: 'A contact to review, with what is kept of it and what is asked',
        description:
          'Without the number or address and without the debtor. The text of a message is not kept: its template is ' +
          'named. A note is what the agent wrote down, word for word.',
        tags: ['compliance'],
        params: sampleParams,
        response: { 200: json('The sample', sample), ...problems(400, 404) },
      },
    },
    async ({ params: { sampleId } }) => {
      const found = await sampleById(db, sampleId);
      if (!found) throw unknown(sampleId);
      const questions = questionsFor(sampling.questions, found.channel);
      return {
        ...found,
        noteFindings: found.noteFindings ?? [],
        questions: questions.map(({ of: _of, ...each }) => ({ ...each, isRequired: isRequired(each) })),
      };
    },
  );
  app.post(
    '/samples/:sampleId/review',
    {
      schema: {
        operationId: 'reviewSample',
        summary: 'Hand in the form about a contact, and the verdict',
        description:
          'By somebody other than who made the contact. It stands on the record of the case, without the answers. Sent ' +
          'again, it changes nothing.',
        tags: ['compliance'],
        params: sampleParams,
        body: review,
        response: { 200: json('It is recorded', reviewed), ...problems(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ params: { sampleId }, body }) => {
      const channel = await channelOfSample(db, sampleId);
      if (channel === null) throw unknown(sampleId);
      const faults = faultsOfAnswers(questionsFor(sampling.questions, channel), body.answers);
      if (faults.length > 0) {
        throw new RequestInvalid(faults.map(({ questionId, detail }) => ({ pointer: pointerTo(questionId), detail })));
      }
      await reviewContact(db, { sampleId, ...body, formVersion: sampling.version }, now());
      return { sampleId, verdict: body.verdict };
    },
  );
}

function placeOf(text: string): SamplePlace {
  const [status, id] = text.split('.');
  return { status: status === 'reviewed' ? 'reviewed' : 'open', sampleId: Number(id) };
}

function pointerTo(questionId: string): string {
  return `/answers/${questionId.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function unknown(sampleId: number): DomainError {
  return new DomainError('SAMPLE_UNKNOWN', `There is no sample ${sampleId}.`);
}
