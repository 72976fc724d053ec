import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApi } from '../../api/app.ts';
import { openDatabase } from '../../db/client.ts';
import { freePorts } from '../../local/ports.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { apiPolicy } from '../support/api-policy.ts';
import { INTAKE } from '../support/intake.ts';
import { dueSoon, statementOf } from '../support/loans.ts';

const TOKEN = 'a-token-of-more-than-24-characters';
const ROUTES = [
  ['GET', '/v1/cases'],
  ['GET', '/v1/cases/A'],
  ['GET', '/v1/tasks'],
  ['POST', '/v1/tasks/A/answer'],
  ['POST', '/v1/events'],
  ['GET', '/v1/events/A'],
  ['POST', '/v1/debtor-events'],
  ['GET', '/v1/debtors/A/standing'],
  ['POST', '/v1/calls'],
  ['POST', '/v1/calls/A/result'],
  ['POST', '/v1/contacts'],
  ['GET', '/docs'],
  ['GET', '/docs/json'],
  ['GET', '/v1/nothing'],
  ['GET', '/livez/'],
] as const;

describe('an API that has a token', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApi({ token: TOKEN });
  });
  afterAll(() => api?.stop());

  test.each(ROUTES)('%s %s wants it, and says so before anything else', async (method, url) => {
    for (const authorization of [
      undefined,
      '',
      'Bearer ',
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(0, -1)}`,
      `bearer ${TOKEN}`,
      `Basic ${TOKEN}`,
      TOKEN,
      'x'.repeat(5_000),
    ]) {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await api.app.inject({ method, url, headers });
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
      const problem = await askInVain(api.app, { method, url, headers });
      expect(problem).toMatchObject({ status: 401, code: 'UNAUTHORISED' });
      expect(JSON.stringify(problem)).not.toContain(TOKEN);
    }
  });

  test('lets in who has it', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await ask(api.app, { url: '/v1/cases', headers })).status).toBe(200);
    const event = { method: 'POST', url: '/v1/events', headers, payload: dueSoon(statementOf('TOKEN-1')) } as const;
    expect((await ask(api.app, event)).status).toBe(202);
    expect(await askInVain(api.app, { url: '/v1/nothing', headers })).toMatchObject({ status: 404 });
  });

  test.each(['/livez', '/readyz', '/livez?probe=1'])('lets everybody ask %s', async (url) => {
    expect((await ask(api.app, { url })).status).toBe(200);
  });

  test('lets everybody read what a problem means', async () => {
    const { statusCode, body } = await api.app.inject({ url: '/problems/UNAUTHORISED' });
    expect(statusCode).toBe(200);
    expect(body).toContain('Authorization: Bearer');
  });
});

describe('an API without a token', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApi();
  });
  afterAll(() => api?.stop());

  test('is alive, ready, and has pages for its problems', async () => {
    expect(await ask(api.app, { url: '/livez' })).toMatchObject({ status: 200, body: { status: 'alive' } });
    expect(await ask(api.app, { url: '/readyz' })).toMatchObject({
      status: 200,
      body: { database: 'fulfilled', temporal: 'fulfilled' },
    });
    for (const code of ['EVENT_CONFLICT', 'REQUEST_INVALID', 'INTERNAL']) {
      const page = await api.app.inject({ url: `/problems/${code}` });
      expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
      expect(page.body).toContain(code);
    }
    for (const code of ['NOTHING', 'toString', '__proto__']) {
      expect(await askInVain(api.app, { url: `/problems/${code}` })).toMatchObject({ status: 404 });
    }
  });
});

describe('an API whose database or engine is away', () => {
  async function apiWith(away: { readonly database?: boolean; readonly engine?: boolean }) {
    const api = await openApi();
    const [port = 1] = await freePorts(1);
    const nowhere = openDatabase(`postgres://nobody@127.0.0.1:${port}/nothing`, { connections: 1 });
    const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
    const { allocation } = INTAKE;
    const app = await buildApi({
      db: away.database === true ? nowhere.db : api.database.db,
      client: away.engine === true ? new Client({ connection }) : api.client,
      allocation,
      ...apiPolicy(),
    });
    const stop = async () => {
      await app.close();
      await connection.close();
      await nowhere.close();
      await api.stop();
    };
    return { app, stop, database: api.database };
  }

  test('without its database is alive but not ready, and asks to be asked again', async () => {
    const { app, stop } = await apiWith({ database: true });
    expect(await ask(app, { url: '/livez' })).toMatchObject({ status: 200 });
    expect(await ask(app, { url: '/readyz' })).toMatchObject({
      status: 503,
      body: { database: 'rejected', temporal: 'fulfilled' },
    });
    for (const url of ['/v1/cases', '/v1/cases/A', '/v1/tasks', '/v1/events/A']) {
      expect(await askInVain(app, { url })).toMatchObject({ status: 503, code: 'DATABASE_UNREACHABLE' });
    }
    const payload = dueSoon(statementOf('AWAY-1'));
    expect(await askInVain(app, { method: 'POST', url: '/v1/events', payload })).toMatchObject({ status: 503 });
    await stop();
  });

  test('without its engine takes events and shows cases, and answers to tasks wait for the engine', async () => {
    const { app, stop, database } = await apiWith({ engine: true });
    expect(await ask(app, { url: '/readyz' })).toMatchObject({
      status: 503,
      body: { database: 'fulfilled', temporal: 'rejected' },
    });
    const event = { method: 'POST', url: '/v1/events', payload: dueSoon(statementOf('AWAY-2')) } as const;
    expect((await ask(app, event)).status).toBe(202);
    expect((await ask(app, { url: '/v1/cases' })).status).toBe(200);
    await database.sql`insert into task (task_id, loan_ref, episode, step, kind, opened_at, goes_on_at)
      values ('AWAY-2~1~call~1', 'AWAY-2', 1, 'call', 'agentCall', now(), now())`;
    const answer = { answer: 'notDone', actor: 'agent-1', reason: 'nobody there' };
    const request = { method: 'POST', url: '/v1/tasks/AWAY-2~1~call~1/answer', payload: answer } as const;
    expect(await askInVain(app, request)).toMatchObject({ status: 503, code: 'ENGINE_UNREACHABLE' });
    await stop();
  });
});
