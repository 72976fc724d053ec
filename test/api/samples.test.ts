import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampling } from '../../activities/sampling-file.ts';
import { settleContacts } from '../../activities/ledger.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { caseRecord, contact, reviewSample } from '../../db/schema.ts';
import { LEDGER_CHANNELS } from '../../domain/contact-ledger.ts';
import type { Instant } from '../../domain/instant.ts';
import type { SamplingPolicy } from '../../domain/sampling.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { openCaseOf } from '../support/open-cases.ts';
import { contactsOn } from '../support/races/world.ts';
import { calendar } from '../support/strategy.ts';

const MORNING = taipei('2026-04-08 10:00');
const ALL_CALLS: SamplingPolicy = {
  ...loadSampling(),
  shareBasisPoints: shares({ call: 10_000, sms: 10_000 }),
};
const FORM = {
  answers: {
    'identified-themselves': 'yes',
    'told-nobody-else': 'yes',
    'no-threats': 'no',
    'amounts-correct': 'cannotTell',
    'hotline-named': 'yes',
    tone: 2,
    remarks: 'Raised their voice.',
  },
  verdict: 'misconduct',
  actor: 'compliance-1',
};

interface Listed {
  readonly sampleId: number;
  readonly why: string;
  readonly agent: string | null;
  readonly status: string;
  readonly verdict: string | null;
  readonly loanRef: string | null;
}

let api: TestApi;
let now: Instant = MORNING;

beforeAll(async () => {
  api = await openApi({ now: () => now, calendarOf: () => calendar(), sampling: ALL_CALLS });
});
afterAll(() => api?.stop());

function shares(given: Partial<SamplingPolicy['shareBasisPoints']>): SamplingPolicy['shareBasisPoints'] {
  const none = Object.fromEntries(LEDGER_CHANNELS.map((channel) => [channel, 0]));
  return { ...none, ...given } as SamplingPolicy['shareBasisPoints'];
}

const db = () => api.database.db;
const get = <Body>(url: string) => ask<Body>(api.app, { method: 'GET', url: `/v1/samples${url}` });
const review = (sampleId: number, payload: object) =>
  ({ method: 'POST', url: `/v1/samples/${sampleId}/review`, payload }) as const;

/** An agent calls about a loan of its own debtor and logs it. */
async function callOn(loanRef: string, log: object, actor = 'agent-1'): Promise<void> {
  await openCaseOf(db(), loanRef);
  const callId = `call-${loanRef}`;
  const payload = { callId, loanRef, actor, to: 'debtor' };
  expect((await ask(api.app, { method: 'POST', url: '/v1/calls', payload })).body).toMatchObject({ verdict: 'allow' });
  const logged = { method: 'POST', url: `/v1/calls/${callId}/result`, payload: { actor, ...log } } as const;
  expect((await ask(api.app, logged)).status).toBe(200);
}

async function sampleOf(loanRef: string): Promise<Listed | undefined> {
  const { body } = await get<{ samples: Listed[] }>('?limit=200');
  return body.samples.find((each) => each.loanRef === loanRef);
}

/** The sample of a loan that must be there. */
async function chosen(loanRef: string): Promise<Listed> {
  const found = await sampleOf(loanRef);
  if (!found) throw new RangeError(`No contact about ${loanRef} was chosen.`);
  return found;
}

describe('T10: contacts that are looked at again', () => {
  test('a call is chosen by its share when it is logged, one that nobody took is not', async () => {
    await callOn('S-1', { result: 'rightParty', note: 'Will pay on Friday.' });
    await callOn('S-2', { result: 'noAnswer' });
    expect(await sampleOf('S-1')).toMatchObject({ why: 'share', agent: 'agent-1', status: 'open', verdict: null });
    expect(await sampleOf('S-2')).toBeUndefined();
  });

  test('a note with forbidden wording is chosen for it, of a call and of a contact that the debtor made', async () => {
    await callOn('S-3', { result: 'noAnswer', note: 'I said we will send thugs to your home.' });
    expect(await sampleOf('S-3')).toMatchObject({ why: 'finding' });
    await openCaseOf(db(), 'S-4');
    const told = { contactId: 'in-4', loanRef: 'S-4', channel: 'visit', at: MORNING, actor: 'agent-2' };
    const note = 'I said we will send thugs to your home.';
    await ask(api.app, { method: 'POST', url: '/v1/contacts', payload: { ...told, note } });
    await ask(api.app, { method: 'POST', url: '/v1/contacts', payload: { ...told, note } });
    await ask(api.app, { method: 'POST', url: '/v1/contacts', payload: { ...told, contactId: 'in-5', note: 'Calm.' } });
    expect(await db().select().from(reviewSample).where(eq(reviewSample.agent, 'agent-2'))).toMatchObject([
      { why: 'finding', contactKey: 'inbound:in-4' },
    ]);
  });

  test('a message is chosen in the transaction that settles it, once, and nobody made it', async () => {
    await openCaseOf(db(), 'S-5');
    const [, intent] = contactsOn('S-5', 0);
    if (!intent) throw new RangeError('An SMS falls due on the first day.');
    const about = { key: intent.key, debtorRef: 'debtor-S-5', loanRef: 'S-5', episode: 1, at: MORNING };
    await db()
      .insert(contact)
      .values({ ...about, channel: 'sms', status: 'reserved', decidedAt: MORNING });
    const settle = () =>
      settleContacts(
        { db: db(), sampling: ALL_CALLS },
        { loanRef: 'S-5', episode: 1 },
        [{ intent, result: 'accepted', providerRef: 'gw-1' }],
        MORNING,
      );
    await settle();
    await settle();
    expect(await chosen('S-5')).toMatchObject({ why: 'share', agent: null });
  });

  test('one sample tells what is kept of the contact, what is asked, and neither the number nor the debtor', async () => {
    const { sampleId } = await chosen('S-1');
    const { status, body } = await get<{ questions: { id: string; isRequired: boolean }[] }>(`/${sampleId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ contactKey: 'call:call-S-1', result: 'rightParty', note: 'Will pay on Friday.' });
    expect(body.questions.map(({ id, isRequired }) => [id, isRequired])).toContainEqual(['remarks', false]);
    expect(JSON.stringify(body)).not.toMatch(/\+886|debtor-S-1/);
    expect(await askInVain(api.app, { method: 'GET', url: '/v1/samples/999' })).toMatchObject({
      status: 404,
      code: 'SAMPLE_UNKNOWN',
    });
    expect(await askInVain(api.app, { method: 'GET', url: '/v1/samples/x' })).toMatchObject({ status: 400 });
  });

  test('a form with faults is refused with a pointer to each answer', async () => {
    const { sampleId } = await chosen('S-1');
    const { 'no-threats': _left, ...rest } = FORM.answers;
    const answers = { ...rest, tone: 9, 'a/b': 'yes' };
    const { code, errors } = await askInVain(api.app, review(sampleId, { ...FORM, answers }));
    expect([code, errors?.map(({ pointer }) => pointer)]).toEqual([
      'REQUEST_INVALID',
      ['/answers/a~1b', '/answers/no-threats', '/answers/tone'],
    ]);
    const other = await askInVain(api.app, review(sampleId, { ...FORM, verdict: 'bad' }));
    expect(other.errors?.map(({ pointer }) => pointer)).toEqual(['/verdict']);
  });

  test('nobody reviews a contact of their own; a review stands once, and on the record without the answers', async () => {
    const { sampleId } = await chosen('S-1');
    now = taipei('2026-04-09 09:00');
    const own = await askInVain(api.app, review(sampleId, { ...FORM, actor: 'agent-1' }));
    expect([own.status, own.code]).toEqual([422, 'FOUR_EYES']);
    const first = await ask(api.app, review(sampleId, FORM));
    expect([first.status, first.body]).toEqual([200, { sampleId, verdict: 'misconduct' }]);
    expect((await ask(api.app, review(sampleId, FORM))).status).toBe(200);
    const second = await askInVain(api.app, review(sampleId, { ...FORM, verdict: 'fine' }));
    expect([second.status, second.code]).toEqual([409, 'SAMPLE_ALREADY_REVIEWED']);
    expect(await askInVain(api.app, review(999, FORM))).toMatchObject({ status: 404, code: 'SAMPLE_UNKNOWN' });
    const entries = await db()
      .select({ entry: caseRecord.entry })
      .from(caseRecord)
      .where(and(eq(caseRecord.loanRef, 'S-1'), eq(caseRecord.kind, 'contactReviewed')));
    expect(entries).toHaveLength(1);
    expect(entries[0]?.entry).toContain('"verdict":"misconduct"');
    expect(entries[0]?.entry).not.toContain('Raised');
    expect((await verifyCase(db(), 'S-1'))[0]?.fault).toBeNull();
  });

  test('they are listed open first, by agent and by verdict, page by page', async () => {
    await callOn('S-6', { result: 'connected' });
    const { body: all } = await get<{ samples: Listed[] }>('');
    expect(all.samples.map(({ status }) => status)).toEqual(['open', 'open', 'open', 'open', 'reviewed']);
    const pages: number[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query: string = after === '' ? '?limit=2' : `?limit=2&after=${after}`;
      const { body } = await get<{ samples: Listed[]; next: string | null }>(query);
      pages.push(...body.samples.map(({ sampleId }) => sampleId));
      after = body.next;
    }
    expect(pages).toEqual(all.samples.map(({ sampleId }) => sampleId));
    const { body: found } = await get<{ samples: Listed[] }>('?agent=agent-1&verdict=misconduct');
    expect(found.samples.map(({ loanRef }) => loanRef)).toEqual(['S-1']);
    expect((await get<{ samples: Listed[] }>('?agent=agent-1&status=open')).body.samples).toHaveLength(2);
  });
});
