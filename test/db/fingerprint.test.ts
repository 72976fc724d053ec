import fc from 'fast-check';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../db/fingerprint.ts';
import { inboxEvent } from '../../db/schema.ts';
import type { LoanEvent, Statement } from '../../domain/events.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { intake, seeded, shuffled } from '../support/intake.ts';
import { dueSoon, payment, statementOf } from '../support/loans.ts';

const SEED = { seed: 20_260_401, numRuns: 200 };

/** The same value with the keys of every object in another order. */
function reordered<T>(value: T, random: () => number): T {
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, each]) => [key, reordered(each as unknown, random)] as const);
  return Object.fromEntries(shuffled(entries, random)) as T;
}

function withSnapshot(snapshot: NonNullable<Statement['snapshot']>): LoanEvent {
  return dueSoon(statementOf('PRINT', { snapshot }));
}

const text = fc.string({ unit: 'binary', maxLength: 20 });
const snapshots = fc.dictionary(
  text,
  fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
);

describe('the fingerprint of an event', () => {
  test('is the same whatever the order of its fields, at any depth and in any script', () => {
    fc.assert(
      fc.property(snapshots, fc.integer(), (snapshot, seed) => {
        const event = withSnapshot(snapshot);
        expect(fingerprintOf(reordered(event, seeded(seed)))).toBe(fingerprintOf(event));
      }),
      SEED,
    );
  });

  test('is another one for any other content', () => {
    const event = payment('PRINT', 'P', 100, '2026-04-02T10:00:00+08:00');
    const others: LoanEvent[] = [
      event,
      payment('PRINT', 'P', 101, '2026-04-02T10:00:00+08:00'),
      payment('PRINT', 'P2', 100, '2026-04-02T10:00:00+08:00'),
      payment('PRINT2', 'P', 100, '2026-04-02T10:00:00+08:00'),
      payment('PRINT', 'P', 100, '2026-04-02T10:00:00.001+08:00'),
      withSnapshot({}),
      dueSoon(statementOf('PRINT')),
      withSnapshot({ a: 1 }),
      withSnapshot({ a: '1' }),
      withSnapshot({ a: 'b', c: 'd' }),
      withSnapshot({ a: 'd', c: 'b' }),
      withSnapshot({ a: 'b","c":"d' }),
      // The same letter to the eye, composed and not: two texts, which nobody may take for one.
      withSnapshot({ name: '\u00E9' }),
      withSnapshot({ name: 'e\u0301' }),
      withSnapshot({ '\u00E9': 'name' }),
      withSnapshot({ '\u{1D49E}': 1, '\uFF21': 2 }),
      withSnapshot({ '\u{1D49E}': 2, '\uFF21': 1 }),
    ];
    expect(new Set(others.map(fingerprintOf)).size).toBe(others.length);
  });

  test('is the same for one instant and one number however they were written', () => {
    const at = (instant: string) => fingerprintOf(payment('PRINT', 'P', 100, instant));
    expect(at('2026-04-02T02:00:00Z')).toBe(at('2026-04-02T10:00:00.000+08:00'));
    const parsed = JSON.parse('{"a":1.0,"b":1e2,"c":-0}') as Record<string, number>;
    expect(fingerprintOf(withSnapshot(parsed))).toBe(fingerprintOf(withSnapshot({ a: 1, b: 100, c: 0 })));
  });
});

describe('an event as it is stored', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database?.close());

  test('still has the fingerprint that was stored with it, in any script', async () => {
    const snapshots = [
      { 姓名: '王小明', 地區: '臺北' },
      { '\u00E9': 'composed', 'e\u0301': 'not' },
      { b: 1, a: 2, '10': 3, '9': 4, '': 5 },
      { emoji: '👩‍👩‍👧', escaped: '"\\/\b\f\n\r\t\u2028', number: 0.1, tiny: 5e-324, huge: 1.7976931348623157e308 },
    ];
    for (const [index, snapshot] of snapshots.entries()) {
      const event = dueSoon(statementOf(`STORED-${index}`, { snapshot }));
      expect(await intake(database.db, event)).toEqual(['accepted']);
      const [row] = await database.db.select().from(inboxEvent).where(eq(inboxEvent.eventId, event.id));
      if (!row) throw new Error('The event is not there.');
      const stored = { id: row.eventId, type: row.type, timestamp: row.effectiveAt, data: row.data } as LoanEvent;
      expect(stored).toEqual(event);
      expect(fingerprintOf(stored)).toBe(row.fingerprint);
      expect(await intake(database.db, event)).toEqual(['duplicate']);
    }
  });
});
