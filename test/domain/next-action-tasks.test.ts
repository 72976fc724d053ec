import { describe, expect, test } from 'vitest';
import { nextAction } from '../../domain/next-action.ts';
import { plusMs } from '../../domain/instant.ts';
import { openCase } from '../../domain/open-case.ts';
import {
  answered,
  balanceChanged,
  contactsDue,
  firstDeed,
  given,
  openedCase,
  settled,
  taskDue,
  view,
} from '../support/case.ts';
import { NO_STANDING } from '../../domain/case-state.ts';
import { statement, taipei } from '../support/events.ts';
import { WORKDAYS, calendar, contact, strategy, task } from '../support/strategy.ts';

const every = (day: number) => ({ small: day, medium: day, large: day });
const call = task({ id: 'call', task: 'agentCall', day: every(1) });
const visit = task({ id: 'visit', task: 'fieldVisit', day: every(10), waitDays: 14 });
const legal = task({ id: 'legal', task: 'legalReferral', day: every(30), waitDays: 30 });
const notice = contact({ id: 'notice', channel: 'email', day: every(24), sendAt: '10:00' });
const review = task({ id: 'last-review', day: every(60) });

describe('a task of the ladder', () => {
  const at = taipei('2026-04-02 09:30');

  test('is opened at its instant and not before', () => {
    const state = openedCase({ strategy: { steps: [call, review] } });
    expect(nextAction(state, plusMs(at, -1))).toMatchObject({ kind: 'wait', until: at });
    expect(taskDue(state, at)).toEqual({
      taskId: 'L-1~1~call~1',
      step: 'call',
      kind: 'agentCall',
      openedAt: at,
      goesOnAt: at,
    });
  });

  test('is opened once', () => {
    const state = openedCase({ strategy: { steps: [call, review] } });
    const opened = given(state, { type: 'taskOpened', task: taskDue(state, at) });
    expect(nextAction(opened, at)).toMatchObject({ kind: 'wait', until: taipei('2026-05-31 09:30') });
  });

  test('that the ladder does not wait for goes on at once, with the task open', () => {
    const text = contact({ id: 'text', day: every(1), sendAt: '09:31' });
    const state = openedCase({ strategy: { steps: [call, text, review] } });
    const opened = given(state, { type: 'taskOpened', task: taskDue(state, at) });
    expect(contactsDue(opened, taipei('2026-04-02 09:31')).map((intent) => intent.step)).toEqual(['text']);
  });
});

describe('C3: a task that the ladder waits for', () => {
  const at = taipei('2026-04-11 09:30');
  const goesOnAt = taipei('2026-04-25 00:00');
  const text = contact({ id: 'text', day: every(12), validDays: 20 });
  const state = openedCase({ strategy: { steps: [visit, text, notice, review] } });
  const opened = given(state, { type: 'taskOpened', task: taskDue(state, at) });

  test('holds everything back until it goes on by itself', () => {
    for (const now of [at, taipei('2026-04-13 10:00'), plusMs(goesOnAt, -1)]) {
      expect(nextAction(opened, now), now).toMatchObject({ kind: 'wait', until: goesOnAt, why: { for: 'person' } });
    }
  });

  test('lets what fell due meanwhile go when the wait is over, judged at that time', () => {
    expect(contactsDue(opened, goesOnAt)).toMatchObject([
      { step: 'text', at: goesOnAt, validUntil: taipei('2026-05-04 00:00') },
    ]);
  });

  test.each(['done', 'notDone', 'refused'] as const)('goes on at once when the answer is %s', (answer) => {
    const early = taipei('2026-04-15 12:00');
    const after = given(opened, answered('L-1~1~visit~1', answer, early));
    expect(nextAction(after, early)).toMatchObject({ kind: 'recordAnswers', answers: [{ answer, at: early }] });
    const recorded = given(after, { type: 'answersRecorded', taskIds: ['L-1~1~visit~1'] });
    expect(contactsDue(recorded, early)).toMatchObject([{ step: 'text', at: early }]);
  });

  test('is closed over by money that comes in', () => {
    const cleared = given(opened, balanceChanged(opened, taipei('2026-04-15 12:00'), 0));
    expect(nextAction(cleared, taipei('2026-04-15 12:00'))).toMatchObject({ kind: 'close', outcome: 'cured' });
  });

  test('that is opened late still ends its wait on its own day', () => {
    expect(taskDue(state, taipei('2026-04-20 08:00'))).toMatchObject({
      openedAt: taipei('2026-04-20 08:00'),
      goesOnAt,
    });
    const late = taipei('2026-04-26 08:00');
    expect(taskDue(state, late)).toMatchObject({ openedAt: late, goesOnAt: late });
  });
});

describe('T5: the legal referral', () => {
  const at = taipei('2026-05-01 09:30');
  const state = openedCase({ strategy: { steps: [legal, review] } });
  const opened = given(state, { type: 'taskOpened', task: taskDue(state, at) });
  const on = taipei('2026-05-10 15:00');

  test('that is handed off ends the case at the instant of the answer', () => {
    const handed = given(opened, answered('L-1~1~legal~1', 'handedOff', on), {
      type: 'answersRecorded',
      taskIds: ['L-1~1~legal~1'],
    });
    expect(nextAction(handed, plusMs(on, 5_000))).toEqual({ kind: 'close', outcome: 'legalHandoff', at: on });
  });

  test('records the answer before it ends the case', () => {
    const handed = given(opened, answered('L-1~1~legal~1', 'handedOff', on));
    expect(nextAction(handed, on).kind).toBe('recordAnswers');
  });

  test('that is refused goes on to the review', () => {
    const refused = given(opened, answered('L-1~1~legal~1', 'refused', on), {
      type: 'answersRecorded',
      taskIds: ['L-1~1~legal~1'],
    });
    expect(firstDeed(refused, on)).toMatchObject({
      at: taipei('2026-05-31 09:30'),
      action: { task: { kind: 'review' } },
    });
  });

  test('gives way to money that has come in before it is closed', () => {
    const handed = given(opened, answered('L-1~1~legal~1', 'handedOff', on), {
      type: 'answersRecorded',
      taskIds: ['L-1~1~legal~1'],
    });
    const paid = given(handed, balanceChanged(handed, taipei('2026-05-10 14:00'), 0));
    expect(nextAction(paid, on)).toMatchObject({ kind: 'close', outcome: 'cured', at: taipei('2026-05-10 14:00') });
  });
});

describe('the end of the ladder', () => {
  const at = taipei('2026-05-31 09:30');
  const state = openedCase({ strategy: { steps: [review] } });
  const opened = given(state, { type: 'taskOpened', task: taskDue(state, at) });

  test('waits for the person who has the case, for as long as it takes', () => {
    expect(nextAction(opened, at)).toMatchObject({
      kind: 'wait',
      until: null,
      why: { for: 'person', task: { kind: 'review' } },
    });
    expect(nextAction(opened, taipei('2027-05-31 09:30'))).toMatchObject({ kind: 'wait', until: null });
  });

  test('is reviewed again 30 days after the answer, and again', () => {
    let now = taipei('2026-06-02 12:00');
    let reviewed = given(opened, answered('L-1~1~last-review~1', 'done', now), {
      type: 'answersRecorded',
      taskIds: ['L-1~1~last-review~1'],
    });
    for (const [number, expected] of [
      [2, '2026-07-02 12:00'],
      [3, '2026-08-01 12:00'],
    ] as const) {
      const next = taipei(expected);
      expect(nextAction(reviewed, plusMs(next, -1))).toEqual({ kind: 'wait', until: next, why: { for: 'review' } });
      const again = taskDue(reviewed, next);
      expect(again).toMatchObject({ taskId: `L-1~1~case:review~${number}`, kind: 'review', openedAt: next });
      now = next;
      reviewed = given(reviewed, { type: 'taskOpened', task: again }, answered(again.taskId, 'done', now), {
        type: 'answersRecorded',
        taskIds: [again.taskId],
      });
    }
  });

  test('without any review in the strategy asks for one at once', () => {
    const sms = openedCase({ strategy: { steps: [contact()] } });
    const sent = given(sms, settled('first', taipei('2026-04-03 10:00')));
    expect(taskDue(sent, taipei('2026-04-03 10:00'))).toMatchObject({ step: 'case:review', kind: 'review' });
  });
});

describe('a contact of which nobody knows what became', () => {
  const at = taipei('2026-04-03 10:00');
  const sms = contact();
  const mail = contact({ id: 'mail', channel: 'email', day: every(4) });

  test.each(['unknown', 'undelivered'] as const)('%s: a person finds out, and it is never sent again', (result) => {
    const state = given(openedCase({ strategy: { steps: [sms, mail, review] } }), settled('first', at, result));
    const found = taskDue(state, at);
    expect(found).toMatchObject({ step: 'case:outcome:first', kind: 'contactOutcome', openedAt: at, goesOnAt: at });
    const opened = given(state, { type: 'taskOpened', task: found });
    expect(firstDeed(opened, at), 'the ladder goes on meanwhile').toMatchObject({
      at: taipei('2026-04-05 10:00'),
      action: { contacts: [{ step: 'mail' }] },
    });
    const answeredCase = given(opened, answered(found.taskId, 'notDone', at), {
      type: 'answersRecorded',
      taskIds: [found.taskId],
    });
    expect(firstDeed(answeredCase, at).action).toMatchObject({ contacts: [{ step: 'mail' }] });
  });

  test.each(['rejected', 'suppressed'] as const)('%s is known, and nobody is asked', (result) => {
    const state = given(openedCase({ strategy: { steps: [sms, mail, review] } }), settled('first', at, result));
    expect(nextAction(state, at)).toMatchObject({ kind: 'wait', until: taipei('2026-04-05 10:00') });
  });
});

describe('a calendar that lacks a year', () => {
  const only2026 = calendar({ 2026: {} });
  // Due on 20 December: first on the 22nd, the notice on 13 January, in a year that nobody knows yet.
  const opening = {
    strategy: { window: WORKDAYS, steps: [contact(), notice, review] },
    statement: { dueOn: '2026-12-20' },
    calendar: only2026,
    at: taipei('2026-12-18 00:00'),
  };
  const state = openedCase(opening);
  const asked = given(state, { type: 'taskOpened', task: taskDue(state, opening.at) });
  const replan = (known: typeof only2026) =>
    openCase({
      statement: statement(opening.statement),
      episode: 1,
      strategy: strategy(opening.strategy),
      calendar: known,
      balance: view(500_000),
      standing: NO_STANDING,
      at: opening.at,
    }).steps;

  test('opens a task for a person at once, and the planned steps go on', () => {
    expect(asked.openTasks).toMatchObject([{ kind: 'calendarMissing', step: 'case:calendar' }]);
    expect(firstDeed(asked, opening.at)).toMatchObject({
      at: taipei('2026-12-22 10:00'),
      action: { contacts: [{ step: 'first' }] },
    });
  });

  test('never lets a step go that could not be planned: the case waits for the person', () => {
    const sent = given(asked, settled('first', taipei('2026-12-22 10:00')));
    expect(nextAction(sent, taipei('2027-02-01 10:00'))).toMatchObject({
      kind: 'wait',
      until: null,
      why: { for: 'person' },
    });
  });

  const done = taipei('2026-12-28 10:00');
  const completed = given(
    asked,
    settled('first', taipei('2026-12-22 10:00')),
    answered('L-1~1~case:calendar~1', 'replan', done),
    {
      type: 'answersRecorded',
      taskIds: ['L-1~1~case:calendar~1'],
    },
  );

  test('is planned anew once the person says so', () => {
    expect(nextAction(completed, done)).toEqual({ kind: 'replan', pauses: [] });
    const planned = given(completed, { type: 'replanned', steps: replan(calendar()), pauses: [] });
    expect(firstDeed(planned, done)).toMatchObject({
      at: taipei('2027-01-13 10:00'),
      action: { contacts: [{ step: 'notice' }] },
    });
  });

  test('is asked for again when the year is still missing', () => {
    const planned = given(completed, { type: 'replanned', steps: replan(only2026), pauses: [] });
    expect(taskDue(planned, done)).toMatchObject({ taskId: 'L-1~1~case:calendar~2', kind: 'calendarMissing' });
  });

  test('does not matter for a step that is behind the case', () => {
    const behind = given(openedCase(opening), settled('notice', opening.at), settled('last-review', opening.at));
    expect(firstDeed(behind, opening.at).action).toMatchObject({ kind: 'contact', contacts: [{ step: 'first' }] });
  });
});
