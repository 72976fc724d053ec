import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { type Acceptance, type IntakeContext, acceptEvents } from '../../db/intake.ts';
import type { Components, LoanEvent } from '../../domain/events.ts';
import { parseInstant, plusMs } from '../../domain/instant.ts';
import { dueSoon, payment, reversal, statementOf } from './loans.ts';

export const INTAKE: IntakeContext = {
  receivedAt: parseInstant('2026-04-01T12:00:00+08:00'),
  allocation: ['penalty', 'interest', 'principal', 'fees'],
};

/** Takes events in as one batch, and says in one word what became of each: its status, or the code of its refusal. */
export async function intake(db: Database, ...events: LoanEvent[]): Promise<string[]> {
  return (await acceptEvents(db, events, INTAKE)).map(inOneWord);
}

export function inOneWord(acceptance: Acceptance): string {
  return acceptance.status === 'refused' ? acceptance.error.code : acceptance.status;
}

/** Every row of every table, in one order. */
export async function dump(db: Database): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  const tables = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by name`,
  );
  for (const { name } of tables) {
    const found = await db.execute<{ row: string }>(
      sql`select to_jsonb(t)::text as row from ${sql.identifier(name)} as t order by row`,
    );
    rows[name] = found.map(({ row }) => row);
  }
  return rows;
}

/** How many rows each table has. */
export async function rowCounts(db: Database): Promise<Record<string, number>> {
  return Object.fromEntries(Object.entries(await dump(db)).map(([table, rows]) => [table, rows.length]));
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

/** Cuts into batches of random sizes from 1 to `most`. */
export function inBatches<T>(items: readonly T[], most: number, random: () => number): T[][] {
  const batches: T[][] = [];
  for (let from = 0; from < items.length; ) {
    const size = 1 + Math.floor(random() * most);
    batches.push(items.slice(from, from + size));
    from += size;
  }
  return batches;
}

/** A loan's life with events of every type, 8 a loan, made up from a seed. */
export function lifeOf(loanRef: string, random: () => number): LoanEvent[] {
  const cents = (most: number) => 1 + Math.floor(random() * most);
  const due: Components = {
    penalty: cents(9_000),
    interest: cents(9_000),
    principal: cents(900_000),
    fees: cents(900),
  };
  const first = statementOf(loanRef, { due });
  const at = (day: number) => plusMs(parseInstant('2026-03-29T00:00:00+08:00'), day * 86_400_000 + cents(80_000_000));
  const pay = (id: string, day: number) => payment(loanRef, `${loanRef}-${id}`, cents(300_000), at(day));
  return [
    dueSoon(first),
    { id: `${loanRef}-over`, type: 'loan.overdue', timestamp: at(4), data: { ...first, due: { ...due, fees: 5_000 } } },
    pay('P1', 2),
    pay('P2', 6),
    pay('P3', 8),
    reversal(loanRef, `${loanRef}-R2`, `${loanRef}-P2`, at(10)),
    {
      id: `${loanRef}-A1`,
      type: 'loan.adjusted',
      timestamp: at(12),
      data: {
        loanRef,
        currency: 'TWD',
        change: { penalty: -5_000, interest: cents(500), principal: -100, fees: 0 },
        reason: 'goodwill',
      },
    },
    ...(random() < 0.2
      ? [{ id: `${loanRef}-C`, type: 'loan.closed', timestamp: at(20), data: { loanRef, reason: 'recalled' } } as const]
      : [pay('P4', 20)]),
  ];
}
