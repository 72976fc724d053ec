import { describe, expect, test } from 'vitest';
import { CONTACT_CHANNELS } from '../../../domain/rules/facts.ts';
import { consent, verdictOf } from './support.ts';

/** Noon in New York, afternoon in London, a quarter to ten at night in Kathmandu. */
const NOON = '2026-05-11T16:00:00.000Z';
const LONDON = 'Europe/London';
const agreed = [consent('sms', '2026-05-01T12:00Z'), consent('email', '2026-05-01T12:00Z')];

describe('CN4: others than the debtor', () => {
  const given = { at: '2026-05-11T08:00Z', zone: 'Asia/Shanghai', to: 'thirdParty' } as const;

  test.each([
    ['may be asked when the debtor cannot be reached', { unreachable: true }, 'allow'],
    ['may not when the debtor can be', { unreachable: false }, 'deny CN4'],
    ['may not be asked again once they refuse', { unreachable: true, thirdPartyRefused: true }, 'deny CN4'],
  ])('%s', (_, facts, verdict) => {
    expect(verdictOf({ ...given, ...facts }, 'CN')).toBe(verdict);
  });

  test('a refusal of theirs does not protect the debtor', () => {
    expect(verdictOf({ ...given, to: 'debtor', thirdPartyRefused: true }, 'CN')).toBe('allow');
  });

  test('at night the contact is refused, not put off, and both rules are named', () => {
    expect(verdictOf({ ...given, at: '2026-05-11T15:00Z' }, 'CN')).toBe('deny CN1 CN4');
  });
});

describe('US14, UK5 and IN2: nobody else learns of the debt', () => {
  test.each([
    ['US', 'US14', 'America/New_York'],
    ['UK', 'UK5', LONDON],
    ['IN', 'IN2', 'Asia/Kolkata'],
  ] as const)('%s: neither others nor the public', (pack, rule, zone) => {
    const given = { at: '2026-08-11T12:30Z', zone, channel: 'im' } as const;
    expect(verdictOf(given, pack)).toBe('allow');
    expect(verdictOf({ ...given, to: 'thirdParty', unreachable: true }, pack)).toBe(`deny ${rule}`);
    expect(verdictOf({ ...given, visibility: 'public' }, pack)).toBe(`deny ${rule}`);
  });

  test('CN7: nothing about the debt in public', () => {
    const given = { at: '2026-05-11T08:00Z', zone: 'Asia/Shanghai', channel: 'letter' } as const;
    expect(verdictOf({ ...given, visibility: 'public' }, 'CN')).toBe('deny CN7');
    expect(verdictOf({ ...given, visibility: 'private' }, 'CN')).toBe('allow');
  });
});

describe('US5 and UK3: a medium that the debtor has opted out of', () => {
  test.each(CONTACT_CHANNELS)('%s is refused, and no other but the machine’s call with the agent’s', (optedOut) => {
    for (const channel of CONTACT_CHANNELS) {
      const isRefused = channel === optedOut || (optedOut === 'call' && channel === 'voice');
      const given = { at: NOON, channel, optOuts: [optedOut], consents: agreed };
      expect(verdictOf(given, 'US'), channel).toBe(isRefused ? 'deny US5' : 'allow');
      expect(verdictOf({ ...given, zone: LONDON }, 'UK'), channel).toBe(isRefused ? 'deny UK3' : 'allow');
      expect(verdictOf({ ...given, zone: 'Asia/Seoul', at: '2026-05-11T08:00Z' }, 'CN'), channel).toBe('allow');
    }
  });
});

describe('US6: the debtor wants contact to cease', () => {
  test.each(CONTACT_CHANNELS)('no %s is made', (channel) => {
    expect(verdictOf({ at: NOON, channel, ceaseContact: true, consents: agreed }, 'US')).toBe('deny US6');
  });

  test('says nothing under other packs', () => {
    expect(verdictOf({ at: NOON, zone: LONDON, ceaseContact: true }, 'UK')).toBe('allow');
  });
});

describe.each([
  ['US7', 'US', 'attorney'],
  ['US8', 'US', 'dispute'],
  ['UK6', 'UK', 'plan-being-arranged'],
  ['IN2', 'IN', 'bereavement'],
  ['IN2', 'IN', 'festival'],
] as const)('%s: a hold', (rule, pack, reason) => {
  const zone = { US: 'America/New_York', UK: LONDON, IN: 'Asia/Dubai' }[pack];
  const from = '2026-08-10T12:00:00.000Z';
  const to = '2026-08-12T13:00:00.000Z';
  const verdictAt = (at: string, hold: object) => verdictOf({ at, zone, holds: [{ reason, from, ...hold }] }, pack);

  test('without an end refuses from its first second on', () => {
    expect(verdictAt('2026-08-10T12:00:00Z', {})).toBe(`deny ${rule}`);
    expect(verdictAt('2026-08-10T12:00:01Z', {})).toBe(`deny ${rule}`);
    expect(verdictAt('2036-08-11T12:00:00Z', {})).toBe(`deny ${rule}`);
  });

  test('with an end puts off until that second', () => {
    expect(verdictAt('2026-08-10T12:00:00Z', { to })).toBe(`defer ${rule} until ${to}`);
    expect(verdictAt('2026-08-12T12:59:59Z', { to })).toBe(`defer ${rule} until ${to}`);
    expect(verdictAt('2026-08-12T13:00:00Z', { to })).toBe('allow');
    expect(verdictAt('2026-08-12T13:00:01Z', { to })).toBe('allow');
  });

  test('that has not begun does not stop anything', () => {
    expect(verdictAt('2026-08-10T11:59:59Z', {})).not.toMatch(rule);
  });

  test('of one debt leaves the others alone', () => {
    expect(verdictAt('2026-08-11T13:00Z', { debt: 'L1' })).toBe(`deny ${rule}`);
    expect(verdictAt('2026-08-11T13:00Z', { debt: 'L2' })).toBe('allow');
  });

  test('for a reason that the pack does not know is not its business', () => {
    expect(verdictAt('2026-08-11T13:00Z', { reason: 'hardship' })).toBe('allow');
  });
});

describe('UK1: breathing space', () => {
  const from = '2026-03-02T09:00:00.000Z';
  const verdictAt = (at: string, to: string | null) =>
    verdictOf({ at, zone: LONDON, holds: [{ reason: 'breathing-space', from, to }] }, 'UK');

  test('ends 60 days after its start when no end is known', () => {
    expect(verdictAt('2026-03-02T08:59:59Z', null)).toBe('allow');
    expect(verdictAt('2026-03-02T09:00:00Z', null)).toBe('defer UK1 until 2026-05-01T09:00:00.000Z');
    expect(verdictAt('2026-05-01T08:59:59Z', null)).toBe('defer UK1 until 2026-05-01T09:00:00.000Z');
    expect(verdictAt('2026-05-01T09:00:00Z', null)).toBe('allow');
  });

  test('ends earlier when it is cancelled, and never later', () => {
    expect(verdictAt(from, '2026-04-01T09:00:00.000Z')).toBe('defer UK1 until 2026-04-01T09:00:00.000Z');
    expect(verdictAt(from, '2026-06-01T09:00:00.000Z')).toBe('defer UK1 until 2026-05-01T09:00:00.000Z');
  });

  test('two in a row put off until the end of the second', () => {
    const second = { reason: 'breathing-space', from: '2026-05-01T09:00:00.000Z', to: '2026-05-10T00:00:00.000Z' };
    const holds = [{ reason: 'breathing-space', from }, second];
    expect(verdictOf({ at: from, zone: LONDON, holds }, 'UK')).toBe('defer UK1 until 2026-05-10T00:00:00.000Z');
  });

  test('is no rule of other countries', () => {
    expect(verdictOf({ at: NOON, holds: [{ reason: 'breathing-space', from }] }, 'US')).toBe('allow');
  });
});

describe('UK2: a mental health crisis', () => {
  const from = '2026-03-02T09:00:00.000Z';
  const verdictAt = (at: string, hold: object) =>
    verdictOf({ at, zone: LONDON, holds: [{ reason: 'mental-health-crisis', from, ...hold }] }, 'UK');

  test('refuses while the treatment goes on, even with an end to the hold', () => {
    expect(verdictAt('2026-03-02T08:59:59Z', {})).toBe('allow');
    expect(verdictAt('2026-03-02T09:00:00Z', {})).toBe('deny UK2');
    expect(verdictAt('2027-03-02T09:00:00Z', { treatmentEnd: null })).toBe('deny UK2');
    expect(verdictAt('2026-03-03T09:00:00Z', { to: '2026-03-04T09:00:00.000Z' })).toBe('deny UK2');
  });

  test('ends 30 days after the treatment', () => {
    const hold = { treatmentEnd: '2026-04-10T15:00:00.000Z' };
    expect(verdictAt('2026-03-03T09:00:00Z', hold)).toBe('defer UK2 until 2026-05-10T15:00:00.000Z');
    expect(verdictAt('2026-05-10T14:59:59Z', hold)).toBe('defer UK2 until 2026-05-10T15:00:00.000Z');
    expect(verdictAt('2026-05-10T15:00:00Z', hold)).toBe('allow');
    expect(verdictAt('2026-05-10T15:00:01Z', hold)).toBe('allow');
  });
});

describe('US10: consent to SMS, at most 60 days old', () => {
  const verdictAt = (at: string, consents = [consent('sms', '2026-03-12T16:00Z')]) =>
    verdictOf({ at, channel: 'sms', consents }, 'US');

  test('counts from the second it is given', () => {
    expect(verdictAt('2026-03-12T15:59:59Z')).toBe('deny US10');
    expect(verdictAt('2026-03-12T16:00:00Z')).toBe('allow');
  });

  test('is too old one second after 60 days', () => {
    expect(verdictAt('2026-05-11T15:59:59Z')).toBe('allow');
    expect(verdictAt('2026-05-11T16:00:00Z')).toBe('allow');
    expect(verdictAt('2026-05-11T16:00:01Z')).toBe('deny US10');
  });

  test('may be renewed and withdrawn', () => {
    const renewed = [consent('sms', '2026-03-12T16:00Z'), consent('sms', '2026-05-12T16:00Z')];
    expect(verdictAt('2026-06-12T16:00Z', renewed)).toBe('allow');
    const withdrawn = [consent('sms', '2026-03-12T16:00Z', { until: '2026-04-01T16:00:00.000Z' })];
    expect(verdictAt('2026-04-01T15:59:59Z', withdrawn)).toBe('allow');
    expect(verdictAt('2026-04-01T16:00:00Z', withdrawn)).toBe('deny US10');
  });

  test.each([
    ['nothing', []],
    ['email', [consent('email', '2026-03-12T16:00Z')]],
    ['another number', [consent('sms', '2026-03-12T16:00Z', { number: '+15550199' })]],
    ['another debt', [consent('sms', '2026-03-12T16:00Z', { debt: 'L2' })]],
  ])('is missing when the debtor agreed to %s', (_, consents) => {
    expect(verdictAt('2026-03-13T16:00Z', consents)).toBe('deny US10');
  });

  test('may grow too old in the night that the message waits for', () => {
    expect(verdictAt('2026-05-11T02:00:00Z')).toBe('defer US1 until 2026-05-11T12:00:00.000Z');
    expect(verdictAt('2026-05-12T02:00:00Z')).toBe('deny US1 US10');
    const consents = [consent('sms', '2026-03-12T03:00Z')];
    expect(verdictAt('2026-05-11T02:00:00Z', consents)).toBe('defer US1 until 2026-05-11T12:00:00.000Z');
    expect(verdictAt('2026-05-11T12:00:00Z', consents)).toBe('deny US10');
  });
});

describe('US11: consent to email', () => {
  test('does not grow old, and is not one to SMS', () => {
    const given = { at: NOON, channel: 'email' } as const;
    expect(verdictOf(given, 'US')).toBe('deny US11');
    expect(verdictOf({ ...given, consents: [consent('sms', '2026-05-01T12:00Z')] }, 'US')).toBe('deny US11');
    expect(verdictOf({ ...given, consents: [consent('email', '2024-05-01T12:00Z')] }, 'US')).toBe('allow');
    expect(verdictOf({ ...given, consents: [consent('email', NOON)] }, 'US')).toBe('allow');
    expect(verdictOf({ ...given, consents: [consent('email', '2026-05-11T16:00:01Z')] }, 'US')).toBe('deny US11');
  });
});

describe('Several rules at once', () => {
  test('one gate that does not open refuses what others only put off, and all are named in the order of text', () => {
    const given = {
      at: '2026-05-11T03:00Z',
      channel: 'sms',
      optOuts: ['sms'],
      ceaseContact: true,
      holds: [{ reason: 'dispute', from: '2026-05-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' }],
    } as const;
    expect(verdictOf(given, 'US', 'CN')).toBe('deny CN1 US1 US10 US5 US6 US8');
  });

  test('holds and windows together wait for the first opening after the last hold', () => {
    const holds = [
      { reason: 'dispute', from: '2026-05-01T00:00:00.000Z', to: '2026-06-01T03:30:00.000Z' },
      { reason: 'attorney', from: '2026-05-20T00:00:00.000Z', to: '2026-06-05T18:15:30.500Z' },
    ];
    expect(verdictOf({ at: NOON, holds: holds.slice(0, 1) }, 'US')).toBe('defer US8 until 2026-06-01T12:00:00.000Z');
    expect(verdictOf({ at: NOON, holds }, 'US')).toBe('defer US8 until 2026-06-05T18:15:30.500Z');
  });
});
