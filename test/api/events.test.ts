import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inboxEvent, loan } from '../../db/schema.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { pollUntil } from '../../local/poll.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { dump } from '../support/intake.ts';
import { dueSoon, payment, reversal, statementOf } from '../support/loans.ts';

const APRIL_2 = '2026-04-02T10:00:00+08:00';
let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api?.stop());

const send = (event: unknown) => ({ method: 'POST', url: '/v1/events', payload: event as object }) as const;
const look = (eventId: string) => ({ method: 'GET', url: `/v1/events/${eventId}` }) as const;

describe('POST /v1/events', () => {
  test('takes each type of event, says what became of it, and says it again when asked', async () => {
    const events: LoanEvent[] = [
      dueSoon(statementOf('API-1')),
      payment('API-1', 'API-1-P', 100_000, APRIL_2),
      reversal('API-1', 'API-1-R', 'API-1-P', APRIL_2),
      { ...dueSoon(statementOf('API-1')), id: 'API-1-O', type: 'loan.overdue' } as LoanEvent,
      {
        id: 'API-1-A',
        type: 'loan.adjusted',
        timestamp: '2026-04-03T02:00:00.000Z',
        data: {
          loanRef: 'API-1',
          currency: 'TWD',
          change: { penalty: 5, interest: 2, principal: -1, fees: 0 },
          reason: 'goodwill\n善意',
        },
      },
      {
        id: 'API-1-C',
        type: 'loan.closed',
        timestamp: '2026-04-04T02:00:00.000Z',
        data: { loanRef: 'API-1', reason: 'writtenOff' },
      },
    ];
    for (const event of events) {
      expect(await ask(api.app, send(event))).toMatchObject({
        status: 202,
        body: { eventId: event.id, status: 'accepted' },
      });
      expect(await ask(api.app, look(event.id))).toMatchObject({
        status: 200,
        body: { eventId: event.id, loanRef: 'API-1', status: 'accepted', refusal: null },
      });
    }
    const [row] = await api.database.db.select().from(loan);
    expect(row).toMatchObject({ loanRef: 'API-1', version: 6, overdueMinor: 500_006, closedReason: 'writtenOff' });
  });

  test('takes an event sent again, at any offset and in any order of fields, as the same event', async () => {
    const event = payment('API-2', 'API-2-P', 100, APRIL_2);
    expect((await ask(api.app, send(event))).body).toEqual({ eventId: 'API-2-P', status: 'parked' });
    const before = await dump(api.database.db);
    const { data, ...rest } = event;
    const again = { data, ...rest, timestamp: '2026-04-01T21:00:00-05:00' };
    expect(await ask(api.app, send(again))).toMatchObject({ status: 202, body: { status: 'duplicate' } });
    expect(await dump(api.database.db)).toEqual(before);
    expect((await ask(api.app, look('API-2-P'))).body).toMatchObject({ status: 'parked' });
  });

  test('refuses the same id with another content, and an event that does not fit its loan', async () => {
    await ask(api.app, send(dueSoon(statementOf('API-3'))));
    await ask(api.app, send(payment('API-3', 'API-3-P', 100, APRIL_2)));
    const before = await dump(api.database.db);
    expect(await askInVain(api.app, send(payment('API-3', 'API-3-P', 101, APRIL_2)))).toMatchObject({
      status: 409,
      code: 'EVENT_CONFLICT',
    });
    const dollars = { loanRef: 'API-3', amountMinor: 100, currency: 'USD' };
    expect(
      await askInVain(api.app, send({ ...payment('API-3', 'API-3-USD', 100, APRIL_2), data: dollars })),
    ).toMatchObject({ status: 422, code: 'MONEY_CURRENCY_MISMATCH' });
    const most = Number.MAX_SAFE_INTEGER;
    expect(await askInVain(api.app, send(payment('API-3', 'API-3-MOST', most, APRIL_2)))).toMatchObject({
      status: 422,
      code: 'MONEY_NOT_SAFE_INTEGER',
    });
    expect(await dump(api.database.db)).toEqual(before);
    expect(await askInVain(api.app, look('API-3-USD'))).toMatchObject({ status: 404, code: 'EVENT_UNKNOWN' });
  });

  test('shows a parked event that turned out not to fit its loan as refused', async () => {
    const dollars = { loanRef: 'API-4', amountMinor: 100, currency: 'USD' };
    await ask(api.app, send({ ...payment('API-4', 'API-4-USD', 100, APRIL_2), data: dollars }));
    expect((await ask(api.app, send(dueSoon(statementOf('API-4'))))).body).toMatchObject({ status: 'accepted' });
    expect((await ask(api.app, look('API-4-USD'))).body).toMatchObject({
      status: 'refused',
      refusal: 'MONEY_CURRENCY_MISMATCH',
    });
  });

  test('answers 202 only after the commit, and 503 when there was none', async () => {
    const { sql, url } = api.database;
    const admin = postgres(url, { max: 1, onnotice: () => {} });
    // The commit itself waits for a lock that the test holds.
    await admin.unsafe(`
      create function wait_at_gate() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock(4711); return null; end $$;
      create constraint trigger gate after insert on inbox_event deferrable initially deferred
        for each row execute function wait_at_gate()`);
    const atGate = (loanRef: string) => {
      let isAnswered = false;
      const answer = api.app.inject(send(dueSoon(statementOf(loanRef)))).then((response) => {
        isAnswered = true;
        return response;
      });
      const waiting = pollUntil(
        async () => {
          const [row] = await sql`select pid from pg_stat_activity where datname = current_database()
            and wait_event = 'advisory' and query = 'commit'`;
          return row?.['pid'] as number | undefined;
        },
        { withinMs: 20_000, everyMs: 10, timeUp: () => new Error('Nothing waits at the gate.') },
      );
      return { answer, waiting, isAnswered: () => isAnswered };
    };
    const stored = async (loanRef: string) =>
      (await api.database.db.select().from(inboxEvent)).some((row) => row.loanRef === loanRef);

    await admin`select pg_advisory_lock(4711)`;
    const committed = atGate('API-5');
    await committed.waiting;
    expect([committed.isAnswered(), await stored('API-5')]).toEqual([false, false]);
    await admin`select pg_advisory_unlock(4711)`;
    expect((await committed.answer).statusCode).toBe(202);
    expect(await stored('API-5')).toBe(true);

    await admin`select pg_advisory_lock(4711)`;
    const cut = atGate('API-6');
    await admin`select pg_terminate_backend(${await cut.waiting})`;
    const response = await cut.answer;
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.json()).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    expect(await stored('API-6')).toBe(false);
    await admin`select pg_advisory_unlock(4711)`;
    await admin`drop trigger gate on inbox_event`;
    await admin.end();

    const again = await pollUntil(
      async () => {
        const next = await api.app.inject(send(dueSoon(statementOf('API-6'))));
        return next.statusCode === 202 ? next.json<object>() : undefined;
      },
      { withinMs: 20_000, everyMs: 10, timeUp: () => new Error('The event is never taken.') },
    );
    expect(again).toEqual({ eventId: 'due-API-6', status: 'accepted' });
  });
});
