import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { caseRecord, collectionCase, contact } from '../../db/schema.ts';
import { type Instant, MINUTE_MS, plusMs } from '../../domain/instant.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { payment } from '../support/loans.ts';
import { openCaseOf, post } from '../support/open-cases.ts';
import { calendar } from '../support/strategy.ts';

interface Verdict {
  readonly callId: string;
  readonly verdict: 'allow' | 'defer' | 'deny';
  readonly rules: readonly string[];
  readonly until: Instant | null;
  readonly number: string | null;
}

const MORNING = taipei('2026-04-08 10:00');
const PHONE = '+886900000001';
let api: TestApi;
let now: Instant;
let calls = 0;

beforeAll(async () => {
  api = await openApi({ now: () => now, calendarOf: () => calendar() });
});
beforeEach(() => {
  now = MORNING;
});
afterAll(() => api?.stop());

const db = () => api.database.db;
const reserving = (payload: object) => ({ method: 'POST', url: '/v1/calls', payload }) as const;
const logging = (callId: string, payload: object) =>
  ({ method: 'POST', url: `/v1/calls/${callId}/result`, payload: { actor: 'agent-1', ...payload } }) as const;

/** Reserves a call to the debtor of a loan under a new id. */
async function reserve(loanRef: string, change: object = {}): Promise<Verdict> {
  calls += 1;
  const payload = { callId: `C-${calls}`, loanRef, actor: 'agent-1', to: 'debtor', ...change };
  const { status, body } = await ask<Verdict>(api.app, reserving(payload));
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
}

/** Reserves a call and logs how it went; half an hour goes by. */
async function call(loanRef: string, result: string): Promise<Verdict> {
  const verdict = await reserve(loanRef);
  if (verdict.verdict === 'allow') {
    expect((await ask(api.app, logging(verdict.callId, { result }))).status).toBe(200);
  }
  now = plusMs(now, 30 * MINUTE_MS);
  return verdict;
}

async function say(type: string, data: object, id = `${type}-${(calls += 1)}`): Promise<void> {
  const payload = { id, type, timestamp: now, data: { source: 'test', ...data } };
  expect((await ask(api.app, { method: 'POST', url: '/v1/debtor-events', payload })).status).toBe(202);
}

const faultOf = async (loanRef: string) => (await verifyCase(db(), loanRef))[0]?.fault;

describe('a call is reserved before it is dialled', () => {
  test('I11: allowed, it gives the number once more to who asks again, until it is logged or a quarter of an hour is over', async () => {
    await openCaseOf(db(), 'CALL-1');
    const first = await reserve('CALL-1');
    expect(first).toEqual({ callId: first.callId, verdict: 'allow', rules: [], until: null, number: PHONE });
    const again = { callId: first.callId, loanRef: 'CALL-1', actor: 'agent-1', to: 'debtor' };
    expect(await ask(api.app, reserving(again))).toMatchObject({ status: 201, body: first });
    now = plusMs(MORNING, 15 * MINUTE_MS);
    expect(await ask(api.app, reserving(again))).toMatchObject({ status: 201, body: { ...first, number: null } });
    for (const other of [{ actor: 'agent-2' }, { loanRef: 'CALL-2' }, { to: 'thirdParty', thirdPartyRef: 'T' }]) {
      expect(await askInVain(api.app, reserving({ ...again, ...other }))).toMatchObject({
        status: 409,
        code: 'CALL_CONFLICT',
      });
    }
    expect(await faultOf('CALL-1')).toBeNull();
    const rows = await db().select().from(caseRecord).where(eq(caseRecord.loanRef, 'CALL-1'));
    expect(rows.map(({ kind }) => kind)).toEqual(['contactDecided']);
    expect(JSON.stringify(rows)).not.toContain(PHONE);
  });

  test('without an open case there is nothing to call about', async () => {
    const payload = { callId: 'NONE-1', loanRef: 'NOBODY', actor: 'agent-1', to: 'debtor' };
    expect(await askInVain(api.app, reserving(payload))).toMatchObject({ status: 404, code: 'CASE_UNKNOWN' });
    await openCaseOf(db(), 'CALL-3');
    await db().update(collectionCase).set({ outcome: 'cured' }).where(eq(collectionCase.loanRef, 'CALL-3'));
    expect(await askInVain(api.app, reserving({ ...payload, loanRef: 'CALL-3' }))).toMatchObject({
      status: 404,
      code: 'CASE_UNKNOWN',
    });
  });

  test('two agents at once, over two loans of one debtor: one of them rings, the other hears when', async () => {
    const debtor = { debtorRef: 'debtor-both' };
    await openCaseOf(db(), 'BOTH-1', { debtor });
    await openCaseOf(db(), 'BOTH-2', { debtor });
    const both = await Promise.all([reserve('BOTH-1'), reserve('BOTH-2', { actor: 'agent-2' })]);
    const verdicts = both.map(({ verdict, rules, until }) => [verdict, rules, until]);
    expect(verdicts).toContainEqual(['allow', [], null]);
    expect(verdicts).toContainEqual(['defer', ['callUnderWay'], plusMs(MORNING, 15 * MINUTE_MS)]);
    const allowed = both.find(({ verdict }) => verdict === 'allow');
    await ask(api.app, logging(allowed?.callId ?? '', { result: 'noAnswer' }));
    expect(await reserve('BOTH-2')).toMatchObject({ verdict: 'allow' });
    expect([await faultOf('BOTH-1'), await faultOf('BOTH-2')]).toEqual([null, null]);
  });

  test('I11: money that is committed before it refuses it', async () => {
    await openCaseOf(db(), 'PAID-1');
    await post(db(), payment('PAID-1', 'PAID-1-P', 500_000, '2026-04-08T09:59:59+08:00'));
    expect(await reserve('PAID-1')).toMatchObject({ verdict: 'deny', rules: ['balanceCleared'], number: null });
  });

  test('I11 A6: a hold refuses it until the hold ends, an opt-out of calls refuses it for good', async () => {
    const debtorRef = 'debtor-HELD-1';
    await openCaseOf(db(), 'HELD-1');
    await say('hold.placed', { debtorRef, reason: 'complaint', until: taipei('2026-04-10 12:00') }, 'HOLD-1');
    expect(await reserve('HELD-1')).toMatchObject({
      verdict: 'defer',
      rules: ['onHold'],
      until: taipei('2026-04-10 12:00'),
    });
    await say('hold.released', { debtorRef, holdEventId: 'HOLD-1' });
    now = plusMs(now, MINUTE_MS);
    expect(await reserve('HELD-1')).toMatchObject({ verdict: 'allow' });
    now = plusMs(now, 20 * MINUTE_MS);
    await say('channel.optedOut', { debtorRef, channel: 'call' });
    expect(await reserve('HELD-1')).toMatchObject({ verdict: 'deny', rules: ['optedOut'], until: null, number: null });
  });

  test('I11: at night it waits for the morning at the debtor’s', async () => {
    await openCaseOf(db(), 'NIGHT-1');
    await openCaseOf(db(), 'NIGHT-2', { debtor: { zone: 'America/New_York' } });
    // 22:30 in Taipei is 10:30 in New York.
    now = taipei('2026-04-08 22:30');
    expect(await reserve('NIGHT-1')).toMatchObject({
      verdict: 'defer',
      rules: ['contactWindow'],
      until: taipei('2026-04-09 09:00'),
    });
    expect(await reserve('NIGHT-2')).toMatchObject({ verdict: 'allow' });
  });

  test('a debtor without a telephone cannot be called', async () => {
    await openCaseOf(db(), 'MUTE-1');
    await db().execute(`update debtor set phone = null where debtor_ref = 'debtor-MUTE-1'`);
    expect(await reserve('MUTE-1')).toMatchObject({ verdict: 'deny', rules: ['addressMissing'] });
  });

  test('I11: somebody else is called only while the debtor cannot be reached, and never once they refuse', async () => {
    const debtorRef = 'debtor-THIRD-1';
    const to = { to: 'thirdParty', thirdPartyRef: 'sibling-1' };
    await openCaseOf(db(), 'THIRD-1', { rulePacks: ['cn-consumer'] });
    const payload = { callId: 'THIRD', loanRef: 'THIRD-1', actor: 'agent-1', ...to };
    expect(await askInVain(api.app, reserving(payload))).toMatchObject({ status: 422, code: 'THIRD_PARTY_UNKNOWN' });
    await say('thirdParty.named', { debtorRef, thirdPartyRef: 'sibling-1', phone: '+886900000099' });
    expect(await reserve('THIRD-1', to)).toMatchObject({ verdict: 'deny', rules: ['CN4'], number: null });
    await say('debtor.lost', { debtorRef });
    now = plusMs(now, MINUTE_MS);
    const allowed = await reserve('THIRD-1', to);
    expect(allowed).toMatchObject({ verdict: 'allow', number: '+886900000099' });
    await ask(api.app, logging(allowed.callId, { result: 'connected' }));
    await say('thirdParty.refused', { debtorRef, thirdPartyRef: 'sibling-1' });
    expect(await reserve('THIRD-1', to)).toMatchObject({ verdict: 'deny', rules: ['CN4'] });
  });
});

describe('the laws that count calls', () => {
  test('I11: after 3 talks in a day the next one is the day after (CN2)', async () => {
    await openCaseOf(db(), 'CN2-1', { rulePacks: ['cn-consumer'] });
    for (const result of ['connected', 'rightParty', 'connected']) {
      expect(await call('CN2-1', result)).toMatchObject({ verdict: 'allow' });
    }
    expect(await call('CN2-1', 'connected')).toMatchObject({
      verdict: 'defer',
      rules: ['CN2'],
      until: taipei('2026-04-09 09:00'),
    });
  });

  test('I11: after 6 unanswered dials of a number in a day the next one is the day after (CN3)', async () => {
    await openCaseOf(db(), 'CN3-1', { rulePacks: ['cn-consumer'] });
    for (const result of ['noAnswer', 'notConnected', 'noAnswer', 'noAnswer', 'notConnected', 'noAnswer']) {
      expect(await call('CN3-1', result)).toMatchObject({ verdict: 'allow' });
    }
    expect(await call('CN3-1', 'noAnswer')).toMatchObject({
      verdict: 'defer',
      rules: ['CN3'],
      until: taipei('2026-04-09 09:00'),
    });
  });

  test('I11: a call that was not dialled does not count; one that nobody logged counts for every rule', async () => {
    await openCaseOf(db(), 'CN2-2', { rulePacks: ['cn-consumer'] });
    for (const result of ['connected', 'notDialled', 'connected', 'notDialled']) await call('CN2-2', result);
    expect((await reserve('CN2-2')).verdict).toBe('allow');
    now = plusMs(now, 30 * MINUTE_MS);
    expect(await reserve('CN2-2')).toMatchObject({ verdict: 'defer', rules: ['CN2'] });
  });

  test('I11: 7 days after a talk the next call, its day being the first (US3)', async () => {
    await openCaseOf(db(), 'US3-1', { rulePacks: ['us-regf'] });
    expect(await call('US3-1', 'rightParty')).toMatchObject({ verdict: 'allow' });
    expect(await call('US3-1', 'noAnswer')).toMatchObject({
      verdict: 'defer',
      rules: ['US3'],
      until: taipei('2026-04-15 09:00'),
    });
    now = taipei('2026-04-15 09:00');
    expect(await reserve('US3-1')).toMatchObject({ verdict: 'allow' });
  });

  test('I11: 7 calls in 7 days and no more (US2)', async () => {
    await openCaseOf(db(), 'US2-1', { rulePacks: ['us-regf'] });
    for (let dial = 1; dial <= 7; dial += 1)
      expect(await call('US2-1', 'noAnswer')).toMatchObject({ verdict: 'allow' });
    expect(await call('US2-1', 'noAnswer')).toMatchObject({
      verdict: 'defer',
      rules: ['US2'],
      until: taipei('2026-04-15 09:00'),
    });
  });
});

describe('what came of a call is logged', () => {
  test('once; the same again is harmless, another result is refused', async () => {
    await openCaseOf(db(), 'LOG-1');
    const { callId } = await reserve('LOG-1');
    const result = { result: 'connected', note: 'Will call back.' };
    for (let time = 0; time < 2; time += 1) {
      expect(await ask(api.app, logging(callId, result))).toMatchObject({
        status: 200,
        body: { callId, findings: [] },
      });
    }
    for (const other of [{ result: 'noAnswer' }, { result: 'notDialled' }, { ...result, note: 'Something else.' }]) {
      expect(await askInVain(api.app, logging(callId, other))).toMatchObject({
        status: 409,
        code: 'CALL_ALREADY_LOGGED',
      });
    }
    const [row] = await db()
      .select()
      .from(contact)
      .where(eq(contact.key, `call:${callId}`));
    expect(row).toMatchObject({ status: 'made', result: 'connected', note: 'Will call back.', settledAt: now });
    expect(await faultOf('LOG-1')).toBeNull();
    const again = { callId, loanRef: 'LOG-1', actor: 'agent-1', to: 'debtor' };
    expect(await ask(api.app, reserving(again))).toMatchObject({ body: { verdict: 'allow', number: null } });
  });

  test('by two at once with different results: one of them is taken', async () => {
    await openCaseOf(db(), 'LOG-2');
    const { callId } = await reserve('LOG-2');
    const both = await Promise.all(
      ['connected', 'noAnswer'].map((result) => api.app.inject(logging(callId, { result }))),
    );
    expect(both.map((each) => each.statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await faultOf('LOG-2')).toBeNull();
  });

  test('only when it was reserved', async () => {
    expect(await askInVain(api.app, logging('NOTHING', { result: 'connected' }))).toMatchObject({
      status: 404,
      code: 'CALL_UNKNOWN',
    });
    await openCaseOf(db(), 'LOG-3');
    now = taipei('2026-04-08 23:00');
    const { callId } = await reserve('LOG-3');
    expect(await askInVain(api.app, logging(callId, { result: 'connected' }))).toMatchObject({
      status: 422,
      code: 'CALL_NOT_RESERVED',
    });
  });

  test('C7 A8 P7 T10: forbidden wording in a note is told to its writer and kept for review, and nothing is refused', async () => {
    await openCaseOf(db(), 'NOTE-1');
    const { callId } = await reserve('NOTE-1');
    const note = 'Told him we will break his legs. He is a liar.';
    const { status, body } = await ask<{ findings: { entryId: string; words: string; explanation: string }[] }>(
      api.app,
      logging(callId, { result: 'rightParty', note }),
    );
    expect(status).toBe(200);
    expect(body.findings.length).toBeGreaterThan(0);
    for (const { words, explanation } of body.findings) {
      expect(note).toContain(words);
      expect(explanation).toContain('Write such as');
    }
    const [row] = await db()
      .select()
      .from(contact)
      .where(eq(contact.key, `call:${callId}`));
    expect(row?.noteFindings).toEqual([...new Set(body.findings.map(({ entryId }) => entryId))].toSorted());
    const record = JSON.stringify(await db().select().from(caseRecord).where(eq(caseRecord.loanRef, 'NOTE-1')));
    expect(record).toContain(body.findings[0]?.entryId);
    expect(record).not.toContain('break his legs');
  });
});
