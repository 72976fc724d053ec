import { describe, expect, test } from 'vitest';
import type { PlacedHold } from '../../domain/debtor-standing.ts';
import { frozenRangesOf } from '../../domain/frozen-ranges.ts';
import { taipei } from '../support/events.ts';

const ZONE = 'Asia/Taipei';

function hold(from: string, to: string | null, change: Partial<PlacedHold> = {}): PlacedHold {
  return {
    holdId: 'H',
    reason: 'dispute',
    from: taipei(from),
    to: to === null ? null : taipei(to),
    debt: null,
    treatmentEnd: null,
    ...change,
  };
}

const rangesOf = (holds: PlacedHold[], zone = ZONE) => frozenRangesOf({ loanRef: 'L-1', zone, holds, agreements: [] });

describe('Nothing accrues', () => {
  test('on any day that a hold touches', () => {
    expect(rangesOf([hold('2026-04-05 23:59', '2026-04-10 00:01')])).toEqual([
      { from: '2026-04-05', to: '2026-04-11' },
    ]);
    expect(rangesOf([hold('2026-04-05 00:00', '2026-04-10 00:00')])).toEqual([
      { from: '2026-04-05', to: '2026-04-10' },
    ]);
    expect(rangesOf([hold('2026-04-05 12:00', null)])).toEqual([{ from: '2026-04-05', to: null }]);
  });

  test('under a hold of the loan or of all loans, not of another', () => {
    const days = ['2026-04-05 00:00', '2026-04-06 00:00'] as const;
    expect(rangesOf([hold(...days, { debt: 'L-1' }), hold(...days, { debt: 'L-2' })])).toHaveLength(1);
  });

  test('UK2: until 30 days after the treatment in a crisis, and not at all while an attorney is written to', () => {
    const treatmentEnd = taipei('2026-04-20 00:00');
    const crisis = hold('2026-04-05 00:00', null, { reason: 'mental-health-crisis', treatmentEnd });
    expect(rangesOf([crisis])).toEqual([{ from: '2026-04-05', to: '2026-05-20' }]);
    expect(rangesOf([hold('2026-04-05 00:00', null, { reason: 'attorney' })])).toEqual([]);
  });

  test('while an agreement that freezes interest is open, and not under one that does not', () => {
    const madeAt = taipei('2026-04-05 15:00');
    const agreements = [
      { madeAt, endedAt: taipei('2026-05-01 10:00'), freezesInterest: true },
      { madeAt, endedAt: null, freezesInterest: true },
      { madeAt, endedAt: null, freezesInterest: false },
    ];
    expect(frozenRangesOf({ loanRef: 'L-1', zone: ZONE, holds: [], agreements })).toEqual([
      { from: '2026-04-05', to: '2026-05-02' },
      { from: '2026-04-05', to: null },
    ]);
  });

  test('by days of the debtor’s own zone; in one that nobody knows there are none, and nothing accrues there', () => {
    const inTaipei = [hold('2026-04-05 01:00', '2026-04-06 01:00')];
    expect(rangesOf(inTaipei, 'America/New_York')).toEqual([{ from: '2026-04-04', to: '2026-04-06' }]);
    expect(rangesOf(inTaipei, 'Mars/Olympus')).toEqual([]);
  });
});
