import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { debtorEventsOf } from '../../db/debtor-events.ts';
import { type Instant, MINUTE_MS, plusMs } from '../../domain/instant.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { openCaseOf } from '../support/open-cases.ts';
import { calendar } from '../support/strategy.ts';

interface Standing {
  readonly loans: readonly {
    readonly loanRef: string;
    readonly channels: readonly { readonly channel: string; readonly verdict: string }[];
  }[];
}

const MORNING = taipei('2026-04-08 10:00');
let api: TestApi;
let now: Instant = MORNING;
beforeAll(async () => {
  api = await openApi({ now: () => now, calendarOf: () => calendar() });
});
afterAll(() => api?.stop());

const sending = (payload: unknown) =>
  ({ method: 'POST', url: '/v1/debtor-events', payload: payload as object }) as const;
const event = (id: string, type: string, data: object) => ({
  id,
  type,
  timestamp: '2026-04-08T09:00:00+08:00',
  data: { debtorRef: 'D-1', source: 'app', ...data },
});
const standingOf = (debtorRef: string) => ask<Standing>(api.app, { url: `/v1/debtors/${debtorRef}/standing` });

describe('POST /v1/debtor-events', () => {
  test('takes an event once, whatever is said of the debtor first; another content under its id is a conflict', async () => {
    const stop = event('E-1', 'channel.optedOut', { channel: 'sms' });
    expect(await ask(api.app, sending(stop))).toMatchObject({
      status: 202,
      body: { eventId: 'E-1', status: 'accepted' },
    });
    const sameInUtc = { ...stop, timestamp: '2026-04-08T01:00:00Z' };
    expect(await ask(api.app, sending(sameInUtc))).toMatchObject({ body: { eventId: 'E-1', status: 'duplicate' } });
    for (const other of [
      { ...stop, data: { ...stop.data, channel: 'email' } },
      { ...stop, timestamp: MORNING },
    ]) {
      expect(await askInVain(api.app, sending(other))).toMatchObject({ status: 409, code: 'EVENT_CONFLICT' });
    }
    expect(await debtorEventsOf(api.database.db, 'D-1')).toEqual([{ ...stop, timestamp: '2026-04-08T01:00:00.000Z' }]);
  });

  test('keeps the instants of what it is told in UTC', async () => {
    const until = '2026-05-01T00:00:00+08:00';
    await ask(api.app, sending(event('E-2', 'hold.placed', { debtorRef: 'D-2', reason: 'hardship', until })));
    const [stored] = await debtorEventsOf(api.database.db, 'D-2');
    expect(stored?.data).toMatchObject({ until: '2026-04-30T16:00:00.000Z' });
  });

  test.each<[string, object, string]>([
    ['a type that nobody knows', { ...event('B', 'debtor.sighed', {}) }, '/type'],
    ['a field too many', event('B', 'contact.ceased', { note: 'Marker-4711' }), '/data/note'],
    ['a field too many at the top', { ...event('B', 'contact.ceased', {}), meta: 1 }, '/meta'],
    ['a channel that nobody has', event('B', 'channel.optedOut', { channel: 'fax' }), '/data/channel'],
    ['a reason that is none', event('B', 'hold.placed', { reason: 'whim' }), '/data/reason'],
    [
      'a phone number without its country',
      event('B', 'thirdParty.named', { thirdPartyRef: 'T', phone: '0912345678' }),
      '/data/phone',
    ],
    ['an hour that is none', event('B', 'hours.requested', { notBetween: ['12:00', '25:00'] }), '/data/notBetween/1'],
    ['hours without a length', event('B', 'hours.requested', { notBetween: ['12:00', '12:00'] }), '/data/notBetween'],
    ['a zone that is no place', event('B', 'debtor.located', { zones: ['Mars/Olympus'] }), '/data/zones/0'],
    ['nobody who says so', event('B', 'debtor.lost', { source: undefined }), '/data/source'],
    ['an end without an offset', event('B', 'hold.placed', { reason: 'dispute', until: '2026-05-01' }), '/data/until'],
  ])('refuses %s by its pointer', async (_case, payload, pointer) => {
    const problem = await askInVain(api.app, sending(payload));
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
    expect(JSON.stringify(problem)).not.toMatch(/Marker-4711|0912345678/);
  });
});

describe('GET /v1/debtors/{debtorRef}/standing', () => {
  test('I11: tells what was said and what is permitted now on each loan, and nothing personal', async () => {
    const debtorRef = 'D-3';
    const debtor = { debtorRef };
    await openCaseOf(api.database.db, 'STAND-1', { debtor, rulePacks: ['cn-consumer'] });
    await openCaseOf(api.database.db, 'STAND-2', { debtor });
    for (const [id, type, data] of [
      ['S-1', 'channel.optedOut', { channel: 'sms' }],
      ['S-2', 'consent.given', { kind: 'sms', address: '+886900000001' }],
      ['S-3', 'consent.given', { kind: 'quietHours', until: '2026-04-08T09:30:00+08:00' }],
      ['S-4', 'hold.placed', { reason: 'dispute', loanRef: 'STAND-2', until: '2026-04-10T12:00:00+08:00' }],
      ['S-5', 'hours.requested', { notBetween: ['08:00', '11:00'] }],
      ['S-6', 'thirdParty.named', { thirdPartyRef: 'sibling-1', phone: '+886900000099' }],
      ['S-7', 'debtor.located', { zones: ['Asia/Tokyo'] }],
    ] as const) {
      expect((await ask(api.app, sending(event(id, type, { ...data, debtorRef })))).status).toBe(202);
    }
    const { status, body } = await standingOf(debtorRef);
    expect(status).toBe(200);
    const free = { verdict: 'allow', rules: [], until: null };
    const held = { verdict: 'defer', rules: ['onHold'], until: taipei('2026-04-10 12:00') };
    const stopped = { channel: 'sms', verdict: 'deny', rules: ['optedOut'], until: null };
    expect(body).toEqual({
      debtorRef,
      asOf: MORNING,
      optOuts: ['sms'],
      ceaseContact: false,
      unreachable: false,
      requestedHours: [{ notBetween: ['08:00', '11:00'] }],
      consents: [
        {
          kind: 'sms',
          channel: null,
          loanRef: null,
          isForOneAddress: true,
          from: '2026-04-08T01:00:00.000Z',
          until: null,
        },
      ],
      hardship: null,
      holds: [
        {
          holdId: 'S-4',
          reason: 'dispute',
          loanRef: 'STAND-2',
          from: '2026-04-08T01:00:00.000Z',
          until: taipei('2026-04-10 12:00'),
        },
      ],
      thirdParties: [{ thirdPartyRef: 'sibling-1', hasRefused: false }],
      loans: [
        {
          loanRef: 'STAND-1',
          episode: 1,
          channels: [stopped, ...['email', 'push', 'voice', 'call'].map((channel) => ({ channel, ...free }))],
        },
        {
          loanRef: 'STAND-2',
          episode: 1,
          channels: [stopped, ...['email', 'push', 'voice', 'call'].map((channel) => ({ channel, ...held }))],
        },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/\+8869|@|Tokyo/);
  });

  test('the verdicts are those that contacts get: a call under way, the budget of a day', async () => {
    await openCaseOf(api.database.db, 'STAND-3');
    const debtorRef = 'debtor-STAND-3';
    const payload = { callId: 'STAND', loanRef: 'STAND-3', actor: 'agent-1', to: 'debtor' };
    await ask(api.app, { method: 'POST', url: '/v1/calls', payload });
    now = plusMs(MORNING, MINUTE_MS);
    const call = (await standingOf(debtorRef)).body.loans[0]?.channels.find(({ channel }) => channel === 'call');
    expect(call).toMatchObject({ verdict: 'defer', rules: ['callUnderWay'], until: plusMs(MORNING, 15 * MINUTE_MS) });
    await api.database.sql`insert into contact (key, debtor_ref, loan_ref, episode, channel, at, local_date, status,
      decided_at) values ('k', ${debtorRef}, 'STAND-3', 1, 'sms', ${MORNING}, '2026-04-08', 'sent', ${MORNING})`;
    const sms = (await standingOf(debtorRef)).body.loans[0]?.channels.find(({ channel }) => channel === 'sms');
    expect(sms).toMatchObject({ verdict: 'defer', rules: ['debtorBudget'], until: taipei('2026-04-09 09:00') });
    now = MORNING;
  });

  test('of a debtor of whom only something was said has no loans; of nobody there is none', async () => {
    expect((await standingOf('D-1')).body.loans).toEqual([]);
    expect(await askInVain(api.app, { url: '/v1/debtors/NOBODY/standing' })).toMatchObject({
      status: 404,
      code: 'DEBTOR_UNKNOWN',
    });
  });
});
