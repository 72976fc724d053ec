import { describe, expect, test } from 'vitest';
import { nextAction } from '../../domain/next-action.ts';
import { plusMs } from '../../domain/instant.ts';
import {
  SEEN_AT,
  balanceChanged,
  contactsDue,
  firstDeed,
  given,
  lived,
  openedCase,
  settled,
  view,
} from '../support/case.ts';
import { taipei } from '../support/events.ts';
import { contact, task } from '../support/strategy.ts';

const steps = [
  contact({ id: 'reminder', stage: 'pre-due', day: { small: -2, medium: -2, large: -2 }, validDays: 1 }),
  contact({ id: 'first', day: { small: 3, medium: 2, large: 1 }, validDays: 5, catchUp: true }),
  contact({ id: 'bill', channel: 'email', day: { small: 7, medium: 5, large: 4 }, sendAt: '10:30', validDays: 7 }),
  contact({ id: 'push', channel: 'push', day: { medium: 9, large: 7 }, sendAt: '12:30' }),
  task({ id: 'review', day: { small: 20, medium: 30, large: 40 } }),
];
const ladder = { strategy: { steps } };
const names = (state: Parameters<typeof contactsDue>[0], now: string) =>
  contactsDue(state, now).map((each) => each.step);

describe('a step falls due at its instant', () => {
  const rungs = [
    ['reminder', '2026-03-30 10:00'],
    ['first', '2026-04-03 10:00'],
    ['bill', '2026-04-06 10:30'],
    ['push', '2026-04-10 12:30'],
  ] as const;

  test.each(rungs)('%s of a medium case: not a millisecond before %s', (step, local) => {
    const at = taipei(local);
    const state = lived(openedCase(ladder), SEEN_AT, at);
    expect(nextAction(state, plusMs(at, -1))).toMatchObject({ kind: 'wait', until: at, why: { for: 'step', step } });
  });

  test.each(rungs)('%s of a medium case: at %s and up to a minute after, judged at its own instant', (step, local) => {
    const at = taipei(local);
    const state = lived(openedCase(ladder), SEEN_AT, at);
    for (const lateMs of [0, 1, 59_999]) {
      const due = contactsDue(state, plusMs(at, lateMs));
      expect(
        due.map((intent) => [intent.step, intent.at]),
        `${lateMs} ms late`,
      ).toEqual([[step, at]]);
    }
  });

  test.each(rungs)('%s of a medium case: from a minute after %s on, judged at the time it is', (step, local) => {
    const at = taipei(local);
    const state = lived(openedCase(ladder), SEEN_AT, at);
    for (const lateMs of [60_000, 3_600_000]) {
      const due = contactsDue(state, plusMs(at, lateMs));
      expect(
        due.map((intent) => [intent.step, intent.at]),
        `${lateMs} ms late`,
      ).toEqual([[step, plusMs(at, lateMs)]]);
    }
  });

  test('a contact says all that is needed to make it', () => {
    const at = taipei('2026-04-06 10:30');
    expect(contactsDue(lived(openedCase(ladder), SEEN_AT, at), at)).toEqual([
      {
        key: 'L-1/1/plain@1/bill/1',
        step: 'bill',
        stage: 'early',
        channel: 'email',
        isLastResort: true,
        template: 'overdue-first',
        at,
        validUntil: taipei('2026-04-14 00:00'),
      },
    ]);
  });

  test('contacts that fall due together go together, in the order of the strategy', () => {
    const together = [
      contact({ id: 'mail', channel: 'email' }),
      contact({ id: 'text' }),
      contact({ id: 'later', channel: 'push', sendAt: '10:01' }),
      task(),
    ];
    const state = openedCase({ strategy: { steps: together } });
    const at = taipei('2026-04-03 10:00');
    expect(names(state, at)).toEqual(['mail', 'text']);
    expect(names(given(state, settled('mail', at), settled('text', at)), at)).toEqual([]);
    expect(names(state, plusMs(at, 60_000)), 'a minute late, with what has come due meanwhile').toEqual([
      'mail',
      'text',
      'later',
    ]);
  });

  test('contacts do not overtake a task that fell due before them', () => {
    const mixed = [
      contact({ id: 'before', sendAt: '09:00' }),
      task({ id: 'call', task: 'agentCall', day: { medium: 2 }, sendAt: '09:30' }),
      contact({ id: 'after', channel: 'email' }),
      task(),
    ];
    const late = taipei('2026-04-03 11:00');
    const state = openedCase({ strategy: { steps: mixed } });
    expect(names(state, late)).toEqual(['before']);
    expect(nextAction(given(state, settled('before', late)), late)).toMatchObject({
      kind: 'openTask',
      task: { step: 'call' },
    });
  });
});

describe('C13: the tier of the overdue amount decides on which day', () => {
  test.each([
    [299_999, 'first', '2026-04-04 10:00'],
    [300_000, 'first', '2026-04-03 10:00'],
    [1_499_999, 'first', '2026-04-03 10:00'],
    [1_500_000, 'first', '2026-04-02 10:00'],
  ])('%d cents: %s at %s', (overdueMinor, step, at) => {
    const state = given(openedCase({ ...ladder, balance: view(overdueMinor) }), settled('reminder', SEEN_AT));
    expect(firstDeed(state, SEEN_AT)).toMatchObject({
      at: taipei(at),
      action: { contacts: [{ step, at: taipei(at) }] },
    });
  });

  test('a tier that a step does not name leaves it out', () => {
    const state = lived(openedCase({ ...ladder, balance: view(100_000) }), SEEN_AT, taipei('2026-04-21 00:00'));
    expect(Object.keys(state.done)).toEqual(['reminder', 'first', 'bill']);
  });

  test('a payment in the midst of the ladder puts the case on the days of the lower tier', () => {
    // Large: first on day 1. A payment on 3 April leaves NT$2,999.99, tier small: bill on day 7 and not on day 4.
    const large = lived(openedCase({ ...ladder, balance: view(1_500_000) }), SEEN_AT, taipei('2026-04-03 12:00'));
    const small = given(large, balanceChanged(large, taipei('2026-04-03 12:00'), 299_999));
    expect(firstDeed(small, taipei('2026-04-03 12:00'))).toMatchObject({
      at: taipei('2026-04-08 10:30'),
      action: { contacts: [{ step: 'bill' }] },
    });
  });

  test('a step that is behind the case is not taken again on its day in another tier', () => {
    const medium = lived(openedCase(ladder), SEEN_AT, taipei('2026-04-03 12:00'));
    const small = given(medium, balanceChanged(medium, taipei('2026-04-03 12:00'), 1_000));
    expect(medium.done['first'], 'on day 2').toBeDefined();
    expect(names(small, taipei('2026-04-04 10:00')), 'the day 3 of small').toEqual([]);
  });

  test('a higher amount puts the case on the days of the higher tier; what has passed there is not made up for', () => {
    // Small, 8 April: bill on day 7 is to come. A fee makes it large on that day, where bill was on day 4, push on day 7.
    const small = lived(openedCase({ ...ladder, balance: view(299_000) }), SEEN_AT, taipei('2026-04-08 08:00'));
    const large = given(small, balanceChanged(small, taipei('2026-04-08 08:00'), 1_600_000));
    expect(firstDeed(large, taipei('2026-04-08 08:00'))).toMatchObject({
      at: taipei('2026-04-08 12:30'),
      action: { contacts: [{ step: 'push' }] },
    });
  });

  test.each([
    ['a second before its instant in the new tier', '2026-04-06 10:29:59', ['bill']],
    ['at its instant', '2026-04-06 10:30:00', ['bill']],
    ['a second after', '2026-04-06 10:30:01', []],
  ])('a tier that begins %s: %s', (_when, at, due) => {
    const small = lived(openedCase({ ...ladder, balance: view(100_000) }), SEEN_AT, taipei(at));
    const medium = given(small, balanceChanged(small, taipei(at), 400_000));
    expect(names(medium, taipei('2026-04-06 10:30:01'))).toEqual(due);
  });

  test('a change within the tier changes nothing in the plan', () => {
    const state = lived(openedCase(ladder), SEEN_AT, taipei('2026-04-05 00:00'));
    const less = given(state, balanceChanged(state, taipei('2026-04-05 00:00'), 300_000));
    expect(firstDeed(less, taipei('2026-04-05 00:00'))).toEqual(firstDeed(state, taipei('2026-04-05 00:00')));
  });
});

describe('a contact that is put off', () => {
  const at = taipei('2026-04-03 10:00');
  const until = taipei('2026-04-04 09:00');
  const ready = given(openedCase(ladder), settled('reminder', SEEN_AT));
  const deferred = given(ready, { type: 'contactDeferred', step: 'first', until });

  test('waits for that instant and is judged at it', () => {
    expect(nextAction(deferred, at)).toMatchObject({ kind: 'wait', until, why: { step: 'first' } });
    expect(contactsDue(deferred, until)).toMatchObject([
      { step: 'first', at: until, validUntil: taipei('2026-04-09 00:00') },
    ]);
  });

  test('has another key each time, so that no two requests are the same', () => {
    const again = given(deferred, { type: 'contactDeferred', step: 'first', until: taipei('2026-04-05 09:00') });
    const keys = [contactsDue(ready, at), contactsDue(deferred, until), contactsDue(again, taipei('2026-04-05 09:00'))];
    expect(keys.flat().map((intent) => intent.key)).toEqual([
      'L-1/1/plain@1/first/1',
      'L-1/1/plain@1/first/2',
      'L-1/1/plain@1/first/3',
    ]);
  });

  test('is made all the same when the tier has changed meanwhile to one where its day has passed', () => {
    const medium = taipei('2026-04-03 18:00');
    const large = given(deferred, balanceChanged(deferred, medium, 1_500_000));
    expect(names(large, until)).toEqual(['first']);
  });

  test('waits for its day in a lower tier, when that is later', () => {
    const push = given(ready, settled('first', at), settled('bill', at), {
      type: 'contactDeferred',
      step: 'bill',
      until: taipei('2026-04-07 09:00'),
    });
    const open = {
      ...push,
      done: { reminder: { result: 'sent' as const, at }, first: { result: 'sent' as const, at } },
    };
    const small = given(open, balanceChanged(open, taipei('2026-04-06 20:00'), 1_000));
    expect(firstDeed(small, taipei('2026-04-06 20:00')).at, 'day 7 of small').toBe(taipei('2026-04-08 10:30'));
  });
});

describe('another strategy version, another episode', () => {
  test('make another key of the same step', () => {
    const at = taipei('2026-04-03 10:00');
    const base = given(openedCase(ladder), settled('reminder', SEEN_AT));
    const keys = [base, { ...base, strategy: { id: 'plain', version: 2 } }, { ...base, episode: 2 }].flatMap((state) =>
      contactsDue(state, at).map((intent) => intent.key),
    );
    expect(new Set(keys).size).toBe(3);
  });
});
