import { Client, Connection } from '@temporalio/client';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { inject } from 'vitest';
import { type ApiOptions, buildApi } from '../../api/app.ts';
import type { Problem } from '../../api/errors.ts';
import { apiPolicy } from './api-policy.ts';
import { type TestDatabase, freshDatabase } from './database.ts';
import { INTAKE } from './intake.ts';

export interface TestApi {
  readonly app: FastifyInstance;
  readonly database: TestDatabase;
  readonly client: Client;
  stop(): Promise<void>;
}

/** The API as the server builds it, on a database of its own and the real engine; nothing listens. */
export async function openApi(options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const database = await freshDatabase();
  const connection = await Connection.connect({ address: inject('stackTemporalAddress') });
  const client = new Client({ connection });
  const { allocation } = INTAKE;
  const app = await buildApi({ db: database.db, client, allocation, ...apiPolicy(), ...options });
  return {
    app,
    database,
    client,
    stop: async () => {
      await app.close();
      await connection.close();
      await database.close();
    },
  };
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Sends a request and reads the answer as JSON. */
export async function ask<Body = Record<string, unknown>>(
  app: FastifyInstance,
  request: InjectOptions,
): Promise<Answer<Body>> {
  const response = await app.inject(request);
  return { status: response.statusCode, body: response.json<Body>(), headers: response.headers };
}

/** Sends a request that must fail, and checks the shape that every problem has (RFC 9457). */
export async function askInVain(app: FastifyInstance, request: InjectOptions): Promise<Problem> {
  const { status, body, headers } = await ask<Problem>(app, request);
  const wellFormed =
    String(headers['content-type']).startsWith('application/problem+json') &&
    body.status === status &&
    status >= 400 &&
    body.type === `/problems/${body.code}` &&
    [body.title, body.detail, body.instance].every((text) => typeof text === 'string' && text.length > 0);
  if (!wellFormed) throw new Error(`This is no problem of RFC 9457: ${status} ${JSON.stringify(body)}`);
  return body;
}
