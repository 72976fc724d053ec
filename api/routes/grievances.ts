import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { raiseGrievance } from '../../db/grievances.ts';
import { grievanceById, grievanceList } from '../../db/queries/grievances.ts';
import { DomainError } from '../../domain/errors.ts';
import { GRIEVANCE_KINDS, type GrievanceKind } from '../../domain/grievance.ts';
import { parseInstant } from '../../domain/instant.ts';
import { ANSWER_DEBTOR, type AnswerDebtorInput, grievanceWorkflowId } from '../../workflows/grievance-contract.ts';
import { json, problems } from '../answers.ts';
import type { ApiOptions } from '../app.ts';
import { updateWorkflow } from '../case-update.ts';
import { clockOf } from '../clock.ts';
import { reference } from '../fields.ts';
import { NAMES, SCHEMAS, debtorAnswer } from '../grievance-schemas.ts';
import { pageOf } from '../schemas.ts';

/** Complaints and disputes. 202 means: collection has stopped, and the investigation will begin. */
export async function grievanceRoutes(instance: FastifyInstance, options: ApiOptions): Promise<void> {
  for (const kind of GRIEVANCE_KINDS) {
    raiseRoute(instance, options, kind);
    readRoutes(instance, options, kind);
    answerRoute(instance, options, kind);
  }
}

function raiseRoute(instance: FastifyInstance, options: ApiOptions, kind: GrievanceKind): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db, serviceLevels } = options;
  const now = clockOf(options);
  const { id: name, path, one } = NAMES[kind];
  app.post(
    `/${path}`,
    {
      schema: {
        operationId: `raise${name}`,
        summary: `Take in ${one}; collection stops at once`,
        description:
          kind === 'complaint'
            ? 'About how somebody behaved. Stops contact about all loans of the debtor; needs no open case.'
            : 'About what is owed. Stops contact about the loan until the debt is verified; needs no open case.',
        tags: ['grievances'],
        body: SCHEMAS[kind].raised,
        response: {
          202: json('Committed: collection has stopped', SCHEMAS[kind].acceptance),
          ...problems(400, 404, 409, 413, 415, 422),
        },
      },
    },
    async ({ body }, reply) => {
      const { id, at, about, statement, ...rest } = body;
      const raised = {
        ...rest,
        kind,
        grievanceId: id,
        about: about ?? null,
        statement: statement ?? null,
        at: at === undefined ? null : parseInstant(at),
      };
      return reply.status(202).send({ id, status: await raiseGrievance(db, serviceLevels, raised, now()) });
    },
  );
}

function readRoutes(instance: FastifyInstance, { db }: ApiOptions, kind: GrievanceKind): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { id: name, path, one, many } = NAMES[kind];
  app.get(
    `/${path}`,
    {
      schema: {
        operationId: `list${name}s`,
        summary: `${many.charAt(0).toUpperCase()}${many.slice(1)} in order of their ids, a page at a time`,
        tags: ['grievances'],
        querystring: z.strictObject({
          status: z.enum(['open', 'closed', 'all']).default('open'),
          ...pageOf(reference),
        }),
        response: { 200: json(`A page of ${many}`, SCHEMAS[kind].page), ...problems(400) },
      },
    },
    async ({ query }) => {
      const rows = await grievanceList(db, kind, query);
      const items = rows.map(({ grievanceId, ...rest }) => ({ id: grievanceId, ...rest }));
      return { [path]: items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
  app.get(
    `/${path}/:id`,
    {
      schema: {
        operationId: `get${name}`,
        summary: `Where ${one} stands, with its tasks and what was found`,
        tags: ['grievances'],
        params: z.object({ id: reference }),
        response: { 200: json('As it stands', SCHEMAS[kind].detail), ...problems(400, 404) },
      },
    },
    async ({ params: { id } }) => {
      const found = await grievanceById(db, kind, id);
      if (!found) throw new DomainError('GRIEVANCE_UNKNOWN', `There is no ${kind} ${id}.`);
      const { grievanceId, ...rest } = found;
      return { id: grievanceId, ...rest };
    },
  );
}

function answerRoute(instance: FastifyInstance, { db, client }: ApiOptions, kind: GrievanceKind): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { id: name, path, one } = NAMES[kind];
  app.post(
    `/${path}/:id/answer`,
    {
      schema: {
        operationId: `answer${name}`,
        summary: `Tell how the debtor was answered to ${one} that is decided`,
        description: 'Once. By a person, since no message is sent by itself while collection is stopped.',
        tags: ['grievances'],
        params: z.object({ id: reference }),
        body: debtorAnswer,
        response: {
          202: json('It is known', z.object({ id: z.string() })),
          ...problems(400, 404, 409, 413, 415, 422),
        },
      },
    },
    async ({ params: { id }, body }, reply) => {
      const found = await grievanceById(db, kind, id);
      if (!found) throw new DomainError('GRIEVANCE_UNKNOWN', `There is no ${kind} ${id}.`);
      const { remedy = null, channel, reference: letter, actor } = body;
      const isSame =
        found.answerChannel === channel &&
        found.answerReference === letter &&
        found.remedy === remedy &&
        found.answeredBy === actor;
      if (!isSame) {
        const ifGone = () => new DomainError('GRIEVANCE_ANSWERED', `The ${kind} ${id} is closed, or has not begun.`);
        const input: AnswerDebtorInput = { channel, reference: letter, remedy, actor };
        const target = { workflowId: grievanceWorkflowId(kind, id), ifGone };
        await updateWorkflow<undefined, AnswerDebtorInput>(client, target, { name: ANSWER_DEBTOR, input });
      }
      return reply.status(202).send({ id });
    },
  );
}
