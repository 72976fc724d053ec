import { describe, expect, test } from 'vitest';
import type { CaseState, Fact } from '../../domain/case-state.ts';
import { nextAction } from '../../domain/next-action.ts';
import type { Step } from '../../domain/strategy.ts';
import { contactsDue, given, openedCase, settled } from '../support/case.ts';
import { taipei } from '../support/events.ts';

const AT = taipei('2026-04-03 10:00');
const LATER = taipei('2026-04-04 10:00');

const steps: readonly Step[] = [
  {
    id: 'first',
    stage: 'early',
    do: 'contact',
    channel: 'sms',
    fallback: ['email', 'push'],
    template: 'overdue-first',
    day: { small: 2, medium: 2, large: 2 },
    sendAt: '10:00',
    validDays: 5,
    catchUp: false,
  },
];

const opened = () => openedCase({ strategy: { steps } });
const failed = (channel: 'sms' | 'email' | 'push', at: string): Fact => ({
  type: 'contactFailed',
  step: 'first',
  channel,
  at,
});
const due = (state: CaseState, at: string) =>
  contactsDue(state, at).map(({ key, channel, isLastResort }) => [key.split('/').at(-1), channel, isLastResort]);

describe('A7: a step whose contact does not reach the debtor goes to the next channel', () => {
  test('begins with its own channel, which is not the last resort', () => {
    expect(due(opened(), AT)).toEqual([['1', 'sms', false]]);
  });

  test.each(['unreachable', 'rejected'] as const)('at once when it is %s', (result) => {
    const state = given(opened(), settled('first', AT, result));
    expect(due(state, AT)).toEqual([['2', 'email', false]]);
  });

  test('when the provider reports a failure later', () => {
    const sent = given(opened(), settled('first', AT));
    expect(due(sent, LATER)).toEqual([]);
    const state = given(sent, failed('sms', LATER));
    expect(due(state, LATER)).toEqual([['2', 'email', false]]);
    expect(state.done['first']).toEqual({ result: 'failed', at: LATER });
  });

  test('the last channel is the last resort, and after it the step is behind the case', () => {
    const two = given(opened(), settled('first', AT, 'rejected'), settled('first', AT, 'unreachable', 'email'));
    expect(due(two, AT)).toEqual([['3', 'push', true]]);
    const three = given(two, settled('first', AT, 'rejected', 'push'));
    expect(due(three, AT)).toEqual([]);
    expect(nextAction(three, AT).kind).toBe('openTask');
  });

  test.each(['sent', 'suppressed', 'unknown', 'undelivered'] as const)('not when it was %s', (result) => {
    expect(due(given(opened(), settled('first', AT, result)), AT)).toEqual([]);
  });

  test('a failure that is told twice, or of a channel that was left, changes nothing', () => {
    const once = given(opened(), settled('first', AT), failed('sms', LATER), settled('first', LATER, 'sent', 'email'));
    expect(given(once, failed('sms', LATER))).toBe(once);
    expect(once.done['first']?.result).toBe('sent');
    expect(once.contactsSent).toBe(2);
  });

  test('keys stay unique when a deferral comes in between', () => {
    const put = given(opened(), settled('first', AT, 'rejected'), {
      type: 'contactDeferred',
      step: 'first',
      until: LATER,
    });
    expect(due(put, AT)).toEqual([]);
    expect(due(put, LATER)).toEqual([['3', 'email', false]]);
  });
});
