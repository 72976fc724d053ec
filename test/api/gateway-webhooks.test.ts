import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { contact, debtorEvent, outbox } from '../../db/schema.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { rowCounts } from '../support/intake.ts';
import { openCaseOf } from '../support/open-cases.ts';
import { calendar } from '../support/strategy.ts';

const SECRET = 'a-secret-of-24-characters-or-more';
const NOW = taipei('2026-04-08 10:30');
let api: TestApi;
beforeAll(async () => {
  api = await openApi({
    now: () => NOW,
    calendarOf: () => calendar(),
    gatewaySecret: SECRET,
    token: 'a-token-that-gateways-do-not-have',
  });
});
afterAll(() => api?.stop());

const db = () => api.database.db;
const posting = (what: 'receipts' | 'replies', payload: unknown, secret = SECRET) =>
  ({ method: 'POST', url: `/v1/gateway/${secret}/${what}`, payload: payload as object }) as const;
const receiptOf = (key: string, change: object = {}) => ({
  providerRef: 'gw-1',
  key,
  status: 'failed',
  at: '2026-04-08T10:00:00+08:00',
  ...change,
});
const replyOf = (replyId: string, text: string, change: object = {}) => ({
  replyId,
  from: '+886900000001',
  channel: 'sms',
  text,
  at: '2026-04-08T10:00:00+08:00',
  ...change,
});

/** A message that a provider took, as the ledger and the record of its case have it. */
async function sent(loanRef: string): Promise<string> {
  const key = `${loanRef}/1/plain@1/first/1`;
  await openCaseOf(db(), loanRef);
  await db()
    .insert(contact)
    .values({
      key,
      debtorRef: `debtor-${loanRef}`,
      loanRef,
      episode: 1,
      channel: 'sms',
      step: 'first',
      at: NOW,
      status: 'sent',
      decidedAt: NOW,
      settledAt: NOW,
    });
  return key;
}

async function ledgerOf(key: string) {
  const [row] = await db().select().from(contact).where(eq(contact.key, key));
  return row;
}

describe('the address of the webhooks', () => {
  test('is found by who knows the secret, and by nobody else; it needs no token', async () => {
    expect(await ask(api.app, posting('receipts', []))).toMatchObject({
      status: 200,
      body: { received: 0, changed: 0 },
    });
    for (const secret of ['', 'x', `${SECRET}x`, SECRET.slice(1), SECRET.toUpperCase(), '%00']) {
      for (const what of ['receipts', 'replies'] as const) {
        const problem = await askInVain(api.app, posting(what, 'no JSON', secret));
        expect(problem).toMatchObject({ status: 404, code: 'ROUTE_UNKNOWN' });
        expect(JSON.stringify(problem)).not.toContain(SECRET);
      }
    }
  });

  test('does not exist without a secret', async () => {
    const without = await openApi();
    expect(await askInVain(without.app, posting('receipts', []))).toMatchObject({ status: 404 });
    await without.stop();
  });
});

describe('receipts', () => {
  test('A7: are recorded once, leave word for the case, and say more each time or nothing', async () => {
    const key = await sent('RC-1');
    await db().delete(outbox);
    const failed = receiptOf(key, { reason: 'handsetOff' });
    expect(await ask(api.app, posting('receipts', [failed, failed]))).toMatchObject({
      status: 200,
      body: { received: 2, changed: 1 },
    });
    expect(await ledgerOf(key)).toMatchObject({
      delivery: 'failed',
      deliveryReason: 'handsetOff',
      deliveredAt: taipei('2026-04-08 10:00'),
    });
    expect(await db().select().from(outbox)).toMatchObject([{ loanRef: 'RC-1', about: 'delivery' }]);
    const better = receiptOf(key, { status: 'delivered', at: '2026-04-08T10:01:00+08:00' });
    expect(await ask(api.app, posting('receipts', [better, failed]))).toMatchObject({ body: { changed: 1 } });
    expect(await ledgerOf(key)).toMatchObject({ delivery: 'delivered' });
  });

  test('of keys that nobody knows are passed over, and a reason that is no code is dropped', async () => {
    const key = await sent('RC-2');
    const receipts = [receiptOf('nobody/knows'), receiptOf(key, { reason: 'Marker 4711 is away' })];
    expect(await ask(api.app, posting('receipts', receipts))).toMatchObject({ status: 200, body: { changed: 1 } });
    expect(await ledgerOf(key)).toMatchObject({ delivery: 'failed', deliveryReason: null });
  });

  test.each([
    ['no array', receiptOf('k'), ''],
    ['a status that nobody has', [receiptOf('k', { status: 'lost' })], '/0/status'],
    ['an instant without an offset', [receiptOf('k'), receiptOf('k', { at: '2026-04-08T10:00:00' })], '/1/at'],
  ])('%s is refused by its pointer', async (_case, payload, pointer) => {
    const problem = await askInVain(api.app, posting('receipts', payload));
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
  });
});

describe('replies', () => {
  test.each([
    ['STOP', 'channel.optedOut'],
    [' stop. ', 'channel.optedOut'],
    ['ＳＴＯＰ', 'channel.optedOut'],
    ['“停止”', 'channel.optedOut'],
    ['td', 'channel.optedOut'],
    ['退订！', 'channel.optedOut'],
    ['N', 'channel.optedOut'],
    ['start', 'channel.optedIn'],
    ['Please stop my card', null],
    ['STOP it or pay me', null],
    ['👍', null],
    ['', null],
  ])('US5: %j asks for %s, and stands in the ledger', async (text, type) => {
    const name = Buffer.from(text).toString('hex') || 'empty';
    const phone = `+8869${String(Math.abs(hashOf(text)))
      .padStart(8, '0')
      .slice(0, 8)}`;
    await openCaseOf(db(), `RP-${name}`, { debtor: { phone } });
    const reply = replyOf(`R-${name}`, text, { from: phone });
    expect(await ask(api.app, posting('replies', [reply]))).toMatchObject({
      status: 200,
      body: { accepted: 1, duplicate: 0, nobody: 0 },
    });
    expect(await ask(api.app, posting('replies', [reply]))).toMatchObject({ body: { accepted: 0, duplicate: 1 } });
    const debtorRef = `debtor-RP-${name}`;
    const events = await db().select().from(debtorEvent).where(eq(debtorEvent.debtorRef, debtorRef));
    expect(events.map(({ eventId, type: of, data }) => [eventId, of, data])).toEqual(
      type === null ? [] : [[`reply:R-${name}:${debtorRef}`, type, { debtorRef, channel: 'sms', source: 'gateway' }]],
    );
    expect(await ledgerOf(`reply:R-${name}:${debtorRef}`)).toMatchObject({
      initiator: 'debtor',
      status: 'received',
      address: phone,
      note: text,
      loanRef: `RP-${name}`,
      at: taipei('2026-04-08 10:00'),
    });
    expect(await verifyCase(db(), `RP-${name}`)).toMatchObject([{ fault: null }]);
  });

  test('US5: everybody whose telephone it is has opted out, and is sent nothing on that channel from then on', async () => {
    const phone = '+886911111111';
    await openCaseOf(db(), 'BOTH-1', { debtor: { phone } });
    await openCaseOf(db(), 'BOTH-2', { debtor: { phone } });
    await ask(api.app, posting('replies', [replyOf('R-both', 'STOP', { from: ` ${phone} ` })]));
    const headers = { authorization: 'Bearer a-token-that-gateways-do-not-have' };
    for (const debtorRef of ['debtor-BOTH-1', 'debtor-BOTH-2']) {
      const { body } = await ask(api.app, { url: `/v1/debtors/${debtorRef}/standing`, headers });
      expect(body).toMatchObject({ optOuts: ['sms'] });
      expect(JSON.stringify(body)).toContain('optedOut');
    }
  });

  test('mails are known by their address whatever its case; the app by its own', async () => {
    await openCaseOf(db(), 'MAIL-1', { debtor: { email: 'Some.Body@example.com', phone: '+886922222222' } });
    const mail = replyOf('R-mail', 'unsubscribe', { from: 'some.body@EXAMPLE.com', channel: 'email' });
    const push = replyOf('R-push', 'STOP', { from: 'app-MAIL-1', channel: 'push' });
    expect(await ask(api.app, posting('replies', [mail, push]))).toMatchObject({ body: { accepted: 2 } });
    const events = await db().select().from(debtorEvent).where(eq(debtorEvent.debtorRef, 'debtor-MAIL-1'));
    expect(new Set(events.map(({ data }) => ('channel' in data ? data.channel : null)))).toEqual(
      new Set(['email', 'im']),
    );
    expect(events).toHaveLength(2);
  });

  test('from nobody we know are counted and nothing of them is kept', async () => {
    const before = await rowCounts(api.database.db);
    const replies = [replyOf('R-x', 'STOP', { from: '+886999999999' }), replyOf('R-y', 'hello', { from: 'x@y.z' })];
    expect(await ask(api.app, posting('replies', replies))).toMatchObject({
      status: 200,
      body: { accepted: 0, duplicate: 0, nobody: 2 },
    });
    expect(await rowCounts(api.database.db)).toEqual(before);
  });

  test('two gateways that post the same reply at once make one contact and one event', async () => {
    await openCaseOf(db(), 'TWICE-1', { debtor: { phone: '+886933333333' } });
    const reply = replyOf('R-twice', 'STOP\0', { from: '+886933333333' });
    const answers = await Promise.all([1, 2, 3].map(() => ask(api.app, posting('replies', [reply]))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => Number(body['accepted'])).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    expect(await db().select().from(debtorEvent).where(eq(debtorEvent.debtorRef, 'debtor-TWICE-1'))).toHaveLength(1);
  });
});

/** A number that is the same for the same text. */
function hashOf(text: string): number {
  let hash = 7;
  for (const sign of text) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) | 0;
  return hash;
}
