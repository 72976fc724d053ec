import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeBulkHold, releaseBulkHold } from '../../db/bulk-holds.ts';
import type { Database } from '../../db/client.ts';
import { debtorEventsOf } from '../../db/debtor-events.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { caseRecord, collectionCase, debtorEvent, outbox } from '../../db/schema.ts';
import type { BulkHold } from '../../domain/bulk-hold.ts';
import { standingOf } from '../../domain/debtor-standing.ts';
import type { Statement } from '../../domain/events.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { SEEN_AT, dueSoon, statementOf } from '../support/loans.ts';
import { openCaseOf, post } from '../support/open-cases.ts';
import { calendar } from '../support/strategy.ts';

const NOW = taipei('2026-04-08 10:00');
const LOANS = Array.from({ length: 1_200 }, (_, index) => `QUAKE-${String(index).padStart(4, '0')}`);
const QUAKE: BulkHold = { holdId: 'quake_1', reason: 'disaster', until: null, actor: 'supervisor-1' };
const RUN = { now: NOW, dryRun: false };
let api: TestApi;

beforeAll(async () => {
  api = await openApi({ now: () => NOW, calendarOf: () => calendar() });
  // Makes the strategy that the others are pinned to as well.
  await openCaseOf(api.database.db, 'ELSEWHERE-1');
  await openLoans(LOANS, { snapshot: { region: 'Hualien' } });
});
afterAll(() => api?.stop());

const db = () => api.database.db;

/** Loans with open cases, as many as there are, in two statements. */
async function openLoans(loanRefs: readonly string[], change: Partial<Statement>): Promise<void> {
  await post(db(), ...loanRefs.map((loanRef) => dueSoon({ ...statementOf(loanRef), ...change, loanRef })));
  await db()
    .insert(collectionCase)
    .values(
      loanRefs.map((loanRef) => ({
        loanRef,
        episode: 1,
        debtorRef: statementOf(loanRef).debtor.debtorRef,
        openedByRun: 'a-run',
        strategyId: 'plain',
        strategyVersion: 1,
        timetable: [],
        openedAt: SEEN_AT,
      })),
    );
}

/** A database whose client dies at the end of one of its transactions, before the commit. */
function dyingIn(whole: Database, transaction: number): Database {
  let count = 0;
  return new Proxy(whole, {
    get(target, name) {
      if (name !== 'transaction') return Reflect.get(target, name) as unknown;
      return (work: Parameters<Database['transaction']>[0]) =>
        target.transaction(async (tx) => {
          count += 1;
          const done = await work(tx);
          if (count === transaction) throw new Error('killed');
          return done;
        });
    },
  });
}

const place = (change: object) => ({ method: 'POST', url: '/v1/holds/bulk', payload: { ...BODY, ...change } }) as const;
const release = (change: object) =>
  ({
    method: 'POST',
    url: '/v1/holds/bulk/release',
    payload: { holdId: 'quake_1', actor: 'supervisor-1', ...change },
  }) as const;
const BODY = { holdId: 'quake_1', reason: 'disaster', filter: { region: 'Hualien' }, actor: 'supervisor-1' };
const call = (callId: string, loanRef: string) =>
  ({ method: 'POST', url: '/v1/calls', payload: { callId, loanRef, actor: 'agent-1', to: 'debtor' } }) as const;

describe('a hold of 1,200 loans at once', () => {
  test('says first how many it would be and which come first, and changes nothing', async () => {
    const { status, body } = await ask(api.app, place({ dryRun: true }));
    expect(status).toBe(200);
    expect(body).toEqual({ matched: 1_200, alreadyDone: 0, done: 0, remaining: 1_200, loanRefs: LOANS.slice(0, 20) });
    expect(await db().select().from(debtorEvent)).toEqual([]);
  });

  test('goes on where it was after a crash: each loan is held once, and its case is told once', async () => {
    await db().delete(outbox);
    await expect(placeBulkHold(dyingIn(db(), 3), QUAKE, { region: 'Hualien' }, RUN)).rejects.toThrow('killed');
    expect(await db().select().from(debtorEvent)).toHaveLength(1_000);
    const { body } = await ask(api.app, place({}));
    expect(body).toEqual({ matched: 1_200, alreadyDone: 1_000, done: 200, remaining: 0, loanRefs: [] });
    const { body: again } = await ask(api.app, place({}));
    expect(again).toEqual({ matched: 1_200, alreadyDone: 1_200, done: 0, remaining: 0, loanRefs: [] });
    const events = await db().select({ id: debtorEvent.eventId, type: debtorEvent.type }).from(debtorEvent);
    expect(events.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      LOANS.map((loanRef) => `quake_1:${loanRef}`),
    );
    const words = await db().select({ loanRef: outbox.loanRef }).from(outbox).where(eq(outbox.about, 'standing'));
    expect(words.map(({ loanRef }) => loanRef).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(LOANS);
    const entries = await db().select().from(caseRecord).where(eq(caseRecord.kind, 'holdChanged'));
    expect(entries).toHaveLength(1_200);
    expect((await verifyCase(db(), 'QUAKE-1199'))[0]?.fault).toBeNull();
  });

  test('every contact is refused at once, and elsewhere none', async () => {
    for (const loanRef of ['QUAKE-0000', 'QUAKE-1199']) {
      const { body } = await ask(api.app, call(`call-${loanRef}`, loanRef));
      expect(body).toMatchObject({ verdict: 'deny', rules: ['onHold'], number: null });
    }
    expect((await ask(api.app, call('call-else', 'ELSEWHERE-1'))).body).toMatchObject({ verdict: 'allow' });
  });

  test('under another reason or end it would be another hold', async () => {
    for (const change of [{ reason: 'other' }, { until: '2026-10-31T00:00:00+08:00' }]) {
      expect(await askInVain(api.app, place(change))).toMatchObject({ status: 422, code: 'HOLD_INVALID' });
    }
  });

  test('two requests at once do not hold a loan twice', async () => {
    const both = [1, 2].map(() => placeBulkHold(db(), { ...QUAKE, holdId: 'twice' }, { region: 'Hualien' }, RUN));
    const done = (await Promise.all(both)).map((progress) => progress.done);
    expect(done.reduce((sum, each) => sum + each, 0)).toBe(1_200);
    expect(await db().select().from(debtorEvent)).toHaveLength(2_400);
  });

  test('ends in the same way, those alone that are not ended yet, and contacts are made again', async () => {
    await db().delete(outbox);
    const single = { id: 'single', type: 'hold.released', timestamp: NOW };
    const data = { debtorRef: 'debtor-QUAKE-0000', source: 'agent-1', holdEventId: 'quake_1:QUAKE-0000' };
    await ask(api.app, { method: 'POST', url: '/v1/debtor-events', payload: { ...single, data } });
    const { body: dry } = await ask(api.app, release({ dryRun: true }));
    expect(dry).toMatchObject({ matched: 1_200, alreadyDone: 1, done: 0, remaining: 1_199 });
    expect((dry['loanRefs'] as string[])[0]).toBe('QUAKE-0001');
    const dying = releaseBulkHold(dyingIn(db(), 2), QUAKE, RUN);
    await expect(dying).rejects.toThrow('killed');
    const { body } = await ask(api.app, release({}));
    expect(body).toEqual({ matched: 1_200, alreadyDone: 501, done: 699, remaining: 0, loanRefs: [] });
    await ask(api.app, release({ holdId: 'twice' }));
    const { holds } = standingOf(await debtorEventsOf(db(), 'debtor-QUAKE-1199'), NOW);
    expect(holds).toEqual([]);
    expect((await ask(api.app, call('call-after', 'QUAKE-1199'))).body).toMatchObject({ verdict: 'allow' });
    expect(await askInVain(api.app, release({ holdId: 'quake-1' }))).toMatchObject({
      status: 404,
      code: 'HOLD_UNKNOWN',
    });
  });
});

describe('which loans are held', () => {
  const loans = ['FIT-1', 'FIT-2', 'FIT-3'];
  beforeAll(async () => {
    await openLoans(['FIT-1'], { snapshot: { region: 'Taitung' }, product: 'credit-card', dueOn: '2026-04-01' });
    await openLoans(['FIT-2'], { snapshot: { region: 'Taitung' }, product: 'personal-loan', dueOn: '2026-04-02' });
    await openLoans(['FIT-3'], { product: 'personal-loan', dueOn: '2026-03-01' });
    const closed = eq(collectionCase.loanRef, 'FIT-3');
    await db().update(collectionCase).set({ outcome: 'cured', closedAt: NOW }).where(closed);
  });

  test.each<[string, object, string[]]>([
    ['a region', { region: 'Taitung' }, ['FIT-1', 'FIT-2']],
    ['a region that nobody has', { region: 'taitung' }, []],
    ['a product in a region', { region: 'Taitung', product: 'personal-loan' }, ['FIT-2']],
    ['a product of an open case', { product: 'personal-loan' }, ['FIT-2']],
    ['names', { loanRefs: [...loans, 'NOBODY'] }, ['FIT-1', 'FIT-2']],
    ['7 days past due', { region: 'Taitung', minDaysPastDue: 7 }, ['FIT-1']],
    ['6 days past due', { region: 'Taitung', minDaysPastDue: 6 }, ['FIT-1', 'FIT-2']],
    ['8 days past due', { region: 'Taitung', minDaysPastDue: 8 }, []],
  ])('by %s', async (_what, filter, expected) => {
    const { body } = await ask(api.app, place({ holdId: 'fit', filter, dryRun: true }));
    expect([body['matched'], body['loanRefs']]).toEqual([expected.length, expected]);
  });

  test.each([
    ['no condition at all', { filter: {} }, '/filter'],
    ['a condition that is none', { filter: { region: 'Hualien', zone: 'Asia/Taipei' } }, '/filter/zone'],
    ['a name with a colon', { holdId: 'a:b' }, '/holdId'],
    ['a reason that is none', { reason: 'rain' }, '/reason'],
  ])('%s is refused by its pointer', async (_what, change, pointer) => {
    const { errors } = await askInVain(api.app, place(change));
    expect(errors?.map((fault) => fault.pointer)).toEqual([pointer]);
  });
});
