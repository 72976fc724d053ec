import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantAt, localDateOf } from '../../../domain/calendar.ts';
import { daysBetween } from '../../../domain/instant.ts';
import type { Deed } from '../../../domain/responses/deeds.ts';
import { drawn } from '../../../domain/responses/dice.ts';
import { ALWAYS, type Range } from '../../../domain/responses/model.ts';
import { type LoanFacts, responseTo } from '../../../domain/responses/response.ts';
import { FIXED_SEED, taipei } from '../../support/events.ts';
import { odds, responses } from '../../support/responses.ts';
import { EVERY_DAY, WORKDAYS, calendar } from '../../support/strategy.ts';

const SENT_AT = taipei('2026-04-03 10:00');
const sms = (loanRef: string): Deed => ({
  key: `1/first-${loanRef}`,
  kind: 'sms',
  at: SENT_AT,
  channel: 'sms',
  taskId: null,
});
const call: Deed = { key: '1/call', kind: 'agentCall', at: SENT_AT, channel: null, taskId: 'L-1~1~call~1' };
const facts = (loanRef = 'L-1', change: Partial<LoanFacts> = {}): LoanFacts => ({
  loanRef,
  debtorRef: 'D-1',
  zone: 'Asia/Taipei',
  window: EVERY_DAY,
  calendar: calendar(),
  payments: [],
  ...change,
});
const LOANS = Array.from({ length: 2_000 }, (_, index) => `TW${index}`);

describe('the dice', () => {
  test('fall as they always have: what was once drawn is drawn on every machine', () => {
    const key = { seed: 1, loanRef: 'TW00001-1', deed: '1/overdue-first/sms', purpose: 'response' };
    expect([1, 2, 3].map((seed) => drawn({ ...key, seed }, [0, ALWAYS - 1]))).toEqual([2_134, 5_572, 8_624]);
  });

  test('stay within their range, and leave nothing of it out', () => {
    const range = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 20 }));
    const property = fc.property(range, fc.string(), ([least, span], loanRef) => {
      const within: Range = [least, least + span];
      const value = drawn({ seed: 1, loanRef, deed: 'd', purpose: 'p' }, within);
      expect(value >= within[0] && value <= within[1] && Number.isSafeInteger(value)).toBe(true);
    });
    fc.assert(property, FIXED_SEED);
    const faces = LOANS.map((loanRef) => drawn({ seed: 1, loanRef, deed: 'd', purpose: 'p' }, [1, 6]));
    for (const face of [1, 2, 3, 4, 5, 6]) {
      expect(faces.filter((each) => each === face).length / LOANS.length).toBeCloseTo(1 / 6, 1);
    }
  });
});

describe('a message', () => {
  test('by odds of 0 nobody responds to, by odds of 100 percent everybody, and by none nobody', () => {
    for (const loanRef of LOANS.slice(0, 200)) {
      expect(responseTo(responses({ sms: odds(null) }), sms(loanRef), facts(loanRef))).toBeNull();
      expect(responseTo(responses({ sms: odds('promise') }), sms(loanRef), facts(loanRef))?.kind).toBe('promise');
      expect(responseTo(responses({ email: odds('promise') }), sms(loanRef), facts(loanRef))).toBeNull();
    }
  });

  test('is responded to as often as the odds say', () => {
    const model = responses({ sms: odds(null, { chances: { promise: 2_000, plan: 1_000, call: 500, optOut: 100 } }) });
    const kinds = LOANS.map((loanRef) => responseTo(model, sms(loanRef), facts(loanRef))?.kind);
    const share = (kind: string) => kinds.filter((each) => each === kind).length / LOANS.length;
    expect([share('promise'), share('plan'), share('call')]).toEqual([
      expect.closeTo(0.2, 1),
      expect.closeTo(0.1, 1),
      expect.closeTo(0.05, 1),
    ]);
    expect(share('optOut')).toBeGreaterThan(0);
  });

  test('is responded to at a whole minute of the hours, a quarter of an hour later at the soonest, within its days', () => {
    const model = responses({ sms: odds('call', { withinDays: 2 }) });
    const instants = LOANS.flatMap((loanRef) => responseTo(model, sms(loanRef), facts(loanRef))?.at ?? []);
    for (const at of instants) {
      const date = localDateOf(at, 'Asia/Taipei');
      expect(at.slice(17)).toBe('00.000Z');
      expect(at >= taipei('2026-04-03 10:15')).toBe(true);
      expect(at >= instantAt(date, '08:00', 'Asia/Taipei') && at < instantAt(date, '22:00', 'Asia/Taipei')).toBe(true);
      // What would have come before the message comes a day later.
      expect(daysBetween('2026-04-03', date)).toBeLessThanOrEqual(2);
    }
    expect(new Set(instants.map((at) => localDateOf(at, 'Asia/Taipei'))).size).toBe(3);
  });

  test('is responded to the same whatever else there is: other deeds, other odds, other loans', () => {
    const model = responses({ sms: odds('promise') });
    const alone = responseTo(model, sms('L-7'), facts('L-7'));
    for (const loanRef of LOANS.slice(0, 50)) responseTo(model, sms(loanRef), facts(loanRef));
    expect(responseTo({ ...model, after: { ...model.after, email: odds('plan') } }, sms('L-7'), facts('L-7'))).toEqual(
      alone,
    );
    expect(responseTo({ ...model, seed: 2 }, sms('L-7'), facts('L-7'))).not.toEqual(alone);
  });
});

describe('a call by an agent', () => {
  test('takes place also when nobody answers or nothing comes of it', () => {
    const missed = responseTo(responses({ agentCall: odds('promise', { reached: 0 }) }), call, facts());
    expect(missed).toMatchObject({ isReached: false, kind: null });
    const idle = responseTo(responses({ agentCall: odds(null) }), call, facts());
    expect(idle).toMatchObject({ isReached: true, kind: null });
  });

  test('is made in the hours of the strategy, and not at all when no hour is known', () => {
    const model = responses({ agentCall: odds(null, { withinDays: 3 }) });
    for (const loanRef of LOANS.slice(0, 200)) {
      const at = responseTo(model, call, facts(loanRef, { window: WORKDAYS }))?.at ?? '';
      const date = localDateOf(at, 'Asia/Taipei');
      expect(new Date(`${date}T00:00:00Z`).getUTCDay(), `${at} is no Sunday`).not.toBe(0);
      expect(at >= instantAt(date, '09:00', 'Asia/Taipei') && at < instantAt(date, '20:00', 'Asia/Taipei')).toBe(true);
    }
    const unknown = { ...calendar(), years: {} };
    expect(responseTo(model, call, facts('L-1', { window: WORKDAYS, calendar: unknown }))).toBeNull();
  });
});
