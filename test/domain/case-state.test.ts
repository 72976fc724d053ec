import { describe, expect, test } from 'vitest';
import { CALENDAR_STEP, type Fact, NO_STANDING } from '../../domain/case-state.ts';
import { evolve } from '../../domain/evolve.ts';
import { openCase } from '../../domain/open-case.ts';
import { SEEN_AT, answered, balanceChanged, given, openedCase, settled, view } from '../support/case.ts';
import { dueSoon, paid, statement, taipei } from '../support/events.ts';
import { calendar, contact, strategy, task } from '../support/strategy.ts';
import { lastEffectOf, viewOfEvents } from '../../domain/open-case.ts';

const on = taipei('2026-04-03 10:00');

function opened(step: string, at = on, goesOnAt = at): Fact {
  return { type: 'taskOpened', task: { taskId: `L-1~1~${step}~1`, step, kind: 'review', openedAt: at, goesOnAt } };
}

describe('a case at its opening', () => {
  test.each([
    [1, 'small'],
    [299_999, 'small'],
    [300_000, 'medium'],
    [300_001, 'medium'],
    [1_499_999, 'medium'],
    [1_500_000, 'large'],
    [1_500_001, 'large'],
  ])('C13: with %d cents overdue is in tier %s', (overdueMinor, tier) => {
    expect(openedCase({ balance: view(overdueMinor) })).toMatchObject({ tier, tierSince: SEEN_AT });
  });

  test('has nothing behind it and pins its strategy version', () => {
    expect(openedCase({ strategy: { id: 'unsecured', version: 7 } })).toMatchObject({
      loanRef: 'L-1',
      debtorRef: 'D-1',
      episode: 1,
      strategy: { id: 'unsecured', version: 7 },
      openedAt: SEEN_AT,
      done: {},
      deferred: {},
      openTasks: [],
      contactsSent: 0,
      closed: null,
    });
  });

  test('is refused when the strategy speaks of another currency', () => {
    const inYuan = { strategy: strategy({ currency: 'CNY' }), calendar: calendar(), balance: view(1) };
    expect(() =>
      openCase({ statement: statement(), episode: 1, ...inYuan, standing: NO_STANDING, at: SEEN_AT }),
    ).toThrow(expect.objectContaining({ code: 'STRATEGY_CURRENCY' }));
  });

  test('is plain JSON: what a workflow carries on is what it had', () => {
    const state = given(openedCase(), settled('first', on), opened('review'));
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('the view of a balance', () => {
  const events = [paid(taipei('2026-04-05 10:00'), 500_000), dueSoon(SEEN_AT, statement())];

  test('counts the events and names the latest effect, in any order of arrival', () => {
    const expected = {
      version: 2,
      effectiveAt: taipei('2026-04-05 10:00'),
      overdueMinor: 0,
      cleared: { at: taipei('2026-04-05 10:00'), outstandingMinor: 1_500_000 },
      closed: null,
    };
    expect(viewOfEvents(events, strategy())).toEqual(expected);
    expect(viewOfEvents(events.toReversed(), strategy())).toEqual(expected);
    expect(lastEffectOf(events)).toBe(taipei('2026-04-05 10:00'));
  });

  test('does not exist before the first statement', () => {
    expect(viewOfEvents([paid(on, 1)], strategy())).toBeNull();
  });
});

describe('a changed balance', () => {
  test.each([
    [299_999, 'small', on],
    [300_000, 'medium', SEEN_AT],
    [1_499_999, 'medium', SEEN_AT],
    [1_500_000, 'large', on],
  ])('C13: of %d cents puts a medium case into tier %s, since %s', (overdueMinor, tier, tierSince) => {
    const state = openedCase();
    expect(given(state, balanceChanged(state, on, overdueMinor))).toMatchObject({ tier, tierSince });
  });

  test.each([1, 2])('of version %d, which the case has passed, changes nothing', (version) => {
    const state = openedCase({ balance: view(500_000, { version: 2 }) });
    expect(evolve(state, { type: 'balanceChanged', balance: view(100, { version }), at: on })).toBe(state);
  });
});

describe('a contact', () => {
  test('that was sent is behind the case and counted', () => {
    expect(given(openedCase(), settled('first', on))).toMatchObject({
      done: { first: { result: 'sent', at: on } },
      contactsSent: 1,
    });
  });

  test.each(['suppressed', 'rejected', 'unknown', 'undelivered'] as const)(
    'that was %s is behind the case and not counted',
    (result) => {
      const state = given(openedCase(), settled('first', on, result));
      expect(state.done['first']).toEqual({ result, at: on });
      expect(state.contactsSent).toBe(0);
    },
  );

  test('that was put off is remembered with how often', () => {
    const first = given(openedCase(), { type: 'contactDeferred', step: 'first', until: on });
    expect(first.deferred['first']).toEqual({ until: on, times: 1 });
    const later = taipei('2026-04-04 09:00');
    const second = given(first, { type: 'contactDeferred', step: 'first', until: later });
    expect(second.deferred['first']).toEqual({ until: later, times: 2 });
  });
});

describe('a task', () => {
  test('that is answered is closed, and its answer waits to be recorded, once', () => {
    const state = given(openedCase(), opened('review'), answered('L-1~1~review~1', 'done', on));
    expect(state.openTasks).toEqual([]);
    expect(state.unrecordedAnswers).toEqual([
      { taskId: 'L-1~1~review~1', answer: 'done', actor: 'agent-1', reason: 'a test', at: on },
    ]);
    expect(given(state, { type: 'answersRecorded', taskIds: ['L-1~1~review~1'] }).unrecordedAnswers).toEqual([]);
  });

  test('of which an answer is recorded leaves the others that are not', () => {
    const second: Fact = {
      type: 'taskOpened',
      task: { taskId: 'two', step: 'call', kind: 'agentCall', openedAt: on, goesOnAt: on },
    };
    const both = given(
      openedCase(),
      opened('review'),
      second,
      answered('two', 'done', on),
      answered('L-1~1~review~1', 'done', on),
    );
    const state = given(both, { type: 'answersRecorded', taskIds: ['two'] });
    expect(state.unrecordedAnswers.map((answer) => answer.taskId)).toEqual(['L-1~1~review~1']);
  });

  test('that is not open takes no answer', () => {
    const state = openedCase();
    expect(evolve(state, answered('L-1~1~review~1', 'done', on))).toBe(state);
  });

  test('for the calendar is asked for again after a new plan that still lacks the year', () => {
    const state = given(openedCase(), opened(CALENDAR_STEP), settled('first', on));
    const steps = openedCase({ strategy: { steps: [contact(), task()] } }).steps;
    expect(Object.keys(given(state, { type: 'replanned', steps, pauses: [] }).done)).toEqual(['first']);
  });
});

describe('a fact that comes twice', () => {
  const state = given(openedCase(), opened('call'));
  const once: readonly [string, Fact][] = [
    ['a balance', balanceChanged(state, on, 100)],
    ['a contact', settled('first', on)],
    ['a deferral', { type: 'contactDeferred', step: 'first', until: on }],
    ['a task', opened('review')],
    ['an answer', answered('L-1~1~call~1', 'done', on)],
    ['the record of an answer', { type: 'answersRecorded', taskIds: ['L-1~1~call~1'] }],
    ['a plan', { type: 'replanned', steps: state.steps, pauses: [] }],
    ['the end', { type: 'closed', outcome: 'cured', at: on }],
  ];

  test.each(once)('%s changes the case once', (_what, fact) => {
    const after = evolve(state, fact);
    expect(evolve(after, fact)).toEqual(after);
  });
});
