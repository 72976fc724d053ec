import { describe, expect, test } from 'vitest';
import { HOLD_REASONS } from '../../domain/debtor-events.ts';
import { HOLD_TERMS, endOfHold } from '../../domain/hold-terms.ts';
import { taipei } from '../support/events.ts';

const from = taipei('2026-04-01 09:00');
const none = { from, to: null, treatmentEnd: null };

describe('T6: how long a hold lasts', () => {
  test('UK1: breathing space 60 days at the longest, less when it is released before', () => {
    const sixtyDays = taipei('2026-05-31 09:00');
    expect(endOfHold({ ...none, reason: 'breathing-space' })).toBe(sixtyDays);
    const earlier = taipei('2026-05-31 08:59');
    expect(endOfHold({ ...none, reason: 'breathing-space', to: earlier })).toBe(earlier);
    expect(endOfHold({ ...none, reason: 'breathing-space', to: taipei('2026-06-30 09:00') })).toBe(sixtyDays);
  });

  test('UK2: a crisis as long as the treatment and 30 days, whatever else is said', () => {
    expect(endOfHold({ ...none, reason: 'mental-health-crisis', to: taipei('2026-04-10 09:00') })).toBeNull();
    const treated = { ...none, reason: 'mental-health-crisis' as const, treatmentEnd: taipei('2026-04-20 09:00') };
    expect(endOfHold(treated)).toBe(taipei('2026-05-20 09:00'));
  });

  test('UK6: a plan that is being arranged 30 days', () => {
    expect(endOfHold({ ...none, reason: 'plan-being-arranged' })).toBe(taipei('2026-05-01 09:00'));
  });

  test.each(
    HOLD_REASONS.filter((reason) => HOLD_TERMS[reason].longestDays === null && reason !== 'mental-health-crisis'),
  )('%s until it is released', (reason) => {
    expect(endOfHold({ ...none, reason })).toBeNull();
    expect(endOfHold({ ...none, reason, to: taipei('2027-01-01 00:00') })).toBe(taipei('2027-01-01 00:00'));
  });

  test('every reason says what it stops and who says so', () => {
    expect(Object.keys(HOLD_TERMS).toSorted()).toEqual([...HOLD_REASONS].toSorted());
    for (const terms of Object.values(HOLD_TERMS)) expect(terms.source.length).toBeGreaterThan(5);
  });
});
