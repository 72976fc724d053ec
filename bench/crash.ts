import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DatabaseHandle, migrateDatabase, openDatabase } from '../db/client.ts';
import { contact } from '../db/schema.ts';
import { instantOf } from '../domain/instant.ts';
import { bootstrapNamespace } from '../local/bootstrap.ts';
import { pollUntil } from '../local/poll.ts';
import { startSinks } from '../local/sinks/index.ts';
import { startStack } from '../local/stack.ts';
import { terminalLog } from '../local/stack-log.ts';
import { createLogger } from '../platform/logger.ts';
import { bundleWorkflows } from '../worker/kept.ts';
import { effectsOf, isExact } from './crash/effects.ts';
import { createFeed } from './crash/feed.ts';
import { STRATEGY, numberOf, overdueLoan } from './crash/loans.ts';
import { reportOf } from './crash/report.ts';
import { killAgainAndAgain } from './crash/run.ts';

/**
 * `npm run crash`: several processes serve (API, relay and worker in one, in real time) while loans arrive and each is
 * sent one SMS; again and again one of them is killed with SIGKILL, at a seeded point of a contact or at any moment.
 * Ends with 1 when a message is doubled, lost or in doubt. `-- --kills 200 --loans 1000 --seed 1 --processes 2`.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    loans: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
  },
});
const [kills, loans, seed, processes] = [values.kills, values.loans, values.seed, values.processes].map(Number) as [
  number,
  number,
  number,
  number,
];
/** What a killed process had under way is tried again after the two minutes that the engine gives a try. */
const DRAINED_WITHIN_MS = 600_000;

const dir = await mkdtemp(join(tmpdir(), 'kept-crash-'));
const stack = await startStack({ profile: 'demo', ui: false, log: terminalLog() });
const sinks = await startSinks({ dataDir: stack.dataDir });
try {
  const strategyFile = join(dir, 'crash.yaml');
  const bundleFile = join(dir, 'workflows.json');
  await writeFile(strategyFile, STRATEGY);
  await writeFile(bundleFile, JSON.stringify(await bundleWorkflows(createLogger('silent'))));
  await migrateDatabase(stack.databaseUrl);
  await bootstrapNamespace(stack.temporalAddress, stack.namespace, 1);
  const database = openDatabase(stack.databaseUrl, { connections: 4 });
  const startedMs = performance.now();
  const now = instantOf(Date.now());
  const indexes = Array.from({ length: loans }, (_, index) => index);
  const { kills: killed, serving } = await killAgainAndAgain({
    kills,
    processes,
    loans,
    seed,
    sql: database.sql,
    gateway: sinks.gateway,
    feed: createFeed(indexes.map((index) => overdueLoan(index, now))),
    onKill: (count) => process.stderr.write(`\r${count} of ${kills} killed `),
    env: {
      ...process.env,
      DATABASE_URL: stack.databaseUrl,
      TEMPORAL_ADDRESS: stack.temporalAddress,
      TEMPORAL_NAMESPACE: stack.namespace,
      KEPT_PORT: '0',
      KEPT_STRATEGY: strategyFile,
      KEPT_LOG_LEVEL: 'silent',
      SMS_GATEWAY_URL: sinks.smsGatewayUrl,
      SMTP_URL: sinks.smtpUrl,
      CRASH_WORKFLOW_BUNDLE: bundleFile,
    },
  });
  const killedMs = performance.now();
  const ledger = await drained(database, loans);
  const endedMs = performance.now();
  for (const each of serving) each.stop();
  await Promise.all(serving.map(({ ended }) => ended));
  const effects = await effectsOf(join(stack.dataDir, 'sms-and-push.jsonl'), ledger, indexes.map(numberOf));
  const seconds = (fromMs: number, toMs: number) => ((toMs - fromMs) / 1_000).toFixed(0);
  process.stdout.write(
    [
      `\nNode ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`,
      `${kills} kills of ${processes} processes, ${loans} loans, seed ${seed}:`,
      `  ${seconds(startedMs, killedMs)} s of kills, ${seconds(killedMs, endedMs)} s until nothing was under way`,
      ...reportOf(killed, effects),
      '',
    ].join('\n'),
  );
  if (!isExact(effects)) process.exitCode = 1;
  await database.close();
} finally {
  await sinks.stop();
  await stack.stop();
  await rm(dir, { recursive: true, force: true });
}

/** Waits until every loan has a contact and none is under way. @returns the ledger. */
function drained({ db }: DatabaseHandle, count: number) {
  return pollUntil(
    async () => {
      const { key, status, providerRef } = contact;
      const rows = await db.select({ key, status, providerRef }).from(contact);
      const isOver =
        rows.length >= count && rows.every((row) => row.status !== 'reserved' && row.status !== 'released');
      return isOver ? rows : undefined;
    },
    { withinMs: DRAINED_WITHIN_MS, everyMs: 500, timeUp: () => new Error('Not every loan was contacted in time.') },
  );
}
