import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Calendar } from '../../domain/calendar.ts';
import { type CaseState, type Fact, type OpenTask, TASK_ANSWERS } from '../../domain/case-state.ts';
import { evolve } from '../../domain/evolve.ts';
import { type Instant, MINUTE_MS, epochMsOf, plusMs } from '../../domain/instant.ts';
import { type Action, type ContactIntent, nextAction } from '../../domain/next-action.ts';
import { CHANNELS, type Step, type TaskKind } from '../../domain/strategy.ts';
import { answered, deepFreeze, openedCase, settled, view } from '../support/case.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';
import { EVERY_DAY, WORKDAYS, calendar, contact, task } from '../support/strategy.ts';

const HOUR_MS = 3_600_000;
const START = taipei('2026-12-01 00:00');
const END = taipei('2027-03-01 00:00');
const ACTION_LIMIT = 400;
const AMOUNTS = [0, 1, 299_999, 300_000, 1_499_999, 1_500_000];

interface Script {
  readonly opened: CaseState;
  readonly wholeCalendar: CaseState['steps'];
  /** What the loan system says, by instant; the amount due from then on. */
  readonly news: readonly { readonly at: Instant; readonly overdueMinor: number; readonly isStale: boolean }[];
  /** Decides, one after the other, what becomes of contacts and what people answer. */
  readonly choices: readonly number[];
}

const days = fc.record(
  {
    small: fc.integer({ min: -3, max: 40 }),
    medium: fc.integer({ min: -3, max: 40 }),
    large: fc.integer({ min: -3, max: 40 }),
  },
  { requiredKeys: [] },
);
const sendAt = fc.constantFrom('09:00', '10:00', '12:30', '19:59');
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      day: days,
      sendAt,
      channel: fc.constantFrom(...CHANNELS),
      validDays: fc.nat({ max: 6 }),
      catchUp: fc.boolean(),
    })
    .map((change) => contact(change)),
  fc
    .record({
      day: days,
      sendAt,
      task: fc.constantFrom<TaskKind>('agentCall', 'fieldVisit', 'legalReferral', 'review'),
      waitDays: fc.nat({ max: 9 }),
      catchUp: fc.boolean(),
    })
    .map((change) => task(change)),
);
const anySteps = fc
  .array(anyStep, { maxLength: 6 })
  .map((steps) => steps.map((step, index) => ({ ...step, id: `s${index}` })));
const anyInstant = fc.integer({ min: 0, max: 89 * 24 }).map((hours) => plusMs(START, hours * HOUR_MS));
const anyNews = fc
  .array(fc.record({ at: anyInstant, overdueMinor: fc.constantFrom(...AMOUNTS), isStale: fc.boolean() }), {
    maxLength: 5,
  })
  .map((news) => news.toSorted((a, b) => epochMsOf(a.at) - epochMsOf(b.at)));
const anyScript: fc.Arbitrary<Script> = fc
  .record({
    steps: anySteps,
    window: fc.constantFrom(EVERY_DAY, WORKDAYS),
    spreadMinutes: fc.constantFrom(0, 0, 90),
    known: fc.constantFrom<Calendar>(calendar(), calendar({ 2026: {} })),
    dueOn: fc.constantFrom('2026-12-04', '2026-11-10', '2026-12-30'),
    overdueMinor: fc.constantFrom(...AMOUNTS.slice(1)),
    news: anyNews,
    choices: fc.array(fc.nat({ max: 99 }), { minLength: 8, maxLength: 30 }),
  })
  .map(({ steps, window, spreadMinutes, known, dueOn, overdueMinor, news, choices }) => {
    const opening = {
      strategy: { steps, window, spreadMinutes },
      statement: { dueOn },
      balance: view(overdueMinor),
      at: START,
    };
    const opened = openedCase({ ...opening, calendar: known });
    return { opened, wholeCalendar: openedCase({ ...opening, calendar: calendar() }).steps, news, choices };
  });

/** Lives a case through to its end or the end of the time, and calls `look` at every decision. */
function live(script: Script, look: (moment: Moment) => void): CaseState {
  let { opened: state } = script;
  let now = START;
  let chosen = 0;
  const choose = (count: number) => (script.choices[chosen++ % script.choices.length] ?? 0) % count;
  const coming: { readonly at: Instant; readonly fact: Fact }[] = [];
  let version = 1;
  for (const { at, overdueMinor, isStale } of script.news) {
    if (!isStale) version += 1;
    coming.push({
      at,
      fact: { type: 'balanceChanged', balance: view(overdueMinor, { version, effectiveAt: at }), at },
    });
  }
  for (let count = 0; count < ACTION_LIMIT; count += 1) {
    coming.sort((a, b) => epochMsOf(a.at) - epochMsOf(b.at));
    while (coming[0] && coming[0].at <= now) state = evolve(state, deepFreeze(coming.shift()?.fact) as Fact);
    const action = nextAction(deepFreeze(state), now);
    look({ state, now, action });
    if (action.kind === 'wait') {
      const next = [action.until, coming[0]?.at].filter((at) => at != null).toSorted()[0];
      if (next === undefined || next >= END) return state;
      now = next;
    } else if (action.kind === 'close') {
      return evolve(state, { type: 'closed', outcome: action.outcome, at: action.at });
    } else if (action.kind === 'contact') {
      for (const intent of action.contacts) state = evolve(state, outcomeOf(intent, now));
    } else if (action.kind === 'openTask') {
      state = evolve(state, { type: 'taskOpened', task: action.task });
      const answer = answerOf(action.task, now);
      if (answer) coming.push(answer);
    } else if (action.kind === 'recordAnswers') {
      state = evolve(state, { type: 'answersRecorded', taskIds: action.answers.map((answer) => answer.taskId) });
    } else if (action.kind === 'replan') {
      state = evolve(state, {
        type: 'replanned',
        steps: choose(2) === 0 ? state.steps : script.wholeCalendar,
        pauses: action.pauses,
      });
    } else {
      throw new Error(`Nobody has agreed on anything, yet the case asks to ${action.kind}.`);
    }
    // Nothing takes no time: now and then the machine is late by more than a minute.
    if (choose(7) === 0) now = plusMs(now, 2 * MINUTE_MS);
  }
  throw new Error(`The case never comes to rest; it is ${now}.`);

  function outcomeOf(intent: ContactIntent, at: Instant): Fact {
    const choice = choose(10);
    const result = (['unknown', 'undelivered', 'rejected', 'suppressed'] as const)[choice];
    if (choice < 7 || at >= intent.validUntil) return settled(intent.step, intent.at, result ?? 'sent', intent.channel);
    return { type: 'contactDeferred', step: intent.step, until: plusMs(at, (1 + choose(30)) * HOUR_MS) };
  }

  function answerOf({ taskId, kind }: OpenTask, at: Instant): { at: Instant; fact: Fact } | null {
    const delayHours = choose(4) * choose(100);
    if (choose(4) === 0) return null;
    const answeredAt = plusMs(at, delayHours * HOUR_MS);
    const answer = TASK_ANSWERS[kind][choose(TASK_ANSWERS[kind].length)] ?? 'done';
    return { at: answeredAt, fact: answered(taskId, answer, answeredAt) };
  }
}

interface Moment {
  readonly state: CaseState;
  readonly now: Instant;
  readonly action: Action;
}

/** @param check is told every decision of a case, and throws when it is wrong; the failure then names it. */
function forEveryCase(check: (script: Script) => (moment: Moment) => void): void {
  const property = fc.property(anyScript, (script) => {
    const look = check(script);
    live(script, (moment) => {
      try {
        look(moment);
      } catch (error) {
        const { now, action, state } = moment;
        throw new Error(`At ${now}: ${JSON.stringify(action)} of ${JSON.stringify(state)}`, { cause: error });
      }
    });
  });
  fc.assert(property, { ...FIXED_SEED, numRuns: 200 });
}

describe('a case with any strategy, payments, failures and answers', () => {
  test('T2: is never contacted once the money is there', () => {
    forEveryCase(() => ({ state, action }) => {
      if (state.balance.overdueMinor === 0) expect(['close', 'recordAnswers']).toContain(action.kind);
      if (action.kind === 'contact') expect(state.balance.overdueMinor).toBeGreaterThan(0);
    });
  });

  test('waits only for what is to come, and for nothing but a person without end', () => {
    forEveryCase(() => ({ state, now, action }) => {
      if (action.kind !== 'wait') return;
      if (action.until === null) expect(state.openTasks.length).toBeGreaterThan(0);
      else expect(action.until > now).toBe(true);
    });
  });

  test('makes a contact on its day of the tier or after it, and judges it at its instant or now', () => {
    forEveryCase(() => ({ state, now, action }) => {
      if (action.kind !== 'contact') return;
      expect(action.contacts.length).toBeGreaterThan(0);
      for (const { step, at } of action.contacts) {
        const slot = state.steps.find((each) => each.id === step)?.slots[state.tier];
        expect(slot && slot.at <= at).toBe(true);
        expect(at <= now && (at === now || epochMsOf(now) - epochMsOf(at) < MINUTE_MS)).toBe(true);
        expect(state.done[step]).toBeUndefined();
      }
    });
  });

  test('makes up only for steps that ask for it', () => {
    forEveryCase(() => ({ state, action }) => {
      if (action.kind !== 'contact') return;
      for (const { step } of action.contacts) {
        const planned = state.steps.find((each) => each.id === step);
        const isPassed = (planned?.slots[state.tier]?.at ?? '') < state.tierSince;
        if (isPassed && !state.deferred[step]) expect(planned?.catchUp).toBe(true);
      }
    });
  });

  test('is left alone while it waits for a person', () => {
    forEveryCase(() => ({ state, now, action }) => {
      const isHeld = state.openTasks.some((each) => each.goesOnAt > now);
      if (isHeld) expect(['wait', 'close', 'recordAnswers', 'openTask', 'replan']).toContain(action.kind);
    });
  });

  test('never uses a key or a task id twice', () => {
    forEveryCase(() => {
      const used = new Set<string>();
      return ({ action }) => {
        const keys = action.kind === 'contact' ? action.contacts.map((intent) => intent.key) : [];
        for (const key of action.kind === 'openTask' ? [action.task.taskId] : keys) {
          expect(used.has(key), key).toBe(false);
          used.add(key);
        }
      };
    });
  });

  test('ends, or has something to do, or somebody has it: no case runs out silently', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const moments: Moment[] = [];
        const { closed, openTasks } = live(script, (moment) => moments.push(moment));
        const { now, action } = moments.at(-1) as Moment;
        const isKept = closed !== null || openTasks.length > 0 || (action.kind === 'wait' && action.until !== null);
        if (!isKept) expect.fail(`At ${now} nobody has the case: ${JSON.stringify(action)}`);
      }),
      { ...FIXED_SEED, numRuns: 200 },
    );
  });

  test('decides the same on the same facts, and changes none of them', () => {
    forEveryCase(() => ({ state, now, action }) => {
      expect(nextAction(structuredClone(state), now)).toEqual(action);
      // What is carried through JSON, as between two runs of a workflow, decides the same too.
      expect(nextAction(JSON.parse(JSON.stringify(state)) as CaseState, now)).toEqual(action);
    });
  });
});
