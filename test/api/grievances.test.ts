import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { caseRecord, contact, debtorEvent, grievance, outbox, suspension } from '../../db/schema.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { DAY_MS, type Instant, plusMs } from '../../domain/instant.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { openCaseOf } from '../support/open-cases.ts';
import { calendar } from '../support/strategy.ts';

const NOW = taipei('2026-04-08 10:30');
const SECRET = 'a-secret-of-24-characters-or-more';
let api: TestApi;
let now: Instant;
beforeAll(async () => {
  api = await openApi({ now: () => now, calendarOf: () => calendar(), gatewaySecret: SECRET });
});
beforeEach(() => {
  now = NOW;
});
afterAll(() => api?.stop());

const db = () => api.database.db;
const posting = (path: string, payload: object) => ({ method: 'POST', url: `/v1/${path}`, payload }) as const;
const complaint = (id: string, loanRef: string, change: object = {}) =>
  posting('complaints', { id, loanRef, way: 'hotline', reason: 'threat', actor: 'agent-3', ...change });
const calling = (callId: string, loanRef: string, change: object = {}) =>
  posting('calls', { callId, loanRef, actor: 'agent-9', to: 'debtor', ...change });
const eventsOf = (debtorRef: string) => db().select().from(debtorEvent).where(eq(debtorEvent.debtorRef, debtorRef));

describe('POST /v1/complaints and /v1/disputes', () => {
  test('A6: with the 202 contact has stopped, is on record, and word is left for the engine', async () => {
    await openCaseOf(db(), 'C-1');
    expect(await ask(api.app, calling('CALL-1', 'C-1'))).toMatchObject({ body: { verdict: 'allow' } });
    await ask(api.app, posting('calls/CALL-1/result', { result: 'noAnswer', actor: 'agent-9' }));
    expect(await ask(api.app, complaint('CMP-1', 'C-1'))).toMatchObject({ status: 202, body: { status: 'accepted' } });
    now = plusMs(NOW, DAY_MS);
    expect(await ask(api.app, calling('CALL-2', 'C-1'))).toMatchObject({
      status: 201,
      body: { verdict: 'deny', rules: expect.arrayContaining(['onHold']), number: null },
    });
    expect(await eventsOf('debtor-C-1')).toMatchObject([
      { eventId: 'complaint:CMP-1', type: 'hold.placed', data: { reason: 'complaint', debtorRef: 'debtor-C-1' } },
    ]);
    const kinds = await db().select().from(caseRecord).where(eq(caseRecord.loanRef, 'C-1'));
    expect(kinds.map(({ kind }) => kind)).toContain('grievanceRaised');
    expect(await verifyCase(db(), 'C-1')).toMatchObject([{ fault: null }]);
    const words = await db().select().from(outbox).where(eq(outbox.loanRef, 'C-1'));
    expect(words.map(({ about }) => about)).toEqual(expect.arrayContaining(['grievance', 'standing']));
  });

  test('a dispute stops the one loan, a complaint all of the debtor', async () => {
    const debtor = { debtorRef: 'debtor-D' };
    for (const loanRef of ['D-1', 'D-2']) await openCaseOf(db(), loanRef, { debtor });
    const dispute = { id: 'DIS-1', loanRef: 'D-1', way: 'agent', reason: 'alreadyPaid', actor: 'agent-1' };
    expect(await ask(api.app, posting('disputes', dispute))).toMatchObject({ status: 202 });
    expect(await ask(api.app, calling('CALL-3', 'D-1'))).toMatchObject({ body: { verdict: 'deny' } });
    expect(await ask(api.app, calling('CALL-4', 'D-2'))).toMatchObject({ body: { verdict: 'allow' } });
    await ask(api.app, posting('calls/CALL-4/result', { result: 'noAnswer', actor: 'agent-9' }));
    expect(await ask(api.app, complaint('CMP-2', 'D-1'))).toMatchObject({ status: 202 });
    now = plusMs(NOW, DAY_MS);
    expect(await ask(api.app, calling('CALL-5', 'D-2'))).toMatchObject({ body: { verdict: 'deny' } });
  });

  test('sent again it is the same; an id is used once, for both kinds', async () => {
    await openCaseOf(db(), 'C-2');
    const both = await Promise.all([ask(api.app, complaint('CMP-3', 'C-2')), ask(api.app, complaint('CMP-3', 'C-2'))]);
    expect(both.map(({ body }) => String(body['status'])).toSorted()).toEqual(['accepted', 'duplicate']);
    now = plusMs(NOW, DAY_MS);
    expect(await ask(api.app, complaint('CMP-3', 'C-2'))).toMatchObject({ body: { status: 'duplicate' } });
    for (const again of [
      complaint('CMP-3', 'C-2', { reason: 'hours' }),
      posting('disputes', { id: 'CMP-3', loanRef: 'C-2', way: 'hotline', reason: 'fraud', actor: 'agent-3' }),
    ]) {
      expect(await askInVain(api.app, again)).toMatchObject({ status: 409, code: 'GRIEVANCE_CONFLICT' });
    }
    expect(await eventsOf('debtor-C-2')).toHaveLength(1);
  });

  test.each([
    [{ reason: 'fraud' }, 400, 'REQUEST_INVALID'],
    [{ way: 'reply' }, 400, 'REQUEST_INVALID'],
    [{ about: { kind: 'agent' } }, 400, 'REQUEST_INVALID'],
    [{ loanRef: 'NOBODY' }, 404, 'CASE_UNKNOWN'],
  ])('%j is refused: %i %s', async (change, status, code) => {
    expect(await askInVain(api.app, complaint('CMP-X', 'C-1', change))).toMatchObject({ status, code });
  });

  test('is listed without anybody’s words, and told whole by its id', async () => {
    await openCaseOf(db(), 'C-3');
    await ask(
      api.app,
      complaint('CMP-4', 'C-3', { statement: 'He shouted.', about: { kind: 'agent', ref: 'agent-8' } }),
    );
    const list = await ask<{ complaints: { id: string }[] }>(api.app, { url: '/v1/complaints?limit=200' });
    const item = list.body.complaints.find(({ id }) => id === 'CMP-4');
    expect(item).toMatchObject({ status: 'open', raisedAt: NOW, about: { ref: 'agent-8' }, outcome: null });
    expect(JSON.stringify(list.body)).not.toContain('shouted');
    const detail = await ask(api.app, { url: '/v1/complaints/CMP-4' });
    expect(detail.body).toMatchObject({ statement: 'He shouted.', tasks: [], levels: { decideWithinDays: 15 } });
    expect(await askInVain(api.app, { url: '/v1/disputes/CMP-4' })).toMatchObject({ code: 'GRIEVANCE_UNKNOWN' });
    expect((await ask(api.app, { url: '/v1/complaints?status=closed' })).body).toEqual({ complaints: [], next: null });
  });
});

describe('who is suspended', () => {
  test('J7: an agent and the agents of an agency reserve no call until it is over, and others do', async () => {
    await openCaseOf(db(), 'C-4');
    const until = plusMs(NOW, DAY_MS);
    const row = { from: NOW, until, reason: 'threat' } as const;
    await db()
      .insert(suspension)
      .values([
        { ...row, suspensionId: 'S-1', subjectKind: 'agent', subjectRef: 'agent-66' },
        { ...row, suspensionId: 'S-2', subjectKind: 'agency', subjectRef: 'agency-6' },
      ]);
    for (const [callId, who] of [
      ['S-CALL-1', { actor: 'agent-66' }],
      ['S-CALL-2', { actor: 'agent-7', agencyRef: 'agency-6' }],
    ] as const) {
      now = plusMs(until, -1);
      expect(await askInVain(api.app, calling(callId, 'C-4', who))).toMatchObject({
        status: 422,
        code: 'AGENT_SUSPENDED',
      });
      expect(
        await db()
          .select()
          .from(contact)
          .where(eq(contact.key, `call:${callId}`)),
      ).toEqual([]);
    }
    expect(await ask(api.app, calling('S-CALL-3', 'C-4', { actor: 'agent-7' }))).toMatchObject({ status: 201 });
    now = until;
    expect(await ask(api.app, calling('S-CALL-1', 'C-4', { actor: 'agent-66' }))).toMatchObject({ status: 201 });
  });
});

describe('a reply that complains', () => {
  const replying = (replyId: string, text: string, from: string) =>
    posting(`gateway/${SECRET}/replies`, [
      { replyId, from, channel: 'sms', text, at: '2026-04-08T10:00:00+08:00' },
    ] as object);

  test('A6: raises a complaint about the loan that the debtor was last written to about, once', async () => {
    const debtor = { debtorRef: 'debtor-R', phone: '+886900000777' };
    for (const loanRef of ['R-1', 'R-2']) await openCaseOf(db(), loanRef, { debtor });
    await db()
      .insert(contact)
      .values({
        key: 'R-2/1/plain@1/first/1',
        debtorRef: 'debtor-R',
        loanRef: 'R-2',
        episode: 1,
        channel: 'sms',
        step: 'first',
        at: taipei('2026-04-07 09:00'),
        status: 'sent',
        decidedAt: NOW,
      });
    for (const counts of [{ accepted: 1 }, { duplicate: 1 }]) {
      expect(await ask(api.app, replying('MO-1', '我要投訴你們', '+886900000777'))).toMatchObject({ body: counts });
    }
    const raised = await db().select().from(grievance).where(eq(grievance.debtorRef, 'debtor-R'));
    expect(raised).toMatchObject([{ loanRef: 'R-2', way: 'reply', reason: 'unclear', statement: '我要投訴你們' }]);
    expect((await eventsOf('debtor-R')).map(({ type }) => type)).toEqual(['hold.placed']);
    expect((await ask(api.app, replying('MO-2', 'Thanks, paid', '+886900000777'))).body).toMatchObject({ accepted: 1 });
    expect(await db().select().from(grievance).where(eq(grievance.debtorRef, 'debtor-R'))).toHaveLength(1);
  });
});
