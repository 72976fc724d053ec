import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadRulePack } from '../../activities/rule-pack-file.ts';
import { type ContactContext, contactFactsOf, withContact } from '../../domain/contact-facts.ts';
import { type LedgerChannel, contactOfNow } from '../../domain/contact-ledger.ts';
import { type DebtorStanding, NOTHING_SAID, type PlacedHold } from '../../domain/debtor-standing.ts';
import { MINUTE_MS, plusMs } from '../../domain/instant.ts';
import { type Verdict, judge } from '../../domain/judge.ts';
import type { Consent } from '../../domain/rules/facts.ts';
import { view } from '../support/case.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';
import { EVERY_DAY, calendar } from '../support/strategy.ts';

const NOW = taipei('2026-04-02 10:00');
const NEXT_WEEK = taipei('2026-04-09 10:00');
const NUMBER = '+886900000001';

function context(standing: Partial<DebtorStanding> = {}, change: Partial<ContactContext> = {}): ContactContext {
  return {
    strategy: { window: EVERY_DAY, perDebtorPerDay: { sms: 1, email: 1, push: 1, voice: 1 } },
    calendar: calendar(),
    rulePacks: [],
    balance: view(500_000),
    loanRef: 'L-1',
    zone: 'Asia/Taipei',
    standing: { ...NOTHING_SAID, ...standing },
    past: [],
    ...change,
  };
}

function judged(channel: LedgerChannel, given: ContactContext, now = NOW, isLastResort = true): Verdict {
  const facts = contactFactsOf(given, { channel, address: NUMBER, isLastResort, to: 'debtor' }, now);
  return judge({ channel, validUntil: NEXT_WEEK }, facts, now);
}

function hold(change: Partial<PlacedHold> = {}): PlacedHold {
  return { holdId: 'h', reason: 'dispute', from: NOW, to: null, debt: null, treatmentEnd: null, ...change };
}

const packs = (...ids: readonly string[]) => ({ rulePacks: ids.map((id) => loadRulePack(id)) });

describe('T10: what the debtor said is kept whatever the packs say', () => {
  test('an opt-out closes its channel and no other; “stop calling” is said to machines too', () => {
    const sms = context({ optOuts: ['sms'] });
    expect(judged('sms', sms)).toEqual({ verdict: 'deny', rules: ['optedOut'] });
    expect(judged('email', sms).verdict).toBe('allow');
    const calls = context({ optOuts: ['call'] });
    expect(judged('voice', calls)).toEqual({ verdict: 'deny', rules: ['optedOut'] });
    expect(judged('call', context({ optOuts: ['voice'] })).verdict).toBe('allow');
    expect(judged('push', context({ optOuts: ['im'] }))).toEqual({ verdict: 'deny', rules: ['optedOut'] });
  });

  test('the laws that say the same are named beside it', () => {
    const us = context({ optOuts: ['sms'], consents: [SMS_CONSENT] }, packs('us-regf'));
    expect(judged('sms', us)).toEqual({ verdict: 'deny', rules: ['optedOut', 'US5'] });
  });

  test('no contact at all after the debtor asked for none', () => {
    for (const channel of ['sms', 'email', 'push', 'voice', 'call', 'visit', 'letter'] as const) {
      expect(judged(channel, context({ ceaseContact: true }))).toEqual({ verdict: 'deny', rules: ['contactCeased'] });
    }
  });

  test('US10: without a consent the pack refuses, with a fresh one it allows', () => {
    expect(judged('sms', context({}, packs('us-regf')))).toEqual({ verdict: 'deny', rules: ['US10'] });
    expect(judged('sms', context({ consents: [SMS_CONSENT] }, packs('us-regf'))).verdict).toBe('allow');
  });
});

const SMS_CONSENT: Consent = {
  kind: 'sms',
  channel: null,
  debt: null,
  number: NUMBER,
  at: taipei('2026-03-20 10:00'),
  until: null,
};

describe('T6: a hold stops every contact', () => {
  test('for good while nobody knows its end', () => {
    expect(judged('sms', context({ holds: [hold()] }))).toEqual({ verdict: 'deny', rules: ['onHold'] });
  });

  test('UK1: with the law that says so beside it', () => {
    const inUk = context({ holds: [hold({ reason: 'breathing-space' })] }, packs('uk-consumer'));
    expect(judged('sms', inUk)).toEqual({ verdict: 'deny', rules: ['onHold', 'UK1', 'tooLate'] });
  });

  test('until its end, half-open: the end itself is free', () => {
    const to = taipei('2026-04-03 09:30');
    const held = context({ holds: [hold({ to })] });
    expect(judged('sms', held)).toEqual({ verdict: 'defer', until: to, rules: ['onHold'] });
    expect(judged('sms', held, plusMs(to, -1))).toEqual({ verdict: 'defer', until: to, rules: ['onHold'] });
    expect(judged('sms', held, to).verdict).toBe('allow');
  });

  test('until the last of several ends, and into the window after it', () => {
    const holds = [
      hold({ holdId: 'a', to: taipei('2026-04-03 09:30') }),
      hold({ holdId: 'b', to: taipei('2026-04-04 23:00') }),
    ];
    const verdict = judged('sms', context({ holds }));
    expect(verdict).toEqual({ verdict: 'defer', until: taipei('2026-04-05 09:00'), rules: ['onHold'] });
  });

  test('not when it is over the deadline of the contact', () => {
    const held = context({ holds: [hold({ to: NEXT_WEEK })] });
    expect(judged('sms', held)).toEqual({ verdict: 'deny', rules: ['onHold', 'tooLate'] });
  });

  test('of another loan only when it holds all of them', () => {
    expect(judged('sms', context({ holds: [hold({ debt: 'L-2' })] })).verdict).toBe('allow');
    expect(judged('sms', context({ holds: [hold({ debt: 'L-1' })] })).verdict).toBe('deny');
  });

  test('not before it begins, and a deferral does not end in one that begins meanwhile', () => {
    const tomorrow = hold({ from: taipei('2026-04-03 00:00'), to: taipei('2026-04-05 12:00') });
    expect(judged('sms', context({ holds: [tomorrow] })).verdict).toBe('allow');
    const night = taipei('2026-04-02 23:00');
    expect(judged('sms', context({ holds: [tomorrow] }), night)).toEqual({
      verdict: 'defer',
      until: taipei('2026-04-05 12:00'),
      rules: ['contactWindow', 'onHold'],
    });
  });

  test('any hold: no verdict ever allows a contact inside one', () => {
    const day = fc.integer({ min: 0, max: 12 });
    const span = fc.tuple(day, fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }));
    const instant = (days: number) => plusMs(taipei('2026-03-30 00:00'), days * 24 * 60 * MINUTE_MS);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), fc.integer({ min: 0, max: 12 * 24 }), (spans, hour) => {
        const holds = spans.map(([from, days]) =>
          hold({ from: instant(from), to: days === null ? null : instant(from + days) }),
        );
        const now = plusMs(instant(0), hour * 60 * MINUTE_MS);
        const verdict = judged('sms', context({ holds }), now);
        const at = verdict.verdict === 'allow' ? now : verdict.verdict === 'defer' ? verdict.until : null;
        if (at === null) return;
        expect(holds.filter(({ from, to }) => from <= at && (to === null || at < to))).toEqual([]);
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });
});

describe('A7: an address that seems dead', () => {
  const failed = (hour: number) => ({
    ...contactOfNow({
      key: `f-${hour}`,
      at: plusMs(NOW, -hour * 60 * MINUTE_MS),
      localDate: '2026-04-01',
      channel: 'sms' as const,
      loanRef: 'L-2',
      address: NUMBER,
    }),
    status: 'sent' as const,
    delivery: 'failed' as const,
  });

  test('is passed over while another channel is left, and tried when none is', () => {
    const past = [failed(30), failed(40)];
    expect(judged('sms', context({}, { past }), NOW, false)).toEqual({ verdict: 'deny', rules: ['addressDead'] });
    expect(judged('sms', context({}, { past }), NOW, true).verdict).toBe('allow');
    expect(judged('email', context({}, { past }), NOW, false).verdict).toBe('allow');
  });
});

describe('C2: two agents do not ring one debtor at once', () => {
  test('a call that is under way puts the next one off for a quarter of an hour, over all loans', () => {
    const reserved = withContact(context(), {
      key: 'call-1',
      at: plusMs(NOW, -5 * MINUTE_MS),
      localDate: '2026-04-02',
      channel: 'call',
      loanRef: 'L-2',
      address: NUMBER,
    });
    const until = plusMs(NOW, 10 * MINUTE_MS);
    expect(judged('call', reserved)).toEqual({ verdict: 'defer', until, rules: ['callUnderWay'] });
    expect(judged('call', reserved, plusMs(until, -1)).verdict).toBe('defer');
    expect(judged('call', reserved, until).verdict).toBe('allow');
    expect(judged('sms', reserved).verdict).toBe('allow');
  });

  test('CN2: three talks a day are enough, whoever held them and about whichever loan', () => {
    const talk = (index: number, channel: 'call' | 'voice') => ({
      ...contactOfNow({
        key: `t-${index}`,
        at: plusMs(NOW, -index * 20 * MINUTE_MS),
        localDate: '2026-04-02',
        channel,
        loanRef: `L-${index}`,
        address: NUMBER,
      }),
      status: 'made' as const,
      result: 'connected' as const,
    });
    const cn = packs('cn-consumer');
    const two = context({}, { ...cn, past: [talk(1, 'call'), talk(2, 'voice')] });
    const three = context({}, { ...cn, past: [talk(1, 'call'), talk(2, 'voice'), talk(3, 'call')] });
    expect(judged('call', two).verdict).toBe('allow');
    expect(judged('call', three)).toEqual({ verdict: 'defer', until: taipei('2026-04-03 09:00'), rules: ['CN2'] });
  });
});
