import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedHold } from '../../domain/debtor-standing.ts';
import { endedPauses, pauseAt, pausesOf } from '../../domain/pauses.ts';
import { timetableOf } from '../../domain/timetable.ts';
import { plusMs } from '../../domain/instant.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';
import { calendar, contact, strategy } from '../support/strategy.ts';

const OPENED = taipei('2026-04-01 00:00');

function hold(from: string, to: string | null, change: Partial<PlacedHold> = {}): PlacedHold {
  return {
    holdId: `${from}-${to}`,
    reason: 'dispute',
    from: taipei(from),
    to: to === null ? null : taipei(to),
    debt: null,
    treatmentEnd: null,
    ...change,
  };
}

const pausesFor = (...holds: readonly PlacedHold[]) =>
  pausesOf({ loanRef: 'L-1', openedAt: OPENED, holds, agreements: [], closures: [], refusals: [] });

describe('T6: the times in which the ladder stands still', () => {
  test('holds that overlap or touch are one pause, others are their own', () => {
    expect(
      pausesFor(
        hold('2026-04-20 00:00', '2026-04-22 00:00'),
        hold('2026-04-05 00:00', '2026-04-10 00:00'),
        hold('2026-04-08 00:00', '2026-04-12 00:00'),
        hold('2026-04-12 00:00', '2026-04-13 00:00'),
      ),
    ).toEqual([
      { from: taipei('2026-04-05 00:00'), to: taipei('2026-04-13 00:00') },
      { from: taipei('2026-04-20 00:00'), to: taipei('2026-04-22 00:00') },
    ]);
  });

  test('one without an end swallows what comes after it', () => {
    expect(pausesFor(hold('2026-04-05 00:00', null), hold('2026-04-08 00:00', '2026-04-12 00:00'))).toEqual([
      { from: taipei('2026-04-05 00:00'), to: null },
    ]);
  });

  test('what lies before the case is left out, and of a back-dated hold only what lies in it counts', () => {
    expect(pausesFor(hold('2026-03-01 00:00', '2026-04-01 00:00'))).toEqual([]);
    expect(pausesFor(hold('2026-03-01 00:00', '2026-04-04 00:00'))).toEqual([
      { from: OPENED, to: taipei('2026-04-04 00:00') },
    ]);
  });

  test('a hold of another loan does not count, nor one that is empty', () => {
    expect(pausesFor(hold('2026-04-05 00:00', null, { debt: 'L-2' }))).toEqual([]);
    expect(pausesFor(hold('2026-04-05 00:00', '2026-04-05 00:00'))).toEqual([]);
  });

  test('agreements pause like holds', () => {
    const agreements = [{ madeAt: taipei('2026-04-09 00:00'), endedAt: null }];
    const holds = [hold('2026-04-05 00:00', '2026-04-10 00:00')];
    expect(pausesOf({ loanRef: 'L-1', openedAt: OPENED, holds, agreements, closures: [], refusals: [] })).toEqual([
      { from: taipei('2026-04-05 00:00'), to: null },
    ]);
  });

  test('an end is half-open: at its instant the pause is over', () => {
    const pauses = pausesFor(hold('2026-04-05 00:00', '2026-04-10 00:00'));
    const end = taipei('2026-04-10 00:00');
    expect(pauseAt(pauses, plusMs(end, -1))).toEqual(pauses[0]);
    expect(pauseAt(pauses, end)).toBeNull();
    expect(endedPauses(pauses, plusMs(end, -1))).toEqual([]);
    expect(endedPauses(pauses, end)).toEqual(pauses);
  });

  test('pauses never touch, are in order, and cover exactly the instants in which something holds', () => {
    const day = fc.integer({ min: 0, max: 40 });
    const holds = fc.array(fc.tuple(day, fc.option(fc.integer({ min: 0, max: 12 }), { nil: null })), { maxLength: 6 });
    const at = (days: number) => plusMs(OPENED, days * 86_400_000);
    fc.assert(
      fc.property(holds, day, (spans, probe) => {
        const placed = spans.map(([from, days]) =>
          hold('2026-04-01 00:00', null, { from: at(from), to: days === null ? null : at(from + days) }),
        );
        const pauses = pausesFor(...placed);
        for (const [index, pause] of pauses.entries()) {
          const next = pauses[index + 1];
          if (next) expect(pause.to !== null && pause.to < next.from).toBe(true);
        }
        const isHeld = placed.some(({ from, to }) => from <= at(probe) && (to === null || at(probe) < to));
        expect(pauseAt(pauses, at(probe)) !== null).toBe(isHeld);
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });
});

describe('T6: after a pause the steps to come are as many days later', () => {
  const ladder = strategy({ steps: [contact({ id: 'a', day: { all: 2 } }), contact({ id: 'b', day: { all: 10 } })] });
  const planned = (zone: string, dueOn: string, ...pauses: readonly { from: string; to: string }[]) =>
    timetableOf(ladder, { loanRef: 'L-1', dueOn, zone }, calendar(), pauses).map(({ slots }) => slots['all']?.at);

  test('those before it stay where they were', () => {
    const pause = { from: taipei('2026-04-05 12:00'), to: taipei('2026-04-12 09:00') };
    expect(planned('Asia/Taipei', '2026-04-01')).toEqual([taipei('2026-04-03 10:00'), taipei('2026-04-11 10:00')]);
    expect(planned('Asia/Taipei', '2026-04-01', pause)).toEqual([
      taipei('2026-04-03 10:00'),
      taipei('2026-04-18 10:00'),
    ]);
  });

  test('but not a reminder of the due date, which is about that date', () => {
    const steps = [contact({ id: 'reminder', day: { all: -3 } }), contact({ id: 'a', day: { all: 0 } })];
    const pause = { from: taipei('2026-03-20 09:00'), to: taipei('2026-03-30 09:00') };
    const loan = { loanRef: 'L-1', dueOn: '2026-04-01', zone: 'Asia/Taipei' };
    const [reminder, first] = timetableOf(strategy({ steps }), loan, calendar(), [pause]);
    expect(reminder?.slots['all']).toEqual({ at: taipei('2026-03-29 10:00'), until: taipei('2026-04-01 00:00') });
    expect(first?.slots['all']?.at).toBe(taipei('2026-04-11 10:00'));
  });

  test('a step of the very day on which it begins comes later too', () => {
    const pause = { from: taipei('2026-04-03 09:00'), to: taipei('2026-04-04 09:00') };
    expect(planned('Asia/Taipei', '2026-04-01', pause)[0]).toBe(taipei('2026-04-04 10:00'));
  });

  test('two pauses one after the other add up, in local days over a change of clocks', () => {
    const first = { from: '2026-03-26T12:00:00.000Z', to: '2026-03-28T12:00:00.000Z' };
    const second = { from: '2026-03-31T12:00:00.000Z', to: '2026-04-03T12:00:00.000Z' };
    // Berlin goes from UTC+1 to UTC+2 on 29 March 2026: ten o'clock stays ten o'clock.
    expect(planned('Europe/Berlin', '2026-03-20', first, second)).toEqual([
      '2026-03-22T09:00:00.000Z',
      '2026-04-04T08:00:00.000Z',
    ]);
  });
});
