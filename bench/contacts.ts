import { type DatabaseHandle, type Sql, migrateDatabase, openDatabase } from '../db/client.ts';
import { startStack } from '../local/stack.ts';
import { silentLog } from '../local/stack-log.ts';
import { inLanes } from '../platform/in-lanes.ts';
import { inActivity } from '../test/support/activity-context.ts';
import type { CaseActivities, MakeContactsInput } from '../workflows/contract.ts';
import { type BenchGateway, startBenchGateway } from './contacts/gateway.ts';
import { benchActivities, prepareContacts } from './contacts/prepared.ts';
import { transactionsOf } from './contacts/transactions.ts';
import { spread } from './measured-process.ts';

const CONTACTS = 400;
/** Contacts under way at the same time, and connections to the database. */
const PARALLEL = 20;
/** So many pairs at least, after one that warms up. */
const PAIRS = 7;

/**
 * Contacts a second by the activity, from verdict to outcome on record, against a loop that does one insert and one
 * call of the gateway for each. The two take turns, each first in every other pair. The activity is called as a worker
 * calls it, without the engine.
 */
export async function measureContacts({ runs }: { readonly runs: number }): Promise<string[]> {
  const stack = await startStack({ profile: 'demo', ui: false, log: silentLog });
  const gateway = await startBenchGateway();
  try {
    await migrateDatabase(stack.databaseUrl);
    const database = openDatabase(stack.databaseUrl, { connections: PARALLEL });
    const pairs = await measurePairs(database, gateway, Math.max(runs, PAIRS));
    const names = Array.from({ length: CONTACTS }, (_, index) => `T-${index}`);
    const inputs = await prepareContacts(database.db, benchActivities(database.db, gateway.url), names);
    await database.close();
    const transactions = await transactionsOf(stack.databaseUrl, async ({ db }) => {
      const activities = benchActivities(db, gateway.url);
      for (const input of inputs) await makeContact(activities, input);
    });
    return [
      `contacts, ${CONTACTS} a run, ${PARALLEL} side by side, ${pairs.length} pairs:`,
      `  contacts a second                      ${spread(
        pairs.map(({ kept }) => kept),
        0,
      )}`,
      `  bare insert and HTTP call, a second    ${spread(
        pairs.map(({ bare }) => bare),
        0,
      )}`,
      `  ratio                                  ${spread(pairs.map(({ kept, bare }) => kept / bare))}`,
      `  database transactions per contact      ${(transactions / CONTACTS).toFixed(2)} (one activity)`,
    ];
  } finally {
    gateway.stop();
    await stack.stop();
  }
}

interface Pair {
  readonly kept: number;
  readonly bare: number;
}

async function measurePairs({ db, sql }: DatabaseHandle, gateway: BenchGateway, count: number): Promise<Pair[]> {
  const activities = benchActivities(db, gateway.url);
  await sql`create table bare (key text primary key, status text not null, at timestamptz not null default now())`;
  const pairs: Pair[] = [];
  for (let pair = 0; pair <= count; pair += 1) {
    const names = Array.from({ length: CONTACTS }, (_, index) => `B${pair}-${index}`);
    const inputs = await prepareContacts(db, activities, names);
    const before = await gateway.taken();
    const measured = { kept: 0, bare: 0 };
    const kept = async () => {
      measured.kept = await rate(inputs, (input) => makeContact(activities, input));
    };
    const bare = async () => {
      measured.bare = await rate(inputs, (input) => bareContact(sql, gateway.url, input));
    };
    for (const half of pair % 2 === 0 ? [kept, bare] : [bare, kept]) await half();
    const taken = (await gateway.taken()) - before;
    if (taken !== 2 * CONTACTS) throw new Error(`The gateway took ${taken} messages of ${2 * CONTACTS}.`);
    // The first pair warms up.
    if (pair > 0) pairs.push(measured);
  }
  return pairs;
}

async function rate<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await inLanes(PARALLEL, items, work);
  return items.length / ((performance.now() - startedMs) / 1_000);
}

async function makeContact(activities: CaseActivities, input: MakeContactsInput): Promise<void> {
  const { facts } = await inActivity(1, () => activities.makeContacts(input));
  const [fact] = facts;
  if (fact?.type !== 'contactSettled' || fact.result !== 'sent') throw new Error(`${input.loanRef} was not sent.`);
}

async function bareContact(sql: Sql, url: string, { loanRef }: MakeContactsInput): Promise<void> {
  const key = `bare/${loanRef}`;
  await sql`insert into bare ${sql({ key, status: 'sent' })}`;
  const message = {
    key,
    channel: 'sms',
    to: '+886900000001',
    language: 'zh',
    templateCode: 'overdue-first',
    params: {},
  };
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const response = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(message) });
  await response.text();
  if (response.status !== 202) throw new Error(`The gateway answered ${response.status}.`);
}
