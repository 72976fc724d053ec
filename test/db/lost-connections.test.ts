import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DatabaseHandle, type Transaction, openDatabase } from '../../db/client.ts';
import { databaseErrorOf } from '../../db/database-error.ts';
import { pollUntil } from '../../local/poll.ts';
import { type TestDatabase, freshDatabase, untilConnected } from '../support/database.ts';

let database: TestDatabase;
/** One connection, so that what comes next has to take the place of the lost one. */
let single: DatabaseHandle;

beforeAll(async () => {
  database = await freshDatabase();
  await database.sql`create table note (text text)`;
  single = openDatabase(database.url, { connections: 1 });
});
beforeEach(async () => {
  await database.sql`truncate note`;
});
afterAll(async () => {
  await single?.close();
  await database?.close();
});

async function write(tx: Transaction, text: string): Promise<void> {
  await tx.execute(sql`insert into note values (${text})`);
}

async function notes(): Promise<string[]> {
  const rows = await database.sql<{ text: string }[]>`select text from note order by text`;
  return rows.map((row) => row.text);
}

/** Ends the server's side of the transaction and waits until it is gone. */
async function cut(pid: number): Promise<void> {
  await database.sql`select pg_terminate_backend(${pid})`;
  await pollUntil(
    async () => {
      const [found] = await database.sql`select 1 from pg_stat_activity where pid = ${pid}`;
      return found === undefined || undefined;
    },
    { withinMs: 10_000, everyMs: 5, timeUp: () => new Error('The backend did not end.') },
  );
}

async function pidOf(tx: Transaction): Promise<number> {
  const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
}

const codeOf = (error: unknown) => databaseErrorOf(error)?.code;

describe('a transaction whose connection is lost', () => {
  test('in the middle of a statement fails, leaves nothing, and the pool goes on', async () => {
    for (let round = 0; round < 5; round += 1) {
      const outcome = single.db.transaction(async (tx) => {
        await write(tx, 'first');
        const pid = await pidOf(tx);
        const sleeping = tx.execute(sql`select pg_sleep(60)`);
        await Promise.all([cut(pid), sleeping]);
        await write(tx, 'second');
      });
      expect(await outcome.then(() => 'committed', codeOf), `round ${round}`).toMatch(
        /^(57P01|CONNECTION_CLOSED|ECONNRESET)$/,
      );
      expect(await notes()).toEqual([]);
      await untilConnected(single);
    }
    await single.db.transaction((tx) => write(tx, 'after'));
    expect(await notes()).toEqual(['after']);
  });

  test('between two statements runs none of the later ones, not even when the pool has connected again', async () => {
    for (let round = 0; round < 5; round += 1) {
      const later: string[] = [];
      let working: Promise<void> = Promise.resolve();
      const work = async (tx: Transaction) => {
        await write(tx, 'first');
        await cut(await pidOf(tx));
        // Another user of the pool waits for the connection, so it is opened anew at once.
        await untilConnected(single);
        await write(tx, 'second').catch((error: unknown) => later.push(String(codeOf(error))));
        await tx
          .transaction((inner) => write(inner, 'third'))
          .catch((error: unknown) => later.push(String(codeOf(error))));
      };
      const outcome = single.db.transaction((tx) => {
        working = work(tx);
        return working;
      });
      expect(await outcome.then(() => 'committed', codeOf), `round ${round}`).toBe('CONNECTION_CLOSED');
      await working;
      await untilConnected(single);
      expect(await notes()).toEqual([]);
      expect(later).toEqual(['CONNECTION_CLOSED', 'CONNECTION_CLOSED']);
    }
  });

  test('within a savepoint fails as a whole', async () => {
    const outcome = single.db.transaction(async (tx) => {
      await write(tx, 'first');
      const pid = await pidOf(tx);
      await tx.transaction(async (inner) => {
        await write(inner, 'second');
        await Promise.all([cut(pid), inner.execute(sql`select pg_sleep(60)`)]);
      });
    });
    expect(await outcome.then(() => 'committed', codeOf)).toMatch(/^(57P01|CONNECTION_CLOSED|ECONNRESET)$/);
    expect(await notes()).toEqual([]);
    await untilConnected(single);
  });
});

describe('a transaction whose connection lives', () => {
  test('rolls back what fails, whatever fails, and goes on after a savepoint that did', async () => {
    await expect(
      single.db.transaction(async (tx) => {
        await write(tx, 'first');
        throw Object.assign(new Error('not ours'), { code: 'ENOENT' });
      }),
    ).rejects.toThrow('not ours');
    await expect(single.db.transaction((tx) => tx.execute(sql`select 1 / 0`))).rejects.toThrow('Failed query');
    await single.db.transaction(async (tx) => {
      await write(tx, 'kept');
      await tx
        .transaction(async (inner) => {
          await write(inner, 'undone');
          throw new Error('undo');
        })
        .catch(() => {});
    });
    expect(await notes()).toEqual(['kept']);
  });

  test('may have options', async () => {
    const level = await single.db.transaction(
      async (tx) =>
        (await tx.execute<{ level: string }>(sql`select current_setting('transaction_isolation') as level`))[0],
      { isolationLevel: 'serializable' },
    );
    expect(level).toEqual({ level: 'serializable' });
    const usual = await single.db.execute(sql`select current_setting('transaction_isolation') as level`);
    expect(usual[0]).toEqual({ level: 'read committed' });
  });
});
