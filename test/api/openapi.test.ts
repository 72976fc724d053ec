import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type TestApi, ask, openApi } from '../support/api.ts';

const GOLDEN = fileURLToPath(new URL('../../api/openapi.json', import.meta.url));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: unknown;
  readonly requestBody?: unknown;
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, { schema?: Json }>> }>
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
  readonly tags: readonly { readonly name: string }[];
}

let api: TestApi;
let document: Document;
let operations: readonly (readonly [string, Operation])[];
beforeAll(async () => {
  api = await openApi();
  document = (await ask<Document>(api.app, { url: '/docs/json' })).body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});
afterAll(() => api?.stop());

test('the document is the one that was agreed: KEPT_UPDATE_GOLDEN=1 writes a new one, for a person to compare', async () => {
  if (process.env['KEPT_UPDATE_GOLDEN'] === '1') await writeFile(GOLDEN, `${JSON.stringify(document, null, 2)}\n`);
  expect(document).toEqual(JSON.parse(await readFile(GOLDEN, 'utf8')));
});

test('the document is what a client needs: OpenAPI 3.1, ids that stay, tags that are explained, no schema twice', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(operations.map(([route, { operationId }]) => [route, operationId])).toEqual([
    ['post /v1/events', 'sendEvent'],
    ['get /v1/events/{eventId}', 'getEvent'],
    ['get /v1/cases', 'listCases'],
    ['get /v1/cases/{loanRef}', 'getCase'],
    ['get /v1/cases/{loanRef}/offers', 'listOffers'],
    ['post /v1/cases/{loanRef}/offers', 'answerOffer'],
    ['post /v1/cases/{loanRef}/agreements', 'proposeAgreement'],
    ['get /v1/cases/{loanRef}/agreements', 'listAgreements'],
    ['post /v1/cases/{loanRef}/agreements/{agreementId}/cancel', 'cancelAgreement'],
    ['post /v1/cases/{loanRef}/holds', 'placeHold'],
    ['post /v1/cases/{loanRef}/holds/{holdId}/release', 'releaseHold'],
    ['post /v1/holds/bulk', 'placeBulkHold'],
    ['post /v1/holds/bulk/release', 'releaseBulkHold'],
    ['get /v1/tasks', 'listTasks'],
    ['post /v1/tasks/{taskId}/answer', 'answerTask'],
    ['post /v1/calls', 'reserveCall'],
    ['post /v1/calls/{callId}/result', 'logCall'],
    ['post /v1/contacts', 'receiveContact'],
    ['get /v1/samples', 'listSamples'],
    ['get /v1/samples/{sampleId}', 'getSample'],
    ['post /v1/samples/{sampleId}/review', 'reviewSample'],
    ['post /v1/debtor-events', 'sendDebtorEvent'],
    ['get /v1/debtors/{debtorRef}/standing', 'getDebtorStanding'],
    ['post /v1/complaints', 'raiseComplaint'],
    ['get /v1/complaints', 'listComplaints'],
    ['get /v1/complaints/{id}', 'getComplaint'],
    ['post /v1/complaints/{id}/answer', 'answerComplaint'],
    ['post /v1/disputes', 'raiseDispute'],
    ['get /v1/disputes', 'listDisputes'],
    ['get /v1/disputes/{id}', 'getDispute'],
    ['post /v1/disputes/{id}/answer', 'answerDispute'],
  ]);
  const tags = new Set(document.tags.map(({ name }) => name));
  for (const [route, operation] of operations) {
    expect(operation.summary, route).toMatch(/^[A-Z].{10,}/);
    expect(
      operation.tags?.every((tag) => tags.has(tag)),
      route,
    ).toBe(true);
  }
  const names = Object.keys(document.components.schemas);
  expect(names.filter((name) => name.endsWith('Input'))).toEqual([]);
  const refs = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name);
  expect(new Set(refs)).toEqual(new Set(names));
});

test('every operation says which problems it may answer with, in the one shape that problems have', () => {
  for (const [route, operation] of operations) {
    const statuses = Object.keys(operation.responses);
    const needed =
      operation.requestBody === undefined ? ['400', '401', '500', '503'] : ['400', '401', '413', '415', '500', '503'];
    expect(statuses, route).toEqual(expect.arrayContaining(needed));
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description, `${route} ${status}`).not.toBe('Default Response');
      if (Number(status) < 400) expect(Object.keys(content ?? {}), route).toEqual(['application/json']);
      else {
        expect(content, `${route} ${status}`).toEqual({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        });
      }
    }
  }
});

describe('examples', () => {
  /** A schema of the document as zod checks it: written anew from the JSON, not taken from the code that made it. */
  function checkerOf(schema: Json): z.ZodType {
    const text = JSON.stringify({ ...(schema as object), $defs: document.components.schemas });
    return z.fromJSONSchema(
      JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as Parameters<typeof z.fromJSONSchema>[0],
    );
  }

  /** Every schema in the document that has examples, with where it stands. */
  function withExamples(value: Json, path = ''): { path: string; schema: { [key: string]: Json }; examples: Json[] }[] {
    if (value === null || typeof value !== 'object') return [];
    if (Array.isArray(value)) return value.flatMap((each, index) => withExamples(each, `${path}/${index}`));
    const own = Array.isArray(value['examples']) ? [{ path, schema: value, examples: value['examples'] }] : [];
    const single = 'example' in value && 'schema' in value ? [value] : [];
    return [
      ...own,
      ...single.map((each) => ({
        path,
        schema: each['schema'] as { [key: string]: Json },
        examples: [each['example'] ?? null],
      })),
      ...Object.entries(value).flatMap(([key, each]) =>
        key === 'examples' ? [] : withExamples(each, `${path}/${key}`),
      ),
    ];
  }

  test('are all valid by the schema they stand in, and every answer and body has one', () => {
    const found = withExamples(document as unknown as Json);
    for (const { path, schema, examples } of found) {
      const checker = checkerOf(schema);
      for (const example of examples) expect(checker.safeParse(example).error?.issues ?? [], path).toEqual([]);
    }
    const paths = new Set(found.map(({ path }) => path));
    const shown = [
      'Acceptance',
      'Case',
      'CasePage',
      'EventState',
      'LoanAdjusted',
      'LoanClosed',
      'LoanDueSoon',
      'LoanOverdue',
    ];
    const calls = ['Call', 'CallLog', 'CallVerdict', 'InboundContact', 'LoggedCall', 'ReceivedContact'];
    const reviews = ['Review', 'ReviewedSample', 'Sample', 'SamplePage'];
    const debtors = ['ChannelOptedOut', 'DebtorAcceptance', 'DebtorStanding', 'HoldPlaced'];
    for (const name of [
      ...shown,
      ...calls,
      ...debtors,
      ...reviews,
      'BulkHold',
      'BulkProgress',
      'BulkRelease',
      'CounterOffer',
      'OfferAnswer',
      'PaymentReceived',
      'PaymentReversed',
      'Problem',
      'Task',
      'TaskAnswer',
      'TaskPage',
    ]) {
      expect(paths, name).toContain(`/components/schemas/${name}`);
    }
  });

  test.each([
    ['LoanEvent', '/v1/events', 6],
    ['DebtorEvent', '/v1/debtor-events', 18],
  ])('of %s are taken by the API itself', async (name, url, types) => {
    const { schemas } = document.components;
    const { oneOf } = schemas[name] as { oneOf: { $ref: string }[] };
    expect(oneOf).toHaveLength(types);
    for (const { $ref } of oneOf) {
      const schema = schemas[$ref.replace('#/components/schemas/', '')] as { examples: { id: string }[] };
      for (const example of schema.examples) {
        const answer = await ask(api.app, { method: 'POST', url, payload: example });
        expect([example.id, answer.status]).toEqual([example.id, 202]);
      }
    }
  });

  test('of what the schemas refuse are refused by the document too', () => {
    const checker = checkerOf({ $ref: '#/components/schemas/LoanEvent' });
    const { examples } = document.components.schemas['PaymentReceived'] as { examples: Record<string, Json>[] };
    const [good = {}] = examples;
    expect(checker.safeParse(good).success).toBe(true);
    for (const bad of [
      { ...good, note: 1 },
      { ...good, type: 'payment.lost' },
      { ...good, id: '../x' },
      { ...good, data: {} },
    ]) {
      expect(checker.safeParse(bad).success).toBe(false);
    }
  });
});
