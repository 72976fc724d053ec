import { Client, Connection } from '@temporalio/client';
import { buildApi } from '../../api/app.ts';
import { openDatabase } from '../../db/client.ts';
import { apiPolicy } from './api-policy.ts';

// Run as a process of its own by a test, so that it sees what the API logs: sends the requests of REQUESTS, one by one.
interface Sent {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly payload?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const { db, close } = openDatabase(process.env['DATABASE_URL'] ?? '');
const client = new Client({ connection: Connection.lazy() });
const app = await buildApi({
  db,
  client,
  allocation: ['penalty', 'interest', 'principal', 'fees'],
  ...apiPolicy(),
  token: 'a-token-that-no-log-may-hold',
  gatewaySecret: 'a-secret-that-no-log-may-hold',
  isLogging: true,
});
for (const { headers = {}, ...request } of JSON.parse(process.env['REQUESTS'] ?? '[]') as Sent[]) {
  const authorization = 'Bearer a-token-that-no-log-may-hold';
  const { statusCode, body } = await app.inject({ ...request, headers: { authorization, ...headers } });
  process.stdout.write(`answered ${statusCode} ${body}\n`);
}
await app.close();
await client.connection.close();
await close();
