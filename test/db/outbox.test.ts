import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { acceptEvents } from '../../db/intake.ts';
import { putOffWords, removeWords, takeWords } from '../../db/outbox.ts';
import { outbox } from '../../db/schema.ts';
import { instantOf } from '../../domain/instant.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { INTAKE } from '../support/intake.ts';
import { dueSoon, statementOf } from '../support/loans.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.close());
beforeEach(async () => {
  await database.db.delete(outbox);
});

async function leave(count: number, put: { readonly inSeconds: number } = { inSeconds: 0 }): Promise<void> {
  await database.sql`insert into outbox (loan_ref, created_at, not_before)
    select 'L-' || n, now(), now() + make_interval(secs => ${put.inSeconds}) from generate_series(1, ${count}) as n`;
}

const TEN = { limit: 10, leaseSeconds: 60 };

test('words are taken oldest first, no more than asked for, and not again while they are leased', async () => {
  await leave(25);
  const refs: string[][] = [];
  for (let look = 0; look < 4; look += 1) {
    const words = await takeWords(database.db, TEN);
    refs.push(words.map((word) => word.loanRef).toSorted());
  }
  const expected = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `L-${from + index}`).toSorted();
  expect(refs).toEqual([expected(1, 10), expected(11, 20), expected(21, 25), []]);
});

test('two that take at once never get the same word', async () => {
  await leave(200);
  const taken: number[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let words = await takeWords(database.db, TEN); words.length > 0; words = await takeWords(database.db, TEN)) {
        taken.push(...words.map((word) => word.id));
      }
    }),
  );
  expect(taken).toHaveLength(200);
  expect(new Set(taken).size).toBe(200);
});

test('a lease that has run out, and a while that has passed, free a word; its attempts are counted', async () => {
  await leave(1);
  const [first] = await takeWords(database.db, { limit: 10, leaseSeconds: 0 });
  const [second] = await takeWords(database.db, { limit: 10, leaseSeconds: 0 });
  expect([first?.attempts, second?.attempts]).toEqual([1, 2]);

  await putOffWords(database.db, second ? [second.id] : [], { afterSeconds: 60, error: 'ServiceError' });
  expect(await takeWords(database.db, TEN)).toEqual([]);
  const [row] = await database.db.select().from(outbox);
  expect(row).toMatchObject({ attempts: 2, lastError: 'ServiceError' });
});

test('a word that is not due yet is left alone, and removing takes only what was given', async () => {
  await leave(3);
  await leave(1, { inSeconds: 3_600 });
  const words = await takeWords(database.db, TEN);
  expect(words).toHaveLength(3);
  await removeWords(
    database.db,
    words.slice(0, 2).map((word) => word.id),
  );
  const rest = await database.db.select().from(outbox).orderBy(asc(outbox.id));
  expect(rest.map((row) => row.attempts)).toEqual([1, 0]);
});

test('a word is due at once by the clock of the database, whatever the clock of the sender says', async () => {
  const tomorrow = { ...INTAKE, receivedAt: instantOf(Date.now() + 86_400_000) };
  await acceptEvents(database.db, [dueSoon(statementOf('AHEAD'))], tomorrow);
  expect((await takeWords(database.db, TEN)).map((word) => word.loanRef)).toEqual(['AHEAD']);
});
