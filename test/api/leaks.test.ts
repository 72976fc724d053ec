import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../api/errors.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { dueSoon, statementOf } from '../support/loans.ts';

const CHILD = fileURLToPath(new URL('../support/api-child.ts', import.meta.url));
const MARKER = 'Marker4711';
const MARKED = dueSoon(
  statementOf('LEAK-1', {
    debtor: {
      debtorRef: 'LEAK-1',
      zone: 'Asia/Taipei',
      language: 'zh',
      phone: '+886947110815',
      email: `${MARKER}@example.com`,
      pushId: MARKER,
    },
    snapshot: { note: MARKER },
  }),
);
/** What neither an answer nor a log may hold: the planted data, the token, statements, paths of files and stacks. */
const SECRETS = [
  MARKER,
  '+886947110815',
  'a-token-that',
  'a-secret-that',
  'select ',
  'insert ',
  'node_modules',
  '.ts:',
  'Failed query',
];

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.close());

/** Everything that an API in a process of its own answers and logs. */
async function said(requests: readonly object[]): Promise<{ all: string; answers: Problem[] }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', CHILD], {
    env: { ...process.env, DATABASE_URL: database.url, REQUESTS: JSON.stringify(requests) },
  });
  const answers = [...stdout.matchAll(/^answered \d+ (.*)$/gm)].map(([, body = '']) => JSON.parse(body) as Problem);
  return { all: stdout + stderr, answers };
}

const send = (payload: object, headers: object = {}) => ({ method: 'POST', url: '/v1/events', payload, headers });

describe('neither answers nor logs hold statements, personal data or the token', () => {
  test('of requests that are refused', async () => {
    const { all, answers } = await said([
      send({ ...MARKED, timestamp: MARKER }),
      send({ ...MARKED, id: `${MARKER}!` }),
      send(MARKED, { authorization: `Bearer ${MARKER}` }),
      send(MARKED, { 'content-type': `text/${MARKER}` }),
      { method: 'GET', url: '/v1/nothing', headers: { cookie: MARKER } },
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 401, 415, 404]);
    for (const secret of SECRETS) expect(all.toLowerCase()).not.toContain(secret.toLowerCase());
  });

  test.each([
    ['a table is gone', 'alter table outbox rename to outbox_away', 'alter table outbox_away rename to outbox', 500],
    [
      'a table refuses a row',
      'alter table debtor add constraint no check (false)',
      'alter table debtor drop constraint no',
      500,
    ],
    [
      'a column is too narrow',
      'alter table debtor alter phone type varchar(3)',
      'alter table debtor alter phone type text',
      422,
    ],
  ])('of requests that fail because %s', async (_case, breaking, mending, status) => {
    await database.sql.unsafe(breaking);
    const { all, answers } = await said([send(MARKED)]);
    await database.sql.unsafe(mending);
    expect(answers).toMatchObject([{ status }]);
    if (status === 500) expect(all).toContain('"msg":"request failed"');
    for (const secret of SECRETS) expect(all.toLowerCase()).not.toContain(secret.toLowerCase());
  });

  const GATEWAY = '/v1/gateway/a-secret-that-no-log-may-hold';
  const REPLY = { replyId: 'R', from: '+886947110815', channel: 'sms', text: MARKER, at: '2026-04-08T10:00:00+08:00' };
  const TALKS = [
    {
      url: '/v1/contacts',
      payload: { contactId: 'L-1', loanRef: 'LEAK-1', channel: 'call', at: REPLY.at, note: MARKER },
    },
    { url: '/v1/calls/L-1/result', payload: { result: 'connected', note: MARKER } },
    {
      url: '/v1/debtor-events',
      payload: {
        id: 'L-1',
        type: 'thirdParty.named',
        timestamp: REPLY.at,
        data: { debtorRef: 'LEAK-1', source: 'app', thirdPartyRef: 'T', phone: '+886947110815' },
      },
    },
  ];
  const posted = (each: { url: string; payload: object }) => ({
    method: 'POST',
    url: each.url,
    payload: each.url.includes('events') ? each.payload : { actor: 'agent-1', ...each.payload },
  });

  test('of what agents write down, debtors answer and gateways post, whether it is taken, refused or fails', async () => {
    const webhooks = [
      { method: 'POST', url: `${GATEWAY}/replies`, payload: [REPLY, { ...REPLY, from: `${MARKER}@example.com` }] },
      { method: 'POST', url: `${GATEWAY}/replies`, payload: [{ ...REPLY, channel: MARKER }] },
      { method: 'POST', url: `${GATEWAY}/receipts`, payload: [{ key: MARKER, status: MARKER }] },
      { method: 'POST', url: `/v1/gateway/${MARKER}/receipts`, payload: [] },
    ];
    const requests = [...TALKS.map(posted), ...webhooks];
    const taken = await said([send(MARKED), ...requests]);
    expect(taken.answers.slice(4).map(({ status }) => status)).toEqual([undefined, 400, 400, 404]);
    await database.sql.unsafe('alter table contact rename to away; alter table debtor_event rename to debtor_away');
    const failed = await said(requests);
    await database.sql.unsafe('alter table away rename to contact; alter table debtor_away rename to debtor_event');
    expect(failed.answers.slice(0, 4).map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    for (const secret of SECRETS) {
      expect((taken.all + failed.all).toLowerCase(), secret).not.toContain(secret.toLowerCase());
    }
  });

  test('of reads that fail', async () => {
    await database.sql`alter table collection_case rename to away`;
    const { all, answers } = await said([
      { method: 'GET', url: `/v1/cases/${MARKER}` },
      { method: 'GET', url: `/v1/cases?after=${MARKER}` },
    ]);
    await database.sql`alter table away rename to collection_case`;
    expect(answers.map((answer) => [answer.status, answer.code])).toEqual([
      [500, 'INTERNAL'],
      [500, 'INTERNAL'],
    ]);
    for (const secret of SECRETS) expect(all.toLowerCase()).not.toContain(secret.toLowerCase());
  });
});
