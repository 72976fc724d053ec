import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseByLoan } from '../../db/queries/cases.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { caseRecord, collectionCase, contact } from '../../db/schema.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { openCaseOf } from '../support/open-cases.ts';
import { calendar } from '../support/strategy.ts';

const NOW = taipei('2026-04-08 10:30');
const AT = '2026-04-08T10:00:00+08:00';
let api: TestApi;
beforeAll(async () => {
  api = await openApi({ now: () => NOW, calendarOf: () => calendar() });
});
afterAll(() => api?.stop());

const db = () => api.database.db;
const logging = (change: object) => {
  const payload = { contactId: 'IN-1', channel: 'call', at: AT, actor: 'agent-1', ...change };
  return { method: 'POST', url: '/v1/contacts', payload } as const;
};
const kindsOf = async (loanRef: string) =>
  (await db().select().from(caseRecord).where(eq(caseRecord.loanRef, loanRef))).map(({ kind }) => kind);

describe('POST /v1/contacts', () => {
  test('C15: a call to the hotline stands in the ledger and on the record of the case, once', async () => {
    await openCaseOf(db(), 'IN-1');
    const talk = { loanRef: 'IN-1', result: 'rightParty', note: 'Asked what the fee is for.' };
    for (const status of ['accepted', 'duplicate']) {
      expect(await ask(api.app, logging(talk))).toMatchObject({
        status: 202,
        body: { contactId: 'IN-1', status, findings: [] },
      });
    }
    expect(await askInVain(api.app, logging({ ...talk, result: 'connected' }))).toMatchObject({
      status: 409,
      code: 'CONTACT_CONFLICT',
    });
    const [row] = await db().select().from(contact).where(eq(contact.key, 'inbound:IN-1'));
    expect(row).toMatchObject({
      initiator: 'debtor',
      status: 'received',
      loanRef: 'IN-1',
      episode: 1,
      result: 'rightParty',
      at: taipei('2026-04-08 10:00'),
      localDate: '2026-04-08',
      note: 'Asked what the fee is for.',
    });
    expect(await kindsOf('IN-1')).toEqual(['contactReceived']);
    expect(await verifyCase(db(), 'IN-1')).toMatchObject([{ fault: null }]);
    expect((await caseByLoan(db(), 'IN-1'))?.contacts).toMatchObject([{ initiator: 'debtor', status: 'received' }]);
  });

  test.each([
    ['rightParty', 'defer'],
    [undefined, 'defer'],
    ['noAnswer', 'allow'],
  ])('C15: a call of the debtor’s own that ended %s: the next call of ours is %s (US3)', async (result, verdict) => {
    const loanRef = `IN-US3-${result}`;
    await openCaseOf(db(), loanRef, { rulePacks: ['us-regf'] });
    await ask(api.app, logging({ contactId: loanRef, loanRef, result }));
    const payload = { callId: loanRef, loanRef, actor: 'agent-1', to: 'debtor' };
    expect(await ask(api.app, { method: 'POST', url: '/v1/calls', payload })).toMatchObject({ body: { verdict } });
  });

  test('C15: who has several loans and does not say which is on the record of each open case', async () => {
    const debtor = { debtorRef: 'debtor-several' };
    for (const loanRef of ['IN-3', 'IN-4', 'IN-5']) await openCaseOf(db(), loanRef, { debtor });
    await db().update(collectionCase).set({ outcome: 'cured' }).where(eq(collectionCase.loanRef, 'IN-5'));
    const mail = { contactId: 'IN-3', debtorRef: debtor.debtorRef, channel: 'email' };
    expect(await ask(api.app, logging(mail))).toMatchObject({ body: { status: 'accepted' } });
    expect(await ask(api.app, logging(mail))).toMatchObject({ body: { status: 'duplicate' } });
    const [row] = await db().select().from(contact).where(eq(contact.key, 'inbound:IN-3'));
    expect(row).toMatchObject({ loanRef: null, episode: null, debtorRef: debtor.debtorRef });
    expect(await Promise.all(['IN-3', 'IN-4', 'IN-5'].map(kindsOf))).toEqual([
      ['contactReceived'],
      ['contactReceived'],
      [],
    ]);
    for (const loanRef of ['IN-3', 'IN-4']) {
      expect(await verifyCase(db(), loanRef)).toMatchObject([{ fault: null }]);
      expect((await caseByLoan(db(), loanRef))?.contacts).toMatchObject([{ key: 'inbound:IN-3', channel: 'email' }]);
    }
    await db().delete(contact).where(eq(contact.key, 'inbound:IN-3'));
    expect(await verifyCase(db(), 'IN-3')).toMatchObject([{ fault: 'contact inbound:IN-3 is missing in the ledger' }]);
  });

  test('who has one loan speaks of that one; without an open case it stands in the ledger alone', async () => {
    await openCaseOf(db(), 'IN-6');
    await db().update(collectionCase).set({ outcome: 'cured' }).where(eq(collectionCase.loanRef, 'IN-6'));
    await ask(api.app, logging({ contactId: 'IN-6', debtorRef: 'debtor-IN-6', channel: 'visit' }));
    const [row] = await db().select().from(contact).where(eq(contact.key, 'inbound:IN-6'));
    expect(row).toMatchObject({ loanRef: 'IN-6', episode: null, channel: 'visit' });
    expect(await kindsOf('IN-6')).toEqual([]);
  });

  test('C7 A8 P7: wording in the note is checked, and nothing is refused', async () => {
    await openCaseOf(db(), 'IN-7');
    const answer = await ask<{ findings: object[] }>(
      api.app,
      logging({ contactId: 'IN-7', loanRef: 'IN-7', note: 'I said we will break his legs.' }),
    );
    expect(answer.status).toBe(202);
    expect(answer.body.findings.length).toBeGreaterThan(0);
  });

  test.each<[string, object, number, string]>([
    ['of an unknown loan', { loanRef: 'NOBODY' }, 422, 'LOAN_UNKNOWN'],
    ['of an unknown debtor', { debtorRef: 'NOBODY' }, 404, 'DEBTOR_UNKNOWN'],
    ['of nobody', {}, 400, 'REQUEST_INVALID'],
    ['of both a loan and a debtor', { loanRef: 'IN-1', debtorRef: 'debtor-IN-1' }, 400, 'REQUEST_INVALID'],
    ['by a machine of ours', { loanRef: 'IN-1', channel: 'voice' }, 400, 'REQUEST_INVALID'],
  ])('%s is refused', async (_case, change, status, code) => {
    expect(await askInVain(api.app, logging({ contactId: 'IN-9', ...change }))).toMatchObject({ status, code });
  });
});
