import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { collectionCase, outbox } from '../../db/schema.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { plusMs } from '../../domain/instant.ts';
import { pollUntil } from '../../local/poll.ts';
import { caseWorkflowId } from '../../workflows/contract.ts';
import { intake } from '../support/intake.ts';
import { SEEN_AT, dueSoon, payment, reversal, statementOf } from '../support/loans.ts';
import { type RelayWorld, openRelayWorld } from '../support/relay.ts';

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
const hasCase = (loanRef: string) =>
  world.client.workflow
    .getHandle(caseWorkflowId(loanRef))
    .describe()
    .then(
      () => true,
      () => false,
    );

describe('a relay', () => {
  test('starts the case of each loan and tells it its balance, once', async () => {
    const relay = await world.relay();
    const loans = refs('TELL', 10);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    await world.untilAllTold();
    for (const loanRef of loans) {
      expect(await world.toldTo(loanRef), loanRef).toEqual([
        { version: 1, effectiveAt: SEEN_AT, overdueMinor: 500_000, cleared: null, closed: null },
      ]);
    }
    await take(part('TELL-0', 1));
    await world.untilAllTold();
    expect(await versionsOf('TELL-0')).toEqual([1, 2]);
    await relay.stop();
  });

  test('tells what came together as one, with the newest balance', async () => {
    await take(dueSoon(statementOf('ONE')));
    for (let index = 0; index < 20; index += 1) await take(part('ONE', index));
    const relay = await world.relay();
    await world.untilAllTold();
    expect(await world.toldTo('ONE')).toMatchObject([{ version: 21, overdueMinor: 480_000 }]);
    await relay.stop();
  });

  test('hears at once of what is committed, without the poll', async () => {
    const relay = await world.relay();
    const tookMs: number[] = [];
    for (const loanRef of refs('FAST', 5)) {
      const begunMs = performance.now();
      await take(dueSoon(statementOf(loanRef)));
      await world.untilAllTold();
      tookMs.push(performance.now() - begunMs);
    }
    expect(Math.min(...tookMs)).toBeLessThan(700);
    await relay.stop();
  });

  test('finds what no notification told of, also after its listening connection was lost', async () => {
    const relay = await world.relay();
    const silently = async (loanRef: string) => {
      await world.database.sql`delete from outbox`;
      await world.database.sql`insert into outbox (loan_ref, created_at, not_before) values (${loanRef}, now(), now())`;
    };
    const loans = refs('QUIET', 3);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    await world.untilAllTold();
    await silently('QUIET-0');
    await world.untilAllTold();
    expect(await versionsOf('QUIET-0')).toEqual([1, 1]);

    await world.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen %'`;
    await take(part('QUIET-1', 1));
    await world.untilAllTold();
    expect(await versionsOf('QUIET-1')).toEqual([1, 2]);
    await relay.stop();
  });

  test('goes on when the database has thrown it out, and loses nothing', async () => {
    const relay = await world.relay();
    const loans = refs('OUT', 150);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    await world.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    await pollUntil(
      async () => {
        await world.passTime().catch(() => {});
        const [left] = await world.database.sql`select 1 from outbox limit 1`.catch(() => [{ yes: 1 }]);
        return left === undefined ? true : undefined;
      },
      { withinMs: 60_000, everyMs: 500, timeUp: () => new Error('Some words are never told.') },
    );
    for (const loanRef of loans) expect((await versionsOf(loanRef)).at(-1), loanRef).toBe(1);
    await relay.stop();
  });

  test('removes words of loans that have no balance: they clog nothing', async () => {
    await take(payment('PARKED', 'PARKED-P', 100, APRIL_2));
    await world.database.sql`insert into outbox (loan_ref, created_at, not_before)
      select 'NOBODY-' || n, now(), now() from generate_series(1, 250) as n`;
    await take(dueSoon(statementOf('BEHIND')));
    const relay = await world.relay();
    await world.untilAllTold();
    expect(await versionsOf('BEHIND')).toEqual([1]);
    expect(await hasCase('PARKED')).toBe(false);
    expect(await hasCase('NOBODY-1')).toBe(false);

    await take(dueSoon(statementOf('PARKED')));
    await world.untilAllTold();
    expect(await versionsOf('PARKED')).toEqual([2]);
    await relay.stop();
  });

  test('puts a word off that fails, goes on with the others, and tells it later', async () => {
    let isBroken = true;
    const relay = await world.relay({
      onTold: (loanRef) => {
        if (isBroken && loanRef === 'FAIL-3') throw new Error('+886900000001');
      },
    });
    const loans = refs('FAIL', 8);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    const failed = await pollUntil(
      async () => {
        const rows = await world.database.db.select().from(outbox);
        return rows.length === 1 && rows[0]?.lastError !== null ? rows[0] : undefined;
      },
      { withinMs: 20_000, everyMs: 20, timeUp: () => new Error('The others are not told.') },
    );
    expect(failed).toMatchObject({ loanRef: 'FAIL-3', lastError: 'Error' });
    isBroken = false;
    await world.passTime();
    await world.untilAllTold();
    expect(new Set(await versionsOf('FAIL-3'))).toEqual(new Set([1]));
    await relay.stop();
  });

  test('tells nobody of money on a loan that needs no case, and starts none', async () => {
    const relay = await world.relay();
    const paid = payment('PAID', 'PAID-P', 500_000, APRIL_2);
    await take(dueSoon(statementOf('PAID')), paid, dueSoon(statementOf('LAWYER')));
    await world.database.sql`delete from outbox where loan_ref = 'LAWYER'`;
    await world.untilAllTold();
    expect(await hasCase('PAID')).toBe(false);

    // With a case that ended at the lawyers' the rest of the debt is collected no more.
    await world.client.workflow
      .getHandle(caseWorkflowId('LAWYER'))
      .terminate()
      .catch(() => {});
    await world.database.db.insert(collectionCase).values({
      loanRef: 'LAWYER',
      episode: 1,
      debtorRef: 'debtor-LAWYER',
      openedByRun: randomUUID(),
      strategyId: 'any',
      strategyVersion: 1,
      timetable: [],
      outcome: 'legalHandoff',
      openedAt: SEEN_AT,
      closedAt: SEEN_AT,
    });
    const before = (await world.toldTo('LAWYER')).length;
    await take(part('LAWYER', 1));
    await world.untilAllTold();
    expect(await world.toldTo('LAWYER')).toHaveLength(before);

    // A payment that comes back makes the loan due again, and that needs a case.
    await take(reversal('PAID', 'PAID-R', 'PAID-P', plusMs(paid.timestamp, 1)));
    await world.untilAllTold();
    expect(await world.toldTo('PAID')).toMatchObject([{ version: 3, overdueMinor: 500_000 }]);
    await relay.stop();
  });
});

describe('two relays', () => {
  test('share the words, and tell each case once', async () => {
    const loans = refs('SHARE', 400);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    const told = [new Set<string>(), new Set<string>()];
    const relays = await Promise.all(told.map((mine) => world.relay({ onTold: (loanRef) => mine.add(loanRef) })));
    await world.untilAllTold();
    for (const relay of relays) await relay.stop();
    expect(told.map((mine) => mine.size > 0)).toEqual([true, true]);
    expect(told.reduce((sum, mine) => sum + mine.size, 0)).toBe(400);
    for (const loanRef of loans) expect(await versionsOf(loanRef), loanRef).toEqual([1]);
  });

  test('that tell of one loan side by side never tell less than the newest balance', async () => {
    const relays = await Promise.all([world.relay(), world.relay()]);
    const loans = refs('SIDE', 5);
    await take(...loans.map((loanRef) => dueSoon(statementOf(loanRef))));
    for (let index = 0; index < 20; index += 1) {
      await Promise.all(loans.map((loanRef) => take(part(loanRef, index))));
    }
    await world.untilAllTold();
    for (const relay of relays) await relay.stop();
    for (const loanRef of loans) expect(Math.max(...(await versionsOf(loanRef))), loanRef).toBe(21);
    expect(await world.database.db.select().from(outbox).where(eq(outbox.loanRef, 'SIDE-0'))).toEqual([]);
  });
});
