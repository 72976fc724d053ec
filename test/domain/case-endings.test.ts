import { describe, expect, test } from 'vitest';
import type { BalanceView } from '../../domain/case-state.ts';
import { endingOf, nextAction } from '../../domain/next-action.ts';
import { contactsDue, given, openedCase, settled, view } from '../support/case.ts';
import { taipei } from '../support/events.ts';

const payday = taipei('2026-04-03 10:00');
const later = taipei('2026-05-04 12:00');

describe('how a balance ends a case', () => {
  const cleared = (at: string, outstandingMinor: number) => ({ at, outstandingMinor });

  test.each<[string, Partial<BalanceView>, { outcome: string; at: string } | null]>([
    ['something is due: not at all', {}, null],
    ['nothing is due, the loan goes on', { cleared: cleared(payday, 1) }, { outcome: 'cured', at: payday }],
    ['nothing is due, nothing is left', { cleared: cleared(payday, 0) }, { outcome: 'paidInFull', at: payday }],
    ['the lender takes it back', { closed: { at: later, reason: 'recalled' } }, { outcome: 'recalled', at: later }],
    ['the lender writes it off', { closed: { at: later, reason: 'writtenOff' } }, { outcome: 'writtenOff', at: later }],
    [
      'it was paid before the lender took it back',
      { cleared: cleared(payday, 1), closed: { at: later, reason: 'recalled' } },
      { outcome: 'cured', at: payday },
    ],
    [
      'the lender took it back before it was paid',
      { cleared: cleared(later, 1), closed: { at: payday, reason: 'recalled' } },
      { outcome: 'recalled', at: payday },
    ],
    [
      'it was paid in the same instant: the money was first',
      { cleared: cleared(payday, 0), closed: { at: payday, reason: 'writtenOff' } },
      { outcome: 'paidInFull', at: payday },
    ],
  ])('%s', (_what, change, ending) => {
    const found = endingOf({ ...view(change.cleared ? 0 : 500_000), cleared: null, ...change });
    expect(found).toEqual(ending && { kind: 'close', ...ending });
  });
});

describe('an ending', () => {
  const opened = openedCase();

  test.each([
    ['a second before the contact', '2026-04-03 09:59:59'],
    ['at the very instant of the contact', '2026-04-03 10:00:00'],
  ])('T2: a payment %s beats it', (_when, at) => {
    const paid = view(0, { version: 2, effectiveAt: taipei(at) });
    const state = given(opened, { type: 'balanceChanged', balance: paid, at: taipei(at) });
    expect(nextAction(state, payday)).toEqual({ kind: 'close', outcome: 'cured', at: taipei(at) });
  });

  test('is closed at the payment’s own instant, however late it is heard of', () => {
    const paid = view(0, { version: 2, effectiveAt: payday });
    const state = given(opened, { type: 'balanceChanged', balance: paid, at: later });
    expect(nextAction(state, later)).toMatchObject({ kind: 'close', at: payday });
  });

  test('of an older balance version ends nothing', () => {
    const paid = view(0, { version: 1, effectiveAt: payday });
    const state = given(opened, { type: 'balanceChanged', balance: paid, at: payday });
    expect(contactsDue(state, payday)).toHaveLength(1);
  });

  test('that is taken back before the case is closed lets the case go on', () => {
    const paid = given(opened, {
      type: 'balanceChanged',
      balance: view(0, { version: 2, effectiveAt: payday }),
      at: payday,
    });
    const back = given(paid, {
      type: 'balanceChanged',
      balance: view(500_000, { version: 3, effectiveAt: later }),
      at: later,
    });
    expect(nextAction(back, later).kind).not.toBe('close');
  });

  test('comes before a task that is due, a doubt about a contact and a calendar that lacks a year', () => {
    const doubtful = given(opened, settled('first', payday, 'unknown'));
    const unplanned = { ...doubtful, steps: doubtful.steps.map((step) => ({ ...step, slots: { medium: null } })) };
    const paid = given(unplanned, {
      type: 'balanceChanged',
      balance: view(0, { version: 2, effectiveAt: later }),
      at: later,
    });
    expect(nextAction(unplanned, later)).toMatchObject({ kind: 'openTask' });
    expect(nextAction(given(paid), later)).toMatchObject({ kind: 'close' });
  });
});
