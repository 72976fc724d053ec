import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LoanEvent } from '../../domain/events.ts';
import { pollUntil } from '../../local/poll.ts';
import { inLanes } from '../../platform/in-lanes.ts';
import { intake } from '../support/intake.ts';
import { dueSoon, payment, statementOf } from '../support/loans.ts';
import { type RelayWorld, openRelayWorld } from '../support/relay.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const CHILD = fileURLToPath(new URL('../support/relay-child.ts', import.meta.url));
const APRIL_2 = '2026-04-02T10:00:00+08:00';
let world: RelayWorld;
beforeAll(async () => {
  world = await openRelayWorld();
});
afterAll(() => world?.stop());

const refs = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const take = (...events: LoanEvent[]) => intake(world.database.db, ...events);
const part = (loanRef: string, index: number) => payment(loanRef, `${loanRef}-P${index}`, 1_000, APRIL_2);
const versionsOf = async (loanRef: string) => (await world.toldTo(loanRef)).map((balance) => balance.version);

/** Accepts five payments on each loan, one by one and side by side. */
async function keepPaying(loans: readonly string[], from: number): Promise<void> {
  const events = loans.flatMap((loanRef) => [0, 1, 2, 3, 4].map((index) => part(loanRef, from + index)));
  await inLanes(4, events, (event) => take(event));
}

describe('events that are accepted', () => {
  test('while no relay runs are all told when one does', async () => {
    const loans = refs('STOP', 20);
    const first = await world.relay();
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    await keepPaying(loans, 0);
    await first.stop();
    await keepPaying(loans, 5);
    const second = await world.relay();
    await keepPaying(loans, 10);
    await world.untilAllTold();
    await second.stop();
    for (const loanRef of loans) {
      const versions = await versionsOf(loanRef);
      expect(versions.at(-1), loanRef).toBe(16);
      // Each word was told at most once: no version comes twice.
      expect(new Set(versions).size, loanRef).toBe(versions.length);
    }
  });

  test('while the engine is cut off, again and again, are all told in the end', async () => {
    const proxy = await startTcpProxy(inject('stackTemporalAddress'));
    const relay = await world.relay({ address: proxy.address });
    const loans = refs('CUT', 20);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    for (const round of [0, 1, 2]) {
      proxy.cut();
      await keepPaying(loans, round * 10);
      proxy.mend();
      await keepPaying(loans, round * 10 + 5);
    }
    await pollUntil(
      async () => {
        await world.passTime();
        const [left] = await world.database.sql`select 1 from outbox limit 1`;
        return left === undefined ? true : undefined;
      },
      { withinMs: 100_000, everyMs: 500, timeUp: () => new Error('Some words are never told.') },
    );
    for (const loanRef of loans) {
      const balances = await world.toldTo(loanRef);
      expect(Math.max(...balances.map((balance) => balance.version)), loanRef).toBe(31);
      // What a case was told twice says the same twice.
      for (const { version, overdueMinor } of balances) expect(overdueMinor).toBe(500_000 - (version - 1) * 1_000);
    }
    await relay.stop();
    await proxy.stop();
  });

  test('while the engine is silent do not hold up the relay for ever, nor its stopping', async () => {
    const proxy = await startTcpProxy(inject('stackTemporalAddress'));
    const relay = await world.relay({ address: proxy.address });
    await take(dueSoon(statementOf('HANG-0')));
    await world.untilAllTold();
    proxy.silence();
    await take(part('HANG-0', 1));
    const putOff = await pollUntil(
      async () => {
        const [row] = await world.database.sql`select last_error from outbox where loan_ref = 'HANG-0'`;
        return row?.['last_error'] === null ? undefined : row;
      },
      { withinMs: 30_000, everyMs: 50, timeUp: () => new Error('The word is never put off.') },
    );
    expect(putOff).toBeDefined();
    await world.passTime();
    const begunMs = performance.now();
    await relay.stop();
    expect(performance.now() - begunMs).toBeLessThan(20_000);
    proxy.mend();
    const other = await world.relay({ address: proxy.address });
    await world.passTime();
    await world.untilAllTold();
    expect((await versionsOf('HANG-0')).at(-1)).toBe(2);
    await other.stop();
    await proxy.stop();
  });
});

describe('a relay that is killed between telling and removing', () => {
  function startChild(): ChildProcess {
    return spawn(process.execPath, ['--import', 'tsx', CHILD], {
      env: {
        ...process.env,
        DATABASE_URL: world.database.url,
        TEMPORAL_ADDRESS: inject('stackTemporalAddress'),
        TEMPORAL_NAMESPACE: world.namespace,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  test('leaves its words to another, which tells the same once more and no more', async () => {
    const admin = postgres(world.database.url, { max: 1, onnotice: () => {} });
    // Removing waits for a lock that the test holds, so the relay stands exactly between the two.
    await admin.unsafe(`
      create function wait_at_gate() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock(4711); return old; end $$;
      create trigger gate before delete on outbox for each row execute function wait_at_gate()`);
    await admin`select pg_advisory_lock(4711)`;
    const loans = refs('KILL', 5);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    const child = startChild();
    const told = new Set<string>();
    child.stdout?.on('data', (data: Buffer) => {
      for (const [, loanRef = ''] of data.toString().matchAll(/told (\S+)/g)) told.add(loanRef);
    });
    await pollUntil(() => (told.size === loans.length ? true : undefined), {
      withinMs: 60_000,
      everyMs: 20,
      timeUp: () => new Error('The relay of its own process tells nothing.'),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event = 'advisory'`;
    await admin`select pg_advisory_unlock(4711)`;
    await admin`drop trigger gate on outbox`;
    await admin.end();

    const [left] = await world.database
      .sql`select count(*)::int as words, min(not_before - now()) as lease from outbox`;
    expect(left?.['words']).toBe(5);
    const other = await world.relay();
    await world.passTime();
    await world.untilAllTold();
    await other.stop();
    // The lease of the dead relay has run out once; the case ignores a version that it knows.
    for (const loanRef of loans) expect(await versionsOf(loanRef), loanRef).toEqual([1, 1]);
  });
});
