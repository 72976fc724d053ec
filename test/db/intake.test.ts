import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptEvents } from '../../db/intake.ts';
import { debtor, inboxEvent, loan, outbox } from '../../db/schema.ts';
import type { LoanEvent, Statement } from '../../domain/events.ts';
import { parseInstant } from '../../domain/instant.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { INTAKE, dump, intake, rowCounts } from '../support/intake.ts';
import { dueSoon, payment, reversal, statementOf } from '../support/loans.ts';

const APRIL_2 = '2026-04-02T10:00:00+08:00';
let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.close());

async function loanOf(loanRef: string) {
  const [row] = await database.db.select().from(loan).where(eq(loan.loanRef, loanRef));
  return row;
}

async function inboxOf(loanRef: string) {
  const rows = await database.db.select().from(inboxEvent).where(eq(inboxEvent.loanRef, loanRef));
  return rows.map(({ eventId, parked, refusal }) => ({ eventId, parked, refusal }));
}

function inDollars(event: LoanEvent): LoanEvent {
  return { ...event, data: { ...event.data, currency: 'USD' } } as LoanEvent;
}

function closing(loanRef: string, at: string, reason: 'recalled' | 'writtenOff' = 'writtenOff'): LoanEvent {
  return { id: `closed-${loanRef}`, type: 'loan.closed', timestamp: parseInstant(at), data: { loanRef, reason } };
}

describe('an event that comes in', () => {
  test('is accepted with its loan, and leaves the balance and one word for the relay', async () => {
    expect(await intake(database.db, dueSoon(statementOf('IN-1')))).toEqual(['accepted']);
    expect(await intake(database.db, payment('IN-1', 'IN-1-P', 200_000, APRIL_2))).toEqual(['accepted']);
    expect(await loanOf('IN-1')).toMatchObject({ overdueMinor: 300_000, paidMinor: 200_000, version: 2 });
    const words = await database.db.select().from(outbox).where(eq(outbox.loanRef, 'IN-1'));
    expect(words.map(({ attempts, lastError }) => ({ attempts, lastError }))).toEqual([
      { attempts: 0, lastError: null },
      { attempts: 0, lastError: null },
    ]);
  });

  test('sent again is a duplicate, whatever the order of its fields', async () => {
    const event = dueSoon(statementOf('IN-2'));
    expect(await intake(database.db, event)).toEqual(['accepted']);
    const before = await dump(database.db);
    const { debtor: person, ...rest } = event.data as Statement;
    const reordered = {
      data: { debtor: Object.fromEntries(Object.entries(person).toReversed()), ...rest },
      type: event.type,
      timestamp: event.timestamp,
      id: event.id,
    } as unknown as LoanEvent;
    expect(await intake(database.db, event, reordered)).toEqual(['duplicate', 'duplicate']);
    expect(await dump(database.db)).toEqual(before);
  });

  test('twice in one batch is new once', async () => {
    const event = dueSoon(statementOf('IN-3'));
    expect(await intake(database.db, event, event)).toEqual(['accepted', 'duplicate']);
    expect(await loanOf('IN-3')).toMatchObject({ version: 1 });
  });

  test('with a known id and another content is a conflict, and the first content stands', async () => {
    await intake(database.db, dueSoon(statementOf('IN-4')));
    await intake(database.db, payment('IN-4', 'IN-4-P', 100, APRIL_2));
    const before = await dump(database.db);
    const other = [
      payment('IN-4', 'IN-4-P', 101, APRIL_2),
      payment('IN-4', 'IN-4-P', 100, '2026-04-02T10:00:01+08:00'),
      payment('IN-4-OTHER', 'IN-4-P', 100, APRIL_2),
    ];
    for (const event of other) expect(await intake(database.db, event)).toEqual(['EVENT_CONFLICT']);
    expect(await dump(database.db)).toEqual(before);
  });

  test('with an id that another event of its batch has is a conflict; the earlier one is taken', async () => {
    await intake(database.db, dueSoon(statementOf('IN-5')));
    const answers = await intake(
      database.db,
      payment('IN-5', 'IN-5-P', 100, APRIL_2),
      payment('IN-5', 'IN-5-P', 900, APRIL_2),
    );
    expect(answers).toEqual(['accepted', 'EVENT_CONFLICT']);
    expect(await loanOf('IN-5')).toMatchObject({ paidMinor: 100, version: 2 });
  });
});

describe('a payment that comes before its loan', () => {
  test('is parked, and counts as soon as the loan is known', async () => {
    expect(await intake(database.db, payment('PARK-1', 'PARK-1-P', 200_000, APRIL_2))).toEqual(['parked']);
    expect(await loanOf('PARK-1')).toBeUndefined();
    expect(await database.db.select().from(outbox).where(eq(outbox.loanRef, 'PARK-1'))).toEqual([]);
    expect(await inboxOf('PARK-1')).toEqual([{ eventId: 'PARK-1-P', parked: true, refusal: null }]);

    expect(await intake(database.db, dueSoon(statementOf('PARK-1')))).toEqual(['accepted']);
    expect(await loanOf('PARK-1')).toMatchObject({ overdueMinor: 300_000, paidMinor: 200_000, version: 2 });
    expect((await inboxOf('PARK-1')).every(({ parked }) => !parked)).toBe(true);
    expect(await intake(database.db, payment('PARK-1', 'PARK-1-P', 200_000, APRIL_2))).toEqual(['duplicate']);
  });

  test('in the same batch is accepted with it', async () => {
    const answers = await intake(
      database.db,
      payment('PARK-2', 'PARK-2-P', 200_000, APRIL_2),
      dueSoon(statementOf('PARK-2')),
    );
    expect(answers).toEqual(['accepted', 'accepted']);
    expect(await loanOf('PARK-2')).toMatchObject({ overdueMinor: 300_000, version: 2 });
  });

  test('in another currency does not keep the loan out: it is kept, refused and not counted', async () => {
    const dollars = inDollars(payment('PARK-3', 'PARK-3-USD', 200_000, APRIL_2));
    expect(await intake(database.db, dollars)).toEqual(['parked']);
    expect(await intake(database.db, payment('PARK-3', 'PARK-3-TWD', 100_000, APRIL_2))).toEqual(['parked']);

    expect(await intake(database.db, dueSoon(statementOf('PARK-3')))).toEqual(['accepted']);
    expect(await loanOf('PARK-3')).toMatchObject({ overdueMinor: 400_000, paidMinor: 100_000, version: 2 });
    expect(await inboxOf('PARK-3')).toEqual(
      expect.arrayContaining([
        { eventId: 'PARK-3-USD', parked: false, refusal: 'MONEY_CURRENCY_MISMATCH' },
        { eventId: 'PARK-3-TWD', parked: false, refusal: null },
        { eventId: 'due-PARK-3', parked: false, refusal: null },
      ]),
    );

    // The loan lives on as if the bad event had never been.
    expect(await intake(database.db, payment('PARK-3', 'PARK-3-P2', 100_000, APRIL_2))).toEqual(['accepted']);
    expect(await loanOf('PARK-3')).toMatchObject({ overdueMinor: 300_000, version: 3 });
    expect(await intake(database.db, dollars)).toEqual(['duplicate']);
  });

  test('in amounts that no safe integer can hold: those that fit count, in order of their effect', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    await intake(database.db, payment('PARK-4', 'PARK-4-LATER', 2, '2026-04-03T10:00:00+08:00'));
    await intake(database.db, payment('PARK-4', 'PARK-4-MOST', most - 1, APRIL_2));
    expect(await intake(database.db, dueSoon(statementOf('PARK-4')))).toEqual(['accepted']);
    expect(await loanOf('PARK-4')).toMatchObject({ paidMinor: most - 1, version: 2 });
    expect(await inboxOf('PARK-4')).toContainEqual({
      eventId: 'PARK-4-LATER',
      parked: false,
      refusal: 'MONEY_NOT_SAFE_INTEGER',
    });
  });
});

describe('a batch with bad events', () => {
  test('takes all the others, whatever is wrong with the bad ones', async () => {
    await intake(database.db, dueSoon(statementOf('BATCH-OLD')), payment('BATCH-OLD', 'BATCH-ID', 100, APRIL_2));
    const loans = Array.from({ length: 40 }, (_, index) => dueSoon(statementOf(`BATCH-${index}`)));
    const answers = await intake(
      database.db,
      ...loans.slice(0, 20),
      inDollars(payment('BATCH-7', 'BATCH-USD', 100, APRIL_2)),
      payment('BATCH-8', 'BATCH-ID', 100, APRIL_2),
      payment('BATCH-9', 'BATCH-9-P', 100_000, APRIL_2),
      payment('BATCH-OLD', 'BATCH-MOST', Number.MAX_SAFE_INTEGER, APRIL_2),
      { ...payment('BATCH-10', 'BATCH-YEAR', 100, APRIL_2), timestamp: '0000-01-01T00:00:00.000Z' },
      dueSoon(statementOf('BATCH-NUL', { product: 'nul \0' })),
      dueSoon(statementOf('BATCH-HALF', { product: 'half \uD83D' })),
      ...loans.slice(20),
    );
    expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'accepted'));
    expect(answers.slice(20, 27)).toEqual([
      'MONEY_CURRENCY_MISMATCH',
      'EVENT_CONFLICT',
      'accepted',
      'MONEY_NOT_SAFE_INTEGER',
      'EVENT_INVALID',
      'EVENT_INVALID',
      'EVENT_INVALID',
    ]);
    expect(answers.slice(27)).toEqual(Array.from({ length: 20 }, () => 'accepted'));
    expect(await loanOf('BATCH-9')).toMatchObject({ overdueMinor: 400_000, version: 2 });
    expect(await loanOf('BATCH-OLD')).toMatchObject({ paidMinor: 100, version: 2 });
    for (const ref of ['BATCH-NUL', 'BATCH-HALF']) expect(await inboxOf(ref)).toEqual([]);
  });

  test('that comes again, bad events and all, changes nothing', async () => {
    const { db, close } = await freshDatabase();
    const events = [
      dueSoon(statementOf('AGAIN-1')),
      inDollars(payment('AGAIN-1', 'AGAIN-USD', 100, APRIL_2)),
      payment('AGAIN-2', 'AGAIN-PARKED', 100, APRIL_2),
      payment('AGAIN-1', 'AGAIN-1-P', 100, APRIL_2),
      reversal('AGAIN-1', 'AGAIN-1-R', 'AGAIN-1-P', APRIL_2),
    ];
    const first = await intake(db, ...events);
    expect(first).toEqual(['accepted', 'MONEY_CURRENCY_MISMATCH', 'parked', 'accepted', 'accepted']);
    const before = await dump(db);
    expect(await intake(db, ...events)).toEqual([
      'duplicate',
      'MONEY_CURRENCY_MISMATCH',
      'duplicate',
      'duplicate',
      'duplicate',
    ]);
    expect(await dump(db)).toEqual(before);
    await close();
  });

  test('of more loans than one transaction may lock is refused whole', async () => {
    const events = Array.from({ length: 2_001 }, (_, index) => payment(`MANY-${index}`, `MANY-P-${index}`, 1, APRIL_2));
    await expect(acceptEvents(database.db, events, INTAKE)).rejects.toThrow(RangeError);
    expect(await inboxOf('MANY-0')).toEqual([]);
  });

  test('of nothing is nothing', async () => {
    const before = await rowCounts(database.db);
    expect(await intake(database.db)).toEqual([]);
    expect(await rowCounts(database.db)).toEqual(before);
  });
});

describe('amounts at the border of what JSON carries exactly', () => {
  test.each([
    ['the largest safe integer', Number.MAX_SAFE_INTEGER],
    ['one below it', Number.MAX_SAFE_INTEGER - 1],
    ['one cent', 1],
    ['nothing', 0],
  ])('%s is stored and read back to the cent', async (name, amountMinor) => {
    const loanRef = `SAFE-${name.replaceAll(' ', '-')}`;
    const due = { penalty: 0, interest: 0, principal: amountMinor, fees: 0 };
    const event = dueSoon(statementOf(loanRef, { due, outstandingMinor: amountMinor }));
    expect(await intake(database.db, event)).toEqual(['accepted']);
    expect(await loanOf(loanRef)).toMatchObject({ overdueMinor: amountMinor, outstandingMinor: amountMinor, due });
    expect(await intake(database.db, event)).toEqual(['duplicate']);
  });

  test('a sum beyond it is refused, and nothing of the event stays', async () => {
    const due = { penalty: 1, interest: 0, principal: Number.MAX_SAFE_INTEGER, fees: 0 };
    expect(await intake(database.db, dueSoon(statementOf('SAFE-SUM', { due })))).toEqual(['MONEY_NOT_SAFE_INTEGER']);
    expect(await inboxOf('SAFE-SUM')).toEqual([]);
  });

  test('paid at the border to the cent', async () => {
    const due = { penalty: 0, interest: 0, principal: Number.MAX_SAFE_INTEGER, fees: 0 };
    const answers = await intake(
      database.db,
      dueSoon(statementOf('SAFE-PAID', { due, outstandingMinor: Number.MAX_SAFE_INTEGER })),
      payment('SAFE-PAID', 'SAFE-PAID-P', Number.MAX_SAFE_INTEGER - 1, APRIL_2),
    );
    expect(answers).toEqual(['accepted', 'accepted']);
    expect(await loanOf('SAFE-PAID')).toMatchObject({ overdueMinor: 1, outstandingMinor: 1 });
  });
});

describe('a loan that is closed', () => {
  test('stays closed when money, an adjustment or a new statement comes later, and its balance goes on', async () => {
    await intake(database.db, dueSoon(statementOf('CLOSED-1')), closing('CLOSED-1', APRIL_2));
    expect(await loanOf('CLOSED-1')).toMatchObject({ closedReason: 'writtenOff', closedAt: parseInstant(APRIL_2) });

    const later = '2026-05-02T10:00:00+08:00';
    expect(await intake(database.db, payment('CLOSED-1', 'CLOSED-1-P', 500_000, later))).toEqual(['accepted']);
    expect(await loanOf('CLOSED-1')).toMatchObject({ overdueMinor: 0, closedReason: 'writtenOff', version: 3 });

    const anew: LoanEvent = {
      id: 'CLOSED-1-ANEW',
      type: 'loan.overdue',
      timestamp: parseInstant('2026-06-02T10:00:00+08:00'),
      data: statementOf('CLOSED-1'),
    };
    expect(await intake(database.db, anew)).toEqual(['accepted']);
    expect(await loanOf('CLOSED-1')).toMatchObject({ overdueMinor: 500_000, closedAt: parseInstant(APRIL_2) });
  });

  test('by an event that came before its loan is closed from the start', async () => {
    expect(await intake(database.db, closing('CLOSED-2', APRIL_2, 'recalled'))).toEqual(['parked']);
    await intake(database.db, dueSoon(statementOf('CLOSED-2')));
    expect(await loanOf('CLOSED-2')).toMatchObject({ closedReason: 'recalled', version: 2 });
  });
});

describe('a debtor', () => {
  const at = (id: string, timestamp: string, loanRef: string, phone: string | undefined): LoanEvent => {
    const { debtor: person, ...rest } = statementOf(loanRef);
    const { phone: _none, ...addresses } = person;
    const changed = { ...addresses, debtorRef: id.slice(0, 5), ...(phone === undefined ? {} : { phone }) };
    return { id, type: 'loan.overdue', timestamp: parseInstant(timestamp), data: { ...rest, debtor: changed } };
  };
  const phoneOf = async (debtorRef: string) => {
    const [row] = await database.db.select().from(debtor).where(eq(debtor.debtorRef, debtorRef));
    return row?.phone;
  };
  const MARCH = '2026-03-01T09:00:00+08:00';
  const MAY = '2026-05-01T09:00:00+08:00';

  test('is reached where their latest statement says, and a payment on an older loan changes that back never', async () => {
    await intake(database.db, at('DEB-1-OLD', MARCH, 'DEB-1-A', '+886900000011'));
    await intake(database.db, at('DEB-1-NEW', MAY, 'DEB-1-B', '+886900000022'));
    expect(await phoneOf('DEB-1')).toBe('+886900000022');
    await intake(database.db, payment('DEB-1-A', 'DEB-1-P', 100, '2026-05-02T10:00:00+08:00'));
    expect(await phoneOf('DEB-1')).toBe('+886900000022');
  });

  test('has the same addresses whatever order their statements come in, alone or in one batch', async () => {
    await intake(database.db, at('DEB-2-NEW', MAY, 'DEB-2-B', '+886900000022'));
    await intake(database.db, at('DEB-2-OLD', MARCH, 'DEB-2-A', '+886900000011'));
    expect(await phoneOf('DEB-2')).toBe('+886900000022');

    await intake(
      database.db,
      at('DEB-3-NEW', MAY, 'DEB-3-B', '+886900000022'),
      at('DEB-3-OLD', MARCH, 'DEB-3-A', '+886900000011'),
    );
    expect(await phoneOf('DEB-3')).toBe('+886900000022');

    // Two at one instant: the greater id, in either order.
    await intake(database.db, at('DEB-4-a', MAY, 'DEB-4-A', '+886900000011'));
    await intake(database.db, at('DEB-4-Z', MAY, 'DEB-4-B', '+886900000022'));
    await intake(database.db, at('DEB-5-Z', MAY, 'DEB-5-B', '+886900000022'));
    await intake(database.db, at('DEB-5-a', MAY, 'DEB-5-A', '+886900000011'));
    expect([await phoneOf('DEB-4'), await phoneOf('DEB-5')]).toEqual(['+886900000011', '+886900000011']);
  });

  test('loses an address that the latest statement no longer has', async () => {
    await intake(database.db, at('DEB-6-OLD', MARCH, 'DEB-6-A', '+886900000011'));
    await intake(database.db, at('DEB-6-NEW', MAY, 'DEB-6-A', undefined));
    expect(await phoneOf('DEB-6')).toBeNull();
  });

  test('of a loan changes with the loan: the statement in force names them', async () => {
    await intake(database.db, at('DEB-7-OLD', MARCH, 'DEB-7-A', '+886900000011'));
    const other = at('DEB-8-NEW', MAY, 'DEB-7-A', '+886900000022');
    await intake(database.db, other);
    expect(await loanOf('DEB-7-A')).toMatchObject({ debtorRef: 'DEB-8' });
    expect([await phoneOf('DEB-7'), await phoneOf('DEB-8')]).toEqual(['+886900000011', '+886900000022']);
  });
});
