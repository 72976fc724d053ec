import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../db/client.ts';
import { collectionCase, strategyVersion } from '../../../db/schema.ts';
import type { GatewayFault } from '../../../local/sinks/gateway-faults.ts';
import { type GatewaySink, startGatewaySink } from '../../../local/sinks/gateway-sink.ts';
import { seededFaults } from '../../../local/sinks/script.ts';
import { type TestDatabase, freshDatabase } from '../database.ts';
import { intake } from '../intake.ts';
import { type Evidence, type LedgerRow, type TakenMessage, createTicks } from './evidence.ts';
import { planOf } from './plan.ts';
import { type Twins, play } from './run.ts';
import { startWorkers } from './workers.ts';
import { CAPS, LAWFUL_CALLS_A_DAY, RACES, type RaceLoan, SEEN_AT, contactsOn, loansOf, taipeiDay } from './world.ts';

export interface Race {
  readonly debtors: number;
  readonly loansPerDebtor: number;
  readonly days: number;
  readonly workers: number;
  readonly seed: number;
  /** Whether payments, opt-outs and holds come in between. */
  readonly hasStops: boolean;
  readonly twins: Twins;
}

/** From here on the gateway behaves, so that every contact comes to its end. */
const BEHAVES_FROM_ATTEMPT = 4;

/** Runs a race on a database, a gateway and workers of its own, and brings what it is judged by. */
export async function runRace(race: Race): Promise<Evidence> {
  const { days, seed, twins } = race;
  const loans = loansOf(race.debtors, race.loansPerDebtor);
  const ticks = createTicks();
  const dir = await mkdtemp(join(tmpdir(), 'kept-races-'));
  const logFile = join(dir, 'gateway.jsonl');
  const database = await freshDatabase();
  const gateway = await startGatewaySink({ logFile });
  const takenAt = noteTaking(gateway, { seed, next: ticks.next });
  const env = { DATABASE_URL: database.url, SMS_GATEWAY_URL: gateway.url };
  const workers = await startWorkers(race.workers, env);
  try {
    await openCases(database.db, loans);
    const played = await play(planOf(loans, race), { db: database.db, workers, ticks, seed, twins });
    return {
      ...played,
      planned: loans.flatMap((loan) => plannedOf(loan, days)),
      messages: await takenMessages(logFile),
      takenAt,
      rows: await ledgerRows(database),
      clearedBy: await clearingVersions(database),
      caps: { ...CAPS, voice: Math.min(CAPS.voice, LAWFUL_CALLS_A_DAY) },
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await gateway.stop();
    await database.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Has the gateway fail in every way that it may, by the seed, and notes when it took each message. */
function noteTaking(
  gateway: GatewaySink,
  { seed, next }: { readonly seed: number; readonly next: () => number },
): ReadonlyMap<string, number> {
  const takenAt = new Map<string, number>();
  const faults = seededFaults<GatewayFault>({
    seed,
    behaveFromAttempt: BEHAVES_FROM_ATTEMPT,
    shares: [
      [0.1, { do: 'acceptThenDelay', ms: 10 }],
      [0.02, { do: 'acceptThenDrop' }],
      [0.02, { do: 'acceptThenFail', status: 500 }],
      [0.02, { do: 'acceptThenGarble' }],
      [0.03, { do: 'fail', status: 503 }],
      [0.02, { do: 'throttle' }],
      [0.02, { do: 'drop' }],
    ],
  });
  gateway.script((request) => {
    const fault = faults(request);
    const takes = fault === undefined || fault.do.startsWith('accept');
    if (takes && !takenAt.has(request.key)) takenAt.set(request.key, next());
    return fault;
  });
  return takenAt;
}

/** Cases that are open, without a workflow: what is raced is the contact activity alone. */
async function openCases(db: Database, loans: readonly RaceLoan[]): Promise<void> {
  for (let at = 0; at < loans.length; at += 500) {
    const words = await intake(db, ...loans.slice(at, at + 500).map(({ event }) => event));
    if (words.some((word) => word !== 'accepted')) throw new Error('A loan was not taken in.');
  }
  const { id: strategyId, version } = RACES;
  await db
    .insert(strategyVersion)
    .values({ id: strategyId, version, sha256: 'races', content: RACES, firstUsedAt: SEEN_AT });
  await db.insert(collectionCase).values(
    loans.map(({ loanRef, debtorRef }) => ({
      loanRef,
      episode: 1,
      debtorRef,
      openedByRun: 'races',
      strategyId,
      strategyVersion: version,
      timetable: [],
      openedAt: SEEN_AT,
    })),
  );
}

function plannedOf({ loanRef, debtorRef }: RaceLoan, days: number): Evidence['planned'] {
  return Array.from({ length: days }, (_, day) => contactsOn(loanRef, day))
    .flat()
    .map(({ key, step, channel, at }) => ({ key, step, loanRef, debtorRef, channel, day: taipeiDay(at) }));
}

async function takenMessages(logFile: string): Promise<TakenMessage[]> {
  const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line !== '');
  const log = lines.map((line) => JSON.parse(line) as TakenMessage & { readonly event: string });
  return log.filter(({ event }) => event === 'accepted');
}

function ledgerRows({ sql }: TestDatabase): Promise<LedgerRow[]> {
  return sql<LedgerRow[]>`
    select key, status, provider_ref as "providerRef", balance_version as "balanceVersion" from contact`;
}

/** A loan gets one payment at most: what is cleared was cleared by its last event. */
async function clearingVersions({ sql }: TestDatabase): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ ref: string; version: number }[]>`
    select loan_ref as ref, version from loan where cleared_at is not null`;
  return new Map(rows.map(({ ref, version }) => [ref, version]));
}
