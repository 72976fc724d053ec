import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DebtorEvent } from '../../domain/debtor-events.ts';
import { NOTHING_SAID, holdsOf, standingOf } from '../../domain/debtor-standing.ts';
import { plusMs } from '../../domain/instant.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';

const NOW = taipei('2026-04-10 12:00');
let count = 0;

type OfType<Type extends DebtorEvent['type']> = Extract<DebtorEvent, { type: Type }>;

/** Something said about debtor D-1; its id is its number unless given. */
function said<Type extends DebtorEvent['type']>(
  type: Type,
  timestamp: string,
  data: Omit<OfType<Type>['data'], 'debtorRef' | 'source'>,
  id = `said-${(count += 1)}`,
): DebtorEvent {
  return { id, type, timestamp, data: { debtorRef: 'D-1', source: 'app', ...data } } as DebtorEvent;
}

describe('the standing of a debtor', () => {
  test('is bare when nothing was said', () => {
    expect(standingOf([], NOW)).toBe(NOTHING_SAID);
  });

  test('T10: an opt-out counts on its channel until the debtor opts in again', () => {
    const out = said('channel.optedOut', taipei('2026-04-01 09:00'), { channel: 'sms' });
    const back = said('channel.optedIn', taipei('2026-04-05 09:00'), { channel: 'sms' });
    expect(standingOf([out], NOW).optOuts).toEqual(['sms']);
    expect(standingOf([out, back], taipei('2026-04-05 08:59')).optOuts).toEqual(['sms']);
    expect(standingOf([out, back], taipei('2026-04-05 09:00')).optOuts).toEqual([]);
    expect(standingOf([back, out], NOW).optOuts).toEqual([]);
  });

  test('what stops counts as soon as it is known, what permits from its own instant', () => {
    const tomorrow = plusMs(NOW, 86_400_000);
    const stops = [
      said('channel.optedOut', tomorrow, { channel: 'email' }),
      said('contact.ceased', tomorrow, {}),
      said('hours.requested', tomorrow, { notBetween: ['09:00', '12:00'] }),
    ];
    expect(standingOf(stops, NOW)).toMatchObject({
      optOuts: ['email'],
      ceaseContact: true,
      requests: [{ notBetween: ['09:00', '12:00'] }],
    });
    const permits = [said('consent.given', tomorrow, { kind: 'sms' }), said('debtor.lost', tomorrow, {})];
    expect(standingOf(permits, NOW)).toMatchObject({ consents: [], unreachable: false });
    expect(standingOf(permits, tomorrow)).toMatchObject({
      consents: [{ kind: 'sms', at: tomorrow }],
      unreachable: true,
    });
  });

  test('at the same instant the stop wins', () => {
    const both = [
      said('contact.ceased', NOW, {}),
      said('contact.resumed', NOW, {}),
      said('channel.optedOut', NOW, { channel: 'call' }),
      said('channel.optedIn', NOW, { channel: 'call' }),
    ];
    expect(standingOf(both, NOW)).toMatchObject({ ceaseContact: true, optOuts: ['call'] });
  });

  test('a consent ends with its own end or when it is taken back, whichever is first', () => {
    const until = taipei('2026-05-01 00:00');
    const given = said('consent.given', taipei('2026-04-01 09:00'), { kind: 'quietHours', until }, 'c-1');
    const back = said('consent.withdrawn', taipei('2026-04-20 09:00'), { consentEventId: 'c-1' });
    const again = said('consent.withdrawn', taipei('2026-04-25 09:00'), { consentEventId: 'c-1' });
    expect(standingOf([given], NOW).consents[0]?.until).toBe(until);
    expect(standingOf([again, given, back], NOW).consents[0]?.until).toBe(taipei('2026-04-20 09:00'));
  });

  test('a hold stands until its end, its release or for ever, and is over from that instant on', () => {
    const from = taipei('2026-04-01 09:00');
    const to = taipei('2026-04-20 00:00');
    const hold = said('hold.placed', from, { reason: 'dispute', until: to, loanRef: 'L-1' }, 'h-1');
    const endless = said('hold.placed', from, { reason: 'complaint' }, 'h-2');
    const release = said('hold.released', taipei('2026-04-12 00:00'), { holdEventId: 'h-2' });
    expect(standingOf([hold, endless], NOW).holds).toEqual([
      { holdId: 'h-1', reason: 'dispute', from, to, debt: 'L-1', treatmentEnd: null },
      { holdId: 'h-2', reason: 'complaint', from, to: null, debt: null, treatmentEnd: null },
    ]);
    const idsAt = (now: string) => standingOf([hold, endless, release], now).holds.map(({ holdId }) => holdId);
    expect(idsAt(taipei('2026-04-11 23:59'))).toEqual(['h-1', 'h-2']);
    expect(idsAt(taipei('2026-04-12 00:00'))).toEqual(['h-1']);
    expect(idsAt(taipei('2026-04-19 23:59'))).toEqual(['h-1']);
    expect(idsAt(to)).toEqual([]);
  });

  test('of two releases of a hold the earlier counts, in whatever order they arrived', () => {
    const hold = said('hold.placed', taipei('2026-04-01 09:00'), { reason: 'dispute' }, 'h-4');
    const early = said('hold.released', taipei('2026-04-12 00:00'), { holdEventId: 'h-4' });
    const late = said('hold.released', taipei('2026-04-14 00:00'), { holdEventId: 'h-4' });
    expect(holdsOf([late, hold, early])).toEqual(holdsOf([hold, early, late]));
    expect(holdsOf([late, hold, early])[0]?.to).toBe(taipei('2026-04-12 00:00'));
  });

  test('a hold for a crisis keeps the end of the treatment, which a law counts on from', () => {
    const hold = said('hold.placed', taipei('2026-03-01 09:00'), { reason: 'mental-health-crisis' }, 'h-3');
    const end = said('treatment.ended', taipei('2026-04-02 09:00'), { holdEventId: 'h-3' });
    expect(standingOf([end, hold], NOW).holds).toMatchObject([{ treatmentEnd: taipei('2026-04-02 09:00') }]);
  });

  test('third parties are known by reference, with their refusal', () => {
    const named = said('thirdParty.named', taipei('2026-04-01 09:00'), { thirdPartyRef: 'sister', phone: '+886911' });
    const refused = said('thirdParty.refused', taipei('2026-04-02 09:00'), { thirdPartyRef: 'sister' });
    expect(standingOf([named], NOW).thirdParties).toEqual({ sister: { phone: '+886911', hasRefused: false } });
    expect(standingOf([refused, named], NOW).thirdParties['sister']?.hasRefused).toBe(true);
  });

  test('is the same in whatever order the events arrived', () => {
    const at = fc.integer({ min: 1, max: 20 }).map((day) => taipei(`2026-04-${String(day).padStart(2, '0')} 09:00`));
    const channel = fc.constantFrom('sms' as const, 'call' as const);
    const event = fc.oneof(
      fc.tuple(at, channel).map(([t, c]) => said('channel.optedOut', t, { channel: c })),
      fc.tuple(at, channel).map(([t, c]) => said('channel.optedIn', t, { channel: c })),
      at.map((t) => said('contact.ceased', t, {})),
      at.map((t) => said('contact.resumed', t, {})),
      fc.tuple(at, fc.constantFrom('a', 'b')).map(([t, id]) => said('hold.placed', t, { reason: 'other' }, id)),
      fc.tuple(at, fc.constantFrom('a', 'b')).map(([t, id]) => said('hold.released', t, { holdEventId: id })),
    );
    const shuffled = fc
      .uniqueArray(event, { maxLength: 12, selector: ({ id }) => id })
      .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })));
    fc.assert(
      fc.property(shuffled, ([events, others]) => {
        expect(standingOf(others, NOW)).toEqual(standingOf(events, NOW));
      }),
      { ...FIXED_SEED, numRuns: 300 },
    );
  });
});
