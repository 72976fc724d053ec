import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DatabaseHandle, openDatabase } from '../../db/client.ts';
import { acceptEvents } from '../../db/intake.ts';
import { inboxEvent, loan } from '../../db/schema.ts';
import { balanceOf } from '../../domain/balance.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { lastEffectOf } from '../../domain/open-case.ts';
import { pollUntil } from '../../local/poll.ts';
import { type TestDatabase, freshDatabase, untilConnected } from '../support/database.ts';
import { inLanes } from '../../platform/in-lanes.ts';
import { INTAKE, dump, inBatches, inOneWord, intake, lifeOf, rowCounts, seeded, shuffled } from '../support/intake.ts';
import { dueSoon, payment, statementOf } from '../support/loans.ts';

const APRIL_2 = '2026-04-02T10:00:00+08:00';
const SEED = 20_260_401;
let database: TestDatabase;
/** Connections of processes of their own, so that nothing is serialised on this side. */
let others: DatabaseHandle[];

beforeAll(async () => {
  database = await freshDatabase();
  others = Array.from({ length: 4 }, () => openDatabase(database.url, { connections: 1 }));
});
afterAll(async () => {
  await Promise.all((others ?? []).map((handle) => handle.close()));
  await database?.close();
});

function other(index: number): DatabaseHandle['db'] {
  const handle = others[index % others.length];
  if (!handle) throw new RangeError('There is always one.');
  return handle.db;
}

describe('a loan and its payment that arrive at the same moment', () => {
  test('on two connections are never parked for ever, 50 times over', async () => {
    const refs = Array.from({ length: 50 }, (_, index) => `SAME-${index}`);
    for (const loanRef of refs) {
      const [ofLoan, ofPayment] = await Promise.all([
        intake(other(0), dueSoon(statementOf(loanRef))),
        intake(other(1), payment(loanRef, `${loanRef}-P`, 200_000, APRIL_2)),
      ]);
      expect(ofLoan, loanRef).toEqual(['accepted']);
      expect(['accepted', 'parked'], loanRef).toContain(ofPayment[0]);
    }
    const loans = await database.db.select().from(loan).where(sql`${loan.loanRef} like 'SAME-%'`);
    expect(loans).toHaveLength(50);
    for (const row of loans) expect(row, row.loanRef).toMatchObject({ overdueMinor: 300_000, version: 2 });
    expect(await database.db.select().from(inboxEvent).where(eq(inboxEvent.parked, true))).toEqual([]);
  });

  test('the same event on four connections at once is accepted once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const event = dueSoon(statementOf(`ONCE-${round}`));
      const answers = await Promise.all([0, 1, 2, 3].map((index) => intake(other(index), event)));
      expect(answers.flat().toSorted(), event.id).toEqual(['accepted', 'duplicate', 'duplicate', 'duplicate']);
    }
  });

  test('two contents under one id at once: one of them is taken, the other is a conflict', async () => {
    await intake(database.db, dueSoon(statementOf('TWO')), dueSoon(statementOf('TWO-B')));
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all([
        intake(other(0), payment('TWO', `TWO-${round}`, 100, APRIL_2)),
        intake(other(1), payment('TWO-B', `TWO-${round}`, 200, APRIL_2)),
      ]);
      expect(answers.flat().toSorted(), `round ${round}`).toEqual(['EVENT_CONFLICT', 'accepted']);
    }
  });
});

test('1,200 events of 50 loans, three times each, in any order and batches over 4 connections give the balances of the fold', async () => {
  const random = seeded(SEED);
  const lives = Array.from({ length: 50 }, (_, index) => lifeOf(`FOLD-${String(index).padStart(2, '0')}`, random));
  const events = lives.flat();
  const sent = [...shuffled(events, random), ...events.toReversed(), ...shuffled(events, random)];
  expect(sent).toHaveLength(1_200);
  const statuses: string[] = [];
  let lane = 0;
  await inLanes(4, inBatches(sent, 40, random), async (batch) => {
    lane += 1;
    statuses.push(...(await acceptEvents(other(lane), batch, INTAKE)).map(inOneWord));
  });
  expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(800);
  expect(statuses.filter((status) => status === 'accepted' || status === 'parked')).toHaveLength(400);

  const rows = await database.db.select().from(loan).where(sql`${loan.loanRef} like 'FOLD-%'`);
  expect(rows).toHaveLength(50);
  for (const life of lives) {
    const loanRef = life[0]?.data.loanRef ?? '';
    const balance = balanceOf(life, INTAKE);
    const row = rows.find((each) => each.loanRef === loanRef);
    expect(row, loanRef).toMatchObject({
      due: balance?.due,
      overdueMinor: balance?.overdueMinor,
      paidMinor: balance?.paidMinor,
      overpaidMinor: balance?.overpaidMinor,
      outstandingMinor: balance?.outstandingMinor,
      clearedAt: balance?.cleared?.at ?? null,
      clearedOutstandingMinor: balance?.cleared?.outstandingMinor ?? null,
      closedAt: balance?.closed?.at ?? null,
      version: life.length,
      effectiveAt: lastEffectOf(life),
      statement: { due: { fees: 5_000 } },
    });
  }
  expect(await database.db.select().from(inboxEvent).where(eq(inboxEvent.parked, true))).toEqual([]);
});

test('80 batches of the same loans and debtors in opposite orders over 4 connections wait for each other, never in a circle', async () => {
  const before = await deadlocks();
  const refs = Array.from({ length: 20 }, (_, index) => `LOCK-${index}`);
  const shared = (loanRef: string, index: number) => {
    const statement = statementOf(loanRef);
    return { ...statement, debtor: { ...statement.debtor, debtorRef: `LOCK-DEBTOR-${index % 3}` } };
  };
  const batches = Array.from({ length: 80 }, (_, round) => {
    const events = refs.map((loanRef, index): LoanEvent => {
      const kind = (round + index) % 3;
      if (kind === 0) return payment(loanRef, `${loanRef}-P${round}`, 100, APRIL_2);
      return { ...dueSoon(shared(loanRef, index + round)), id: `${loanRef}-S${round}` };
    });
    return round % 2 === 0 ? events : events.toReversed();
  });
  let lane = 0;
  await inLanes(4, batches, async (batch) => {
    lane += 1;
    const answers = await acceptEvents(other(lane), batch, INTAKE);
    expect(answers.map(inOneWord).filter((word) => word !== 'accepted' && word !== 'parked')).toEqual([]);
  });
  const rows = await database.db.select().from(loan).where(sql`${loan.loanRef} like 'LOCK-%'`);
  expect(rows.map((row) => row.version)).toEqual(refs.map(() => 80));
  expect(await deadlocks()).toBe(before);
});

/** Deadlocks that the server has resolved in this database so far. */
async function deadlocks(): Promise<number> {
  const [row] = await database.sql`select deadlocks from pg_stat_database where datname = current_database()`;
  return Number(row?.['deadlocks']);
}

describe('a connection that is cut in the middle of a batch', () => {
  const batch = [
    dueSoon(statementOf('CUT-1')),
    payment('CUT-1', 'CUT-1-P', 200_000, APRIL_2),
    payment('CUT-2', 'CUT-2-P', 200_000, APRIL_2),
  ];

  test.each([
    ['while it writes the inbox', 'inbox_event', 'after insert', ''],
    ['while it writes the balance', 'loan', 'after insert or update', ''],
    ['after its last row', 'outbox', 'after insert', ''],
    ['while it commits', 'outbox', 'after insert', 'deferrable initially deferred'],
  ])('%s leaves nothing of it, and the batch can be sent again', async (_when, table, event, deferred) => {
    const { db, url, close } = await freshDatabase();
    const single = openDatabase(url, { connections: 1 });
    const admin = postgres(url, { max: 2, onnotice: () => {} });
    const gate = Math.floor(seeded(table.length)() * 1e9);
    // A trigger that waits for a lock which the test holds: the batch stands still exactly there.
    await admin.unsafe(`
      create function wait_at_gate() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock(${gate}); return null; end $$;
      create ${deferred === '' ? '' : 'constraint'} trigger gate ${event} on ${table} ${deferred}
        for each row execute function wait_at_gate()`);
    const held = await admin.reserve();
    await held`select pg_advisory_lock(${gate})`;
    const outcome = acceptEvents(single.db, batch, INTAKE).catch((error: unknown) => error);
    const pid = await pollUntil(
      async () => {
        const [waiting] = await admin`select pid from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'`;
        return waiting?.['pid'] as number | undefined;
      },
      { withinMs: 20_000, everyMs: 10, timeUp: () => new Error('The batch never came to the gate.') },
    );
    await admin`select pg_terminate_backend(${pid})`;
    expect(await outcome).toMatchObject({ name: 'DatabaseError', isPassing: true });
    await held`select pg_advisory_unlock_all()`;
    held.release();
    expect(await rowCounts(db)).toMatchObject({ inbox_event: 0, debtor: 0, loan: 0, outbox: 0 });

    await untilConnected(single);
    expect(await intake(single.db, ...batch)).toEqual(['accepted', 'accepted', 'parked']);
    expect(await rowCounts(db)).toMatchObject({ inbox_event: 3, debtor: 1, loan: 1, outbox: 1 });
    await admin.end();
    await single.close();
    await close();
  });

  test('after its commit, unheard, is sent again and changes nothing', async () => {
    const { db, close } = await freshDatabase();
    await intake(db, ...batch);
    const before = await dump(db);
    expect(await intake(db, ...batch)).toEqual(['duplicate', 'duplicate', 'duplicate']);
    expect(await dump(db)).toEqual(before);
    await close();
  });
});

describe('personal data', () => {
  const MARKER = `Marker${randomUUID().slice(0, 8)}`;
  const marked = (id: string) => ({
    ...dueSoon(
      statementOf(`SECRET-${id}`, {
        debtor: {
          debtorRef: `SECRET-${id}`,
          zone: 'Asia/Taipei',
          language: 'zh',
          phone: `+886${MARKER}`,
          email: `${MARKER}@example.com`,
          pushId: MARKER,
        },
        snapshot: { note: MARKER },
      }),
    ),
    id: `SECRET-${id}`,
  });
  /** Everything that a logger could print of an error. */
  const told = (error: unknown): string => {
    if (Array.isArray(error)) return error.map(told).join(' ');
    if (!(error instanceof Error))
      return error !== null && typeof error === 'object' ? told(Object.values(error)) : String(error);
    const own = Object.fromEntries(Object.getOwnPropertyNames(error).map((key) => [key, Reflect.get(error, key)]));
    return `${String(error)} ${error.stack} ${JSON.stringify(own)} ${error.cause === undefined ? '' : told(error.cause)}`;
  };

  test.each([
    ['a table is missing', 'drop table outbox'],
    ['a table refuses the row', 'alter table debtor add constraint no check (false)'],
    ['a column is too narrow', 'alter table debtor alter column phone type varchar(3)'],
    ['a column holds something else', 'alter table debtor alter column phone type integer using 0'],
    ['a trigger fails', "create function no() returns trigger language plpgsql as $$ begin raise 'no %', new; end $$"],
  ])('is in no error when %s', async (_case, statement) => {
    const { db, url, close } = await freshDatabase();
    const admin = postgres(url, { max: 1, onnotice: () => {} });
    await admin.unsafe(statement);
    if (statement.includes('trigger')) {
      await admin`create trigger no before insert on debtor for each row execute function no()`;
    }
    const outcome: unknown = await acceptEvents(db, [marked('1'), marked('2')], INTAKE).catch(
      (error: unknown) => error,
    );
    expect(told(outcome)).not.toContain(MARKER);
    expect(told(outcome)).toMatch(/"(DatabaseError|EVENT_INVALID)"/);
    await admin.end();
    await close();
  });
});
