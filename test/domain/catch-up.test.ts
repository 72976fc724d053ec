import { describe, expect, test } from 'vitest';
import { nextAction } from '../../domain/next-action.ts';
import { checkStrategy } from '../../domain/strategy-check.ts';
import { contactsDue, firstDeed, given, openedCase, settled, taskDue } from '../support/case.ts';
import { taipei } from '../support/events.ts';
import { contact, strategy, task } from '../support/strategy.ts';

const first = contact({ id: 'first', day: { medium: 2 }, validDays: 3, catchUp: true });
const bill = contact({ id: 'bill', channel: 'email', day: { medium: 5 }, validDays: 3 });
const push = contact({ id: 'push', channel: 'push', day: { medium: 9 } });
const review = task({ day: { medium: 30 } });

function seenAt(local: string) {
  const at = taipei(local);
  return { at, state: openedCase({ strategy: { steps: [first, bill, push, review] }, at }) };
}

describe('T2: a loan that is first seen late', () => {
  test.each([
    ['a second before a step', '2026-04-03 09:59:59', 'first', '2026-04-03 10:00:00'],
    ['at the instant of a step', '2026-04-03 10:00:00', 'first', '2026-04-03 10:00:00'],
    ['a second after a step that is made up for', '2026-04-03 10:00:01', 'first', '2026-04-03 10:00:01'],
    ['a week after', '2026-04-10 11:00:00', 'first', '2026-04-10 11:00:00'],
    ['three months after', '2026-07-03 11:00:00', 'first', '2026-07-03 11:00:00'],
  ])('%s, %s, begins with %s at %s', (_when, seen, step, at) => {
    const { state, at: now } = seenAt(seen);
    expect(firstDeed(state, now)).toMatchObject({ at: taipei(at), action: { contacts: [{ step, at: taipei(at) }] } });
  });

  test.each([
    ['a second before a step', '2026-04-06 09:59:59', 'bill', '2026-04-06 10:00'],
    ['at the instant of a step', '2026-04-06 10:00:00', 'bill', '2026-04-06 10:00'],
    ['a second after: the step is left out', '2026-04-06 10:00:01', 'push', '2026-04-10 10:00'],
  ])('after what is made up for, %s: %s goes on with %s at %s', (_when, seen, step, at) => {
    const { state, at: now } = seenAt(seen);
    const caughtUp = given(state, settled('first', now));
    expect(firstDeed(caughtUp, now)).toMatchObject({ at: taipei(at), action: { contacts: [{ step }] } });
  });

  test('after the whole ladder still gets the friendly message, and then a person', () => {
    const { state, at } = seenAt('2026-08-01 11:00');
    expect(contactsDue(state, at).map((intent) => intent.step)).toEqual(['first']);
    expect(taskDue(given(state, settled('first', at)), at)).toMatchObject({ kind: 'review', openedAt: at });
  });
});

describe('a step that is made up for', () => {
  const days = (local: string, validUntil: string) => {
    const { state, at } = seenAt(local);
    expect(contactsDue(state, at)).toMatchObject([{ step: 'first', at, validUntil: taipei(validUntil) }]);
  };

  test('has 14 days from when the loan is seen', () => days('2026-05-01 11:00', '2026-05-15 11:00'));

  test('has them also when its own last evening has not passed yet', () =>
    days('2026-04-06 21:00', '2026-04-20 21:00'));

  test('is judged at the time it is when the case comes to it late', () => {
    const { state } = seenAt('2026-05-01 11:00');
    const now = taipei('2026-05-01 12:00');
    expect(contactsDue(state, now)).toMatchObject([{ at: now, validUntil: taipei('2026-05-15 11:00') }]);
  });

  test('and was put off is made when it may be', () => {
    const { state, at } = seenAt('2026-05-01 21:00');
    const until = taipei('2026-05-02 09:00');
    const deferred = given(state, { type: 'contactDeferred', step: 'first', until });
    expect(nextAction(deferred, at)).toMatchObject({ kind: 'wait', until });
    expect(contactsDue(deferred, until)).toMatchObject([{ at: until, validUntil: taipei('2026-05-15 21:00') }]);
  });

  test('and is a task is opened at once and no longer waited for', () => {
    const call = task({ id: 'call', task: 'agentCall', day: { medium: 2 }, waitDays: 5, catchUp: true });
    const at = taipei('2026-05-01 11:00');
    const state = openedCase({ strategy: { steps: [call, review] }, at });
    expect(taskDue(state, at)).toMatchObject({ step: 'call', openedAt: at, goesOnAt: at });
  });

  test('C1: is never a reminder of a date that has passed: a strategy cannot ask for it', () => {
    const reminder = contact({ id: 'reminder', day: { small: -3, medium: -3, large: -3 }, catchUp: true });
    const templates = new Map([['overdue-first', new Set(['sms'] as const)]]);
    const known = {
      calendars: new Set(['test']),
      rulePacks: new Set<string>(),
      templates,
      agreementTemplates: new Set<string>(),
      rateCapOf: () => null,
      lacking: () => [],
    };
    const faults = (steps: typeof reminder) => checkStrategy(strategy({ steps: [steps, task()] }), known);
    expect(faults(reminder)).toEqual([
      {
        path: ['steps', 0, 'catchUp'],
        at: 'value',
        message: 'A reminder before the due date could be made up for after it; leave catchUp out.',
      },
    ]);
    expect(faults({ ...reminder, catchUp: false })).toEqual([]);
  });
});
