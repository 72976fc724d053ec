import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../domain/instant.ts';
import type { ContactStep, Strategy, TaskStep } from '../../domain/strategy.ts';
import { type Slot, jitterMsOf, timetableOf } from '../../domain/timetable.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';
import { WORKDAYS, calendar, contact, strategy, task } from '../support/strategy.ts';

const LOAN = { loanRef: 'L-1', dueOn: '2026-04-01', zone: 'Asia/Taipei' };
/** Friday 3 to Monday 6 April 2026 are days off. */
const spring = calendar({
  2026: { holidays: { '2026-04-03': 'off', '2026-04-04': 'off', '2026-04-05': 'off', '2026-04-06': 'off' } },
});

function slotOf(
  step: Partial<ContactStep>,
  { loan = LOAN, ...change }: Partial<Strategy> & { readonly loan?: typeof LOAN } = {},
): Slot | null | undefined {
  const [planned] = timetableOf(strategy({ steps: [contact(step)], ...change }), loan, spring);
  return planned?.slots['small'];
}

function taskSlotOf(step: Partial<TaskStep>, change: Partial<Strategy> = {}): Slot | null | undefined {
  const [planned] = timetableOf(strategy({ steps: [task(step)], ...change }), LOAN, spring);
  return planned?.slots['small'];
}

test('C2 a step plans its channel with the fallbacks in their order, and says nothing of none', () => {
  const performed = (step: Partial<ContactStep>) =>
    timetableOf(strategy({ steps: [contact(step)] }), LOAN, spring)[0]?.perform;
  expect(performed({ fallback: ['voice', 'email'] })).toEqual({
    do: 'contact',
    channel: 'sms',
    template: 'overdue-first',
    fallback: ['voice', 'email'],
  });
  for (const step of [{}, { fallback: [] }]) expect(performed(step)).not.toHaveProperty('fallback');
});

describe('day N of a loan that is due on Wednesday 1 April 2026', () => {
  test.each([
    [-3, '2026-03-29 10:00'],
    [-1, '2026-03-31 10:00'],
    [0, '2026-04-01 10:00'],
    [1, '2026-04-02 10:00'],
    [30, '2026-05-01 10:00'],
    [90, '2026-06-30 10:00'],
  ])('C1 C13: day %d falls due at %s, the local time of the step', (day, expected) => {
    expect(slotOf({ day: { small: day } })?.at).toBe(taipei(expected));
  });

  test.each([
    ['Pacific/Kiritimati', '2026-04-03T10:00:00+14:00'],
    ['Pacific/Pago_Pago', '2026-04-03T10:00:00-11:00'],
    ['America/New_York', '2026-04-03T10:00:00-04:00'],
    ['Australia/Lord_Howe', '2026-04-03T10:00:00+11:00'],
  ])('is a local day in %s', (zone, expected) => {
    expect(slotOf({ day: { small: 2 } }, { loan: { ...LOAN, zone } })?.at).toBe(parseInstant(expected));
  });

  test('keeps its local time when clocks change in between', () => {
    const loan = { ...LOAN, zone: 'Europe/London', dueOn: '2026-03-27' };
    expect(slotOf({ day: { small: 1 } }, { loan })?.at).toBe(parseInstant('2026-03-28T10:00:00Z'));
    expect(slotOf({ day: { small: 2 } }, { loan })?.at).toBe(parseInstant('2026-03-29T10:00:00+01:00'));
  });

  test('has an instant in every tier that takes the step, and none in the others', () => {
    const [planned] = timetableOf(strategy({ steps: [contact({ day: { small: 3, large: 1 } })] }), LOAN, spring);
    expect(planned?.slots).toEqual({
      small: expect.objectContaining({ at: taipei('2026-04-04 10:00') }),
      large: expect.objectContaining({ at: taipei('2026-04-02 10:00') }),
    });
  });

  test('an unknown zone is refused', () => {
    const unknown = expect.objectContaining({ code: 'ZONE_UNKNOWN' });
    expect(() => slotOf({}, { loan: { ...LOAN, zone: 'Asia/Nowhere' } })).toThrow(unknown);
  });
});

describe('a step on a day of rest', () => {
  test.each([
    ['a Thursday', 1, '2026-04-02 10:00'],
    ['the first of four days off', 2, '2026-04-07 09:00'],
    ['the last of four days off', 5, '2026-04-07 09:00'],
    ['the day after', 6, '2026-04-07 10:00'],
    ['a Sunday', 11, '2026-04-13 09:00'],
  ])('%s, day %d, moves to the first permitted instant, %s', (_what, day, expected) => {
    expect(slotOf({ day: { small: day } }, { window: WORKDAYS })?.at).toBe(taipei(expected));
    expect(taskSlotOf({ day: { small: day }, sendAt: '10:00' }, { window: WORKDAYS })?.at).toBe(taipei(expected));
  });

  test('in a year that the calendar lacks is not planned, while the others are', () => {
    const loan = { ...LOAN, dueOn: '2026-12-28' };
    const steps = [contact({ day: { small: 2 } }), contact({ id: 'second', day: { small: 4 } })];
    const planned = timetableOf(strategy({ steps, window: WORKDAYS }), loan, spring);
    expect(planned.map((step) => step.slots['small'])).toEqual([
      expect.objectContaining({ at: taipei('2026-12-30 10:00') }),
      null,
    ]);
  });

  test('that would move into a year that the calendar lacks is not planned either', () => {
    // The last day of 2026 is a holiday, so whatever falls due on it would move into 2027.
    const newYear = calendar({ 2026: { holidays: { '2026-12-31': 'off' } } });
    const steps = [contact({ day: { small: 0 } })];
    const [planned] = timetableOf(strategy({ steps, window: WORKDAYS }), { ...LOAN, dueOn: '2026-12-31' }, newYear);
    expect(planned?.slots['small']).toBeNull();
  });

  test('does not need the calendar when holidays are not days of rest', () => {
    expect(slotOf({ day: { small: 2 } }, { loan: { ...LOAN, dueOn: '2031-01-01' } })?.at).toBe(
      taipei('2031-01-03 10:00'),
    );
  });
});

describe('until when a step makes sense', () => {
  test.each([
    [0, '2026-04-04 00:00'],
    [1, '2026-04-05 00:00'],
    [5, '2026-04-09 00:00'],
  ])('a contact of day 2 that is valid for %d days more: before %s', (validDays, expected) => {
    expect(slotOf({ day: { small: 2 }, validDays })?.until).toBe(taipei(expected));
  });

  test('a contact that days of rest have put off counts its days from then', () => {
    expect(slotOf({ day: { small: 2 }, validDays: 1 }, { window: WORKDAYS })).toEqual({
      at: taipei('2026-04-07 09:00'),
      until: taipei('2026-04-09 00:00'),
    });
  });

  test('C1: a reminder before the due date makes no sense any more once the date has come', () => {
    // Day −3 is Tuesday 31 March; the due date is the Friday on which four days off begin.
    const loan = { ...LOAN, dueOn: '2026-04-03' };
    expect(slotOf({ day: { small: -3 }, validDays: 2 }, { loan, window: WORKDAYS })?.until).toBe(
      taipei('2026-04-03 00:00'),
    );
    // Put off beyond the due date it comes too late from the first.
    const within = { ...LOAN, dueOn: '2026-04-05' };
    expect(slotOf({ day: { small: -2 }, validDays: 2 }, { loan: within, window: WORKDAYS })).toEqual({
      at: taipei('2026-04-07 09:00'),
      until: taipei('2026-04-05 00:00'),
    });
  });

  test.each([
    ['not at all', 0, '2026-05-01 09:30'],
    ['for a day', 1, '2026-05-02 00:00'],
    ['for two weeks', 14, '2026-05-15 00:00'],
  ])('a task of day 30 at 09:30 is waited for %s: until %s', (_what, waitDays, expected) => {
    expect(taskSlotOf({ waitDays })?.until).toBe(taipei(expected));
  });

  test('the wait for a task counts from its own day, also when days of rest have put it off', () => {
    expect(taskSlotOf({ day: { small: 2 }, waitDays: 7 }, { window: WORKDAYS })?.until).toBe(
      taipei('2026-04-10 00:00'),
    );
    expect(taskSlotOf({ day: { small: 2 }, waitDays: 2 }, { window: WORKDAYS })).toEqual({
      at: taipei('2026-04-07 09:00'),
      until: taipei('2026-04-07 09:00'),
    });
  });
});

describe('the jitter of a loan', () => {
  test('is nothing without a spread', () => {
    expect(jitterMsOf('L-1', 0)).toBe(0);
    expect(slotOf({}, { spreadMinutes: 0 })?.at).toBe(taipei('2026-04-03 10:00'));
  });

  test('is whole seconds from nothing to below the spread, the same every time', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 720 }), (loanRef, spreadMinutes) => {
        const jitterMs = jitterMsOf(loanRef, spreadMinutes);
        const what = `${JSON.stringify(loanRef)} within ${spreadMinutes} minutes`;
        expect(jitterMs % 1_000, what).toBe(0);
        expect(jitterMs, what).toBeGreaterThanOrEqual(0);
        expect(jitterMs, what).toBeLessThan(spreadMinutes * 60_000);
        expect(jitterMsOf(loanRef, spreadMinutes), what).toBe(jitterMs);
      }),
      FIXED_SEED,
    );
  });

  test('is what FNV-1a of the reference says, on every machine', () => {
    // Known values of the 32-bit hash: 0x811c9dc5 of nothing, 0xe40c292c of "a", 0xbf9cf968 of "foobar".
    expect(jitterMsOf('', 60)).toBe((0x811c9dc5 % 3_600) * 1_000);
    expect(jitterMsOf('a', 60)).toBe((0xe40c292c % 3_600) * 1_000);
    expect(jitterMsOf('foobar', 60)).toBe((0xbf9cf968 % 3_600) * 1_000);
  });

  test('spreads a thousand loans over the whole hour', () => {
    const minutes = Array.from({ length: 1_000 }, (_, index) => Math.floor(jitterMsOf(`LN-${index}`, 60) / 60_000));
    const perMinute = new Map<number, number>();
    for (const minute of minutes) perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    expect(perMinute.size).toBe(60);
    expect(Math.max(...perMinute.values())).toBeLessThan(50);
  });

  test('moves every step of the loan by the same', () => {
    const steps = [contact({ sendAt: '10:00' }), contact({ id: 'noon', sendAt: '12:00' }), task()];
    const whole = timetableOf(strategy({ steps, spreadMinutes: 90 }), LOAN, spring);
    const plain = timetableOf(strategy({ steps }), LOAN, spring);
    const offsets = whole.map((step, index) => {
      const at = (slot: Slot | null | undefined) => Date.parse(slot?.at ?? '');
      return at(step.slots['small']) - at(plain[index]?.slots['small']);
    });
    expect(offsets).toEqual([jitterMsOf('L-1', 90), jitterMsOf('L-1', 90), jitterMsOf('L-1', 90)]);
  });

  test('beyond the window moves to the next opening', () => {
    const spreadMinutes = 60;
    const sendAt = '19:59';
    const late = { ...LOAN, loanRef: 'a' };
    expect(jitterMsOf('a', spreadMinutes)).toBeGreaterThan(60_000);
    expect(slotOf({ sendAt }, { loan: late, spreadMinutes })?.at).toBe(taipei('2026-04-04 09:00'));
  });
});
