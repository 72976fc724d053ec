import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { migrateDatabase, openDatabase } from '../db/client.ts';
import type { LoanEvent } from '../domain/events.ts';
import { DAY_MS, instantOf } from '../domain/instant.ts';
import { bootstrapNamespace } from '../local/bootstrap.ts';
import { pollUntil } from '../local/poll.ts';
import { freePorts } from '../local/ports.ts';
import { seededFaults } from '../local/sinks/script.ts';
import { startSinks } from '../local/sinks/index.ts';
import { startStack } from '../local/stack.ts';
import { terminalLog } from '../local/stack-log.ts';

/**
 * `npm run crash`: kills the process that serves (API, relay and worker in one, in real time) with SIGKILL at seeded
 * moments while loans arrive and each is sent one SMS by a gateway that answers late, then counts what the gateway got.
 * Nothing may be doubled, lost or left in doubt. `-- --kills 200 --loans 1000 --seed 1`.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    loans: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const [kills, loans, seed] = [Number(values.kills), Number(values.loans), Number(values.seed)];
const KEPT = fileURLToPath(new URL('../bin/kept', import.meta.url));
const DRAINED_WITHIN_MS = 600_000;

/** One SMS at once, at any hour of any day, so that the time of the run does not matter. */
const STRATEGY = `
id: crash
version: 1
currency: TWD
calendar: tw
window: { from: 00:00, to: 23:59, restDays: [], restOnHolidays: false }
perDebtorPerDay: { sms: 1, email: 1, push: 1 }
allocation: [penalty, interest, principal, fees]
tiers: [{ id: all }]
steps:
  - { id: first, stage: early, do: contact, channel: sms, template: overdue-first, day: 0, sendAt: 00:00, validDays: 5, catchUp: true }
  - { id: review, stage: late, do: task, task: review, day: 300, sendAt: 10:00, waitDays: 0 }
`;

/** A small generator of its own (mulberry32): the same seed gives the same moments. */
function randomOf(state: number): () => number {
  let now = state;
  return () => {
    now = (now + 0x6d2b79f5) | 0;
    let mixed = Math.imul(now ^ (now >>> 15), now | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function overdueLoan(number: number): LoanEvent {
  const loanRef = `CRASH-${number}`;
  const debtor = { debtorRef: `D-${loanRef}`, zone: 'Asia/Taipei', language: 'zh', phone: '+886900000000' } as const;
  const due = { penalty: 0, interest: 0, principal: 100_000, fees: 0 };
  const dueOn = instantOf(Date.now() - DAY_MS).slice(0, 10);
  const data = { loanRef, debtor, product: 'credit-card', currency: 'TWD', dueOn, due, outstandingMinor: 500_000 };
  return { id: `due-${loanRef}`, type: 'loan.overdue', timestamp: instantOf(Date.now()), data };
}

const dir = await mkdtemp(join(tmpdir(), 'kept-crash-'));
const strategyFile = join(dir, 'crash.yaml');
await writeFile(strategyFile, STRATEGY);
const stack = await startStack({ profile: 'demo', ui: false, log: terminalLog() });
const sinks = await startSinks({ dataDir: stack.dataDir });
sinks.gateway.script(
  seededFaults({
    seed,
    shares: [
      [0.5, { do: 'acceptThenDelay', ms: 150 }],
      [0.3, { do: 'delay', ms: 100 }],
    ],
  }),
);
try {
  await migrateDatabase(stack.databaseUrl);
  await bootstrapNamespace(stack.temporalAddress, stack.namespace, 1);
  const [port = 0] = await freePorts(1);
  const env = {
    ...process.env,
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    TEMPORAL_NAMESPACE: stack.namespace,
    KEPT_PORT: String(port),
    KEPT_STRATEGY: strategyFile,
    KEPT_LOG_LEVEL: 'silent',
    SMS_GATEWAY_URL: sinks.smsGatewayUrl,
    SMTP_URL: sinks.smtpUrl,
  };
  const url = `http://127.0.0.1:${port}`;
  const { db, close } = openDatabase(stack.databaseUrl, { connections: 2 });
  const random = randomOf(seed);
  const startedMs = performance.now();
  let next = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const served = await serve(env, url);
    const until = Math.round(((kill + 1) * loans) / kills);
    const dies = new Promise((resolve) => setTimeout(resolve, random() * 900));
    const sending = (async () => {
      while (next < until && (await send(url, next))) next += 1;
    })();
    await dies;
    served.kill('SIGKILL');
    await once(served, 'exit');
    await sending;
    process.stderr.write(`\r${kill + 1} of ${kills} killed, ${next} of ${loans} loans sent`);
  }
  const last = await serve(env, url);
  while (next < loans && (await send(url, next))) next += 1;
  await pollUntil(
    async () => {
      const [row] = await db.execute<{ count: number }>(
        sql`select count(*)::int as count from contact_intent where status in ('sent', 'unknown')`,
      );
      return row?.count === loans ? true : undefined;
    },
    { withinMs: DRAINED_WITHIN_MS, everyMs: 500, timeUp: () => new Error('Not every loan was contacted in time.') },
  );
  const statuses = await db.execute(sql`select status, count(*)::int as count from contact_intent group by status`);
  const handOvers = sinks.gateway.handOvers().length;
  const messages = sinks.gateway.messages();
  const keys = new Set(messages.map((message) => message.key));
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  process.stdout.write(
    [
      `\n${kills} kills, ${loans} loans, seed ${seed}, ${seconds} s`,
      `  messages at the gateway   ${messages.length}`,
      `  keys among them           ${keys.size} (doubled: ${messages.length - keys.size}, lost: ${loans - keys.size})`,
      `  hand-overs                ${handOvers} (${handOvers - messages.length} were repeats of a key)`,
      `  ledger                    ${statuses.map(({ status, count }) => `${String(count)} ${String(status)}`).join(', ')}`,
      '',
    ].join('\n'),
  );
  if (messages.length !== keys.size || keys.size !== loans) process.exitCode = 1;
  last.kill('SIGTERM');
  await once(last, 'exit');
  await close();
} finally {
  await sinks.stop();
  await stack.stop();
  await rm(dir, { recursive: true, force: true });
}

/** Starts the process and waits until it listens. */
async function serve(env: NodeJS.ProcessEnv, base: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [KEPT, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await pollUntil(async () => ((await fetch(`${base}/livez`).catch(() => null))?.ok === true ? true : undefined), {
    withinMs: 60_000,
    everyMs: 25,
    timeUp: () => new Error('The process does not listen.'),
  });
  return child;
}

/** Sends a loan as its system would; false when nobody answered, so that it is sent again later. */
async function send(base: string, number: number): Promise<boolean> {
  try {
    const body = JSON.stringify(overdueLoan(number));
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${base}/v1/events`, { method: 'POST', headers, body });
    // The same loan again has another instant: what was committed before the answer was lost is a conflict.
    return response.status === 202 || response.status === 409;
  } catch {
    return false;
  }
}
