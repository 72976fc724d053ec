import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayFault } from '../../local/sinks/gateway-faults.ts';
import type { GatewaySink } from '../../local/sinks/gateway-sink.ts';
import { seededFaults } from '../../local/sinks/script.ts';
import type { Sql } from '../../db/client.ts';
import { oneOf, randomOf } from '../random.ts';
import type { Feed } from './feed.ts';
import { type Kill, gapsOf } from './gaps.ts';
import { watchLedger } from './ledger-watch.ts';
import { type Serving, startServing } from './serving.ts';
import { type Aim, type Trap, aimOf, createTrap } from './trap.ts';

export interface CrashRun {
  readonly kills: number;
  /** Processes that serve at the same time; one of them is killed at a time. */
  readonly processes: number;
  readonly loans: number;
  readonly seed: number;
  readonly env: NodeJS.ProcessEnv;
  readonly sql: Sql;
  readonly gateway: GatewaySink;
  readonly feed: Feed;
  readonly onKill: (kills: number) => void;
}

/** When no contact comes to the point of an aim by then, the kill falls at that moment. */
const WAITS_FOR_POINT_MS = 5_000;

/**
 * Sends loans in portions, one before each kill, and kills the process that comes to the point of the aim, or one at
 * any moment. Ends with all processes serving and all loans taken in.
 */
export async function killAgainAndAgain(
  run: CrashRun,
): Promise<{ readonly kills: readonly Kill[]; readonly serving: readonly Serving[] }> {
  const { gateway, feed } = run;
  const random = randomOf(run.seed);
  const seen = new Set<string>();
  const trap = createTrap();
  const ledger = await watchLedger(run.sql, trap.onLedgerChange);
  const slowAnswers = seededFaults<GatewayFault>({
    seed: run.seed,
    shares: [
      [0.3, { do: 'acceptThenDelay', ms: 150 }],
      [0.2, { do: 'delay', ms: 100 }],
    ],
  });
  gateway.script((request) => {
    seen.add(request.key);
    const fault = trap.onHandOver(request.key, ledger.reservedBy(request.key));
    return fault === 'none' ? undefined : (fault ?? slowAnswers(request));
  });

  let started = 0;
  const start = () => startServing(`crash-${(started += 1)}`, run.env);
  const serving = new Map<string, Serving>();
  const join = async () => {
    const process = await start();
    serving.set(process.name, process);
  };
  const kills: Kill[] = [];
  await Promise.all(Array.from({ length: run.processes }, join));
  for (let kill = 0; kill < run.kills; kill += 1) {
    const aim = aimOf(random);
    const struck = strikeOnce(trap, aim, serving);
    const names = [...serving.keys()];
    const portion = Math.round(((kill + 1) * run.loans) / run.kills);
    const sending = feed.sendFirst(portion, serving.get(oneOf(names, random))?.url ?? '');
    const waitMs = aim.point === 'anyMoment' ? aim.afterMs : WAITS_FOR_POINT_MS;
    const hit = await Promise.race([struck.hit, pause(waitMs, null)]);
    const victim = hit?.victim ?? struck.strike(oneOf(names, random));
    serving.delete(victim.name);
    const joining = join();
    await victim.ended;
    await ledger.untilGone(victim.name);
    const held = await ledger.heldBy(victim.name);
    const hasHit = hit !== null || aim.point === 'anyMoment';
    kills.push({ aim, hasHit, ...gapsOf({ key: hit?.key ?? null, held, seen, gateway }) });
    await Promise.all([sending, joining]);
    run.onKill(kills.length);
  }
  while (feed.left() > 0) await feed.sendFirst(run.loans, [...serving.values()][0]?.url ?? '');
  await ledger.stop();
  return { kills, serving: [...serving.values()] };
}

interface Hit {
  readonly victim: Serving;
  /** The contact that came to the point. */
  readonly key: string;
}

/** Arms the trap for one kill. `strike` kills a process although no contact came to the point. */
function strikeOnce(trap: Trap, aim: Aim, serving: ReadonlyMap<string, Serving>) {
  let isOver = false;
  let tell: (hit: Hit) => void = () => {};
  const hit = new Promise<Hit>((resolve) => {
    tell = resolve;
  });
  const strike = (name: string): Serving => {
    const victim = serving.get(name);
    if (!victim) throw new RangeError(`${name} does not serve.`);
    isOver = true;
    victim.kill();
    return victim;
  };
  trap.arm(aim, (name, key) => {
    if (isOver || !serving.has(name)) return false;
    tell({ victim: strike(name), key });
    return true;
  });
  return {
    hit,
    strike: (name: string) => {
      trap.disarm();
      return strike(name);
    },
  };
}
