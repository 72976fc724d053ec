import { describe, expect, test } from 'vitest';
import { refusalOfDebtorAnswer, refusalOfTaskAnswer } from '../../domain/grievance-refusal.ts';
import type { GrievanceOutcome } from '../../domain/grievance.ts';
import { DAY_MS, type Instant, plusMs } from '../../domain/instant.ts';
import { nextGrievanceAction } from '../../domain/next-grievance-action.ts';
import { taipei } from '../support/events.ts';
import {
  RAISED_AT,
  debtorAnswered,
  givenGrievance,
  livedUntil,
  openSteps,
  opened,
  taskAnswered,
} from '../support/grievances.ts';

const before = (at: Instant) => plusMs(at, -1);
const after = (at: Instant) => plusMs(at, 1);
const ACKNOWLEDGE_BY = taipei('2026-04-09 15:00');
const DECIDE_BY = taipei('2026-04-23 15:00');
const DECIDED_AT = taipei('2026-04-20 10:00');
const ANSWER_BY = taipei('2026-04-23 10:00');
const ANSWERED_AT = taipei('2026-04-21 10:00');

/** A complaint that was heard by a person and decided on Monday 20 April. */
const decided = (outcome: GrievanceOutcome) => {
  const heard = livedUntil(opened({ way: 'hotline' }), RAISED_AT);
  return livedUntil(givenGrievance(heard, taskAnswered('investigation', outcome, DECIDED_AT)), DECIDED_AT);
};

describe('A6 J7: what people owe a debtor who complains', () => {
  test('acknowledgement and investigation begin at once', () => {
    const state = livedUntil(opened(), RAISED_AT);
    expect(openSteps(state)).toEqual([
      ['acknowledgement', RAISED_AT],
      ['investigation', RAISED_AT],
    ]);
    expect(state.tasks.map(({ goesOnAt }) => goesOnAt)).toEqual([ACKNOWLEDGE_BY, DECIDE_BY]);
    expect(nextGrievanceAction(state, RAISED_AT)).toEqual({
      kind: 'wait',
      until: ACKNOWLEDGE_BY,
      duties: ['acknowledgement', 'investigation'],
    });
  });

  test.each(['agent', 'hotline'] as const)('whom the %s has heard needs no acknowledgement', (way) => {
    const state = livedUntil(opened({ way }), RAISED_AT);
    expect(state.acknowledgedAt).toBe(RAISED_AT);
    expect(openSteps(state).map(([step]) => step)).toEqual(['investigation']);
  });

  test.each([
    ['acknowledgement', 1, ACKNOWLEDGE_BY],
    ['acknowledgement', 2, plusMs(ACKNOWLEDGE_BY, 3 * DAY_MS)],
    ['investigation', 1, DECIDE_BY],
    ['investigation', 2, plusMs(DECIDE_BY, 3 * DAY_MS)],
  ])('a supervisor hears of a late %s for the %s. time at its instant, not a millisecond before', (duty, level, at) => {
    const step = `escalation:${duty}:${level}`;
    const stepsAt = (now: Instant) => livedUntil(livedUntil(opened(), RAISED_AT), now).tasks.map((task) => task.step);
    expect(stepsAt(before(at))).not.toContain(step);
    expect(stepsAt(at)).toContain(step);
    expect(stepsAt(after(at))).toContain(step);
  });

  test('after the second escalation nobody is called again, and it still waits', () => {
    const late = livedUntil(livedUntil(opened({ way: 'hotline' }), RAISED_AT), taipei('2027-01-01 00:00'));
    expect(late.tasks.map(({ step }) => step)).toEqual([
      'investigation',
      'escalation:investigation:1',
      'escalation:investigation:2',
    ]);
    expect(nextGrievanceAction(late, taipei('2027-01-01 00:00'))).toMatchObject({ kind: 'wait', until: null });
  });

  test('an escalation that is answered changes nothing about what is late; the decision ends them all', () => {
    const late = livedUntil(livedUntil(opened({ way: 'hotline' }), RAISED_AT), plusMs(DECIDE_BY, 3 * DAY_MS));
    const seen = givenGrievance(
      late,
      taskAnswered('escalation:investigation:1', 'done', plusMs(DECIDE_BY, 4 * DAY_MS)),
    );
    expect(openSteps(seen).map(([step]) => step)).toEqual(['investigation', 'escalation:investigation:2']);
    const at = plusMs(DECIDE_BY, 5 * DAY_MS);
    expect(openSteps(givenGrievance(seen, taskAnswered('investigation', 'dismissed', at)))).toEqual([]);
  });

  test('the answer is owed from the decision on, and escalated like everything else', () => {
    const state = decided('dismissed');
    expect(openSteps(state)).toEqual([['answer', DECIDED_AT]]);
    expect(nextGrievanceAction(state, before(ANSWER_BY))).toMatchObject({ kind: 'wait', until: ANSWER_BY });
    expect(nextGrievanceAction(state, ANSWER_BY)).toMatchObject({
      kind: 'openTask',
      task: { step: 'escalation:answer:1', kind: 'escalation' },
    });
  });

  test.each([
    ['dismissed', null, 'close'],
    ['upheld', 'apology', 'close'],
    ['upheld', 'feeWaived', 'wait'],
    ['partlyUpheld', 'creditRecordCorrected', 'wait'],
  ] as const)('%s with remedy %s: after the answer comes %s', (outcome, remedy, kind) => {
    const answered = livedUntil(givenGrievance(decided(outcome), debtorAnswered(ANSWERED_AT, remedy)), ANSWERED_AT);
    const action = nextGrievanceAction(answered, ANSWERED_AT);
    expect(action).toMatchObject(kind === 'close' ? { kind, at: ANSWERED_AT } : { kind, duties: ['correction'] });
  });

  test('what costs money is done in the loan system before collection goes on', () => {
    const answered = livedUntil(
      givenGrievance(decided('upheld'), debtorAnswered(ANSWERED_AT, 'feeWaived')),
      ANSWERED_AT,
    );
    expect(openSteps(answered)).toEqual([['correction', ANSWERED_AT]]);
    const at = taipei('2026-04-24 09:00');
    const corrected = livedUntil(givenGrievance(answered, taskAnswered('correction', 'done', at)), at);
    expect(nextGrievanceAction(corrected, at)).toEqual({ kind: 'close', at });
  });

  test.each([
    ['verified', ['close']],
    ['partlyOwed', ['wait', 'correction']],
    ['notOwed', ['wait', 'correction']],
  ] as const)('a dispute that is %s', (outcome, [kind, duty]) => {
    const dispute = livedUntil(opened({ kind: 'dispute', way: 'agent', about: null }), RAISED_AT);
    const verdict = taskAnswered('investigation', outcome, DECIDED_AT, 'dispute~G-1');
    const state = livedUntil(givenGrievance(dispute, verdict, debtorAnswered(ANSWERED_AT)), ANSWERED_AT);
    expect(dispute.tasks).toMatchObject([{ kind: 'disputeVerification' }]);
    expect(nextGrievanceAction(state, ANSWERED_AT)).toMatchObject(duty ? { kind, duties: [duty] } : { kind });
  });
});

describe('what an upheld complaint means for whom it is about', () => {
  test.each([
    ['upheld', {}, { from: DECIDED_AT, until: taipei('2026-05-04 10:00') }],
    ['partlyUpheld', {}, { from: DECIDED_AT, until: taipei('2026-05-04 10:00') }],
    ['dismissed', {}, null],
    ['upheld', { about: null }, null],
  ] as const)('%s, %j', (outcome, change, suspension) => {
    const heard = livedUntil(opened({ way: 'hotline', ...change }), RAISED_AT);
    const state = givenGrievance(heard, taskAnswered('investigation', outcome, DECIDED_AT));
    const action = nextGrievanceAction(state, DECIDED_AT);
    expect(action.kind === 'record' && action.suspension).toEqual(
      suspension && { suspensionId: 'G-1', subject: { kind: 'agent', ref: 'agent-9' }, ...suspension },
    );
  });
});

describe('what is refused', () => {
  const answer = (step: string, given: 'done' | 'upheld' | 'verified', actor = 'agent-3') =>
    ({ taskId: `complaint~G-1~${step}`, answer: given, actor }) as const;
  const letter = (remedy: 'apology' | null) =>
    ({ channel: 'letter', reference: 'L-1', remedy, actor: 'agent-3' }) as const;

  test.each([
    ['an unknown task', 'nothing', 'done', 'agent-3', 'TASK_UNKNOWN'],
    ['an answer of another kind', 'investigation', 'verified', 'agent-3', 'TASK_ANSWER_INVALID'],
    ['a decision by whom it is about', 'investigation', 'upheld', 'agent-9', 'FOUR_EYES'],
  ] as const)('%s', (_what, step, given, actor, code) => {
    expect(refusalOfTaskAnswer(livedUntil(opened(), RAISED_AT), answer(step, given, actor))).toMatchObject({ code });
  });

  test('the answer to the debtor is told, not ticked off', () => {
    expect(refusalOfTaskAnswer(decided('upheld'), answer('answer', 'done'))).toMatchObject({
      code: 'TASK_ANSWER_INVALID',
    });
  });

  test('nobody is answered before the decision, twice, without a remedy that is due, or with one that is not', () => {
    const codeOf = (...args: Parameters<typeof refusalOfDebtorAnswer>) => refusalOfDebtorAnswer(...args)?.code ?? null;
    expect(codeOf(opened(), letter(null))).toBe('GRIEVANCE_UNDECIDED');
    expect(codeOf(decided('upheld'), letter(null))).toBe('GRIEVANCE_REMEDY');
    expect(codeOf(decided('dismissed'), letter('apology'))).toBe('GRIEVANCE_REMEDY');
    expect(codeOf(decided('dismissed'), letter(null))).toBeNull();
    const answered = givenGrievance(decided('dismissed'), debtorAnswered(ANSWERED_AT));
    expect(codeOf(answered, letter(null))).toBe('GRIEVANCE_ANSWERED');
  });

  test('what comes twice counts once', () => {
    const twice = [debtorAnswered(ANSWERED_AT), debtorAnswered(after(ANSWERED_AT))];
    expect(givenGrievance(decided('dismissed'), ...twice)).toEqual(
      givenGrievance(decided('dismissed'), debtorAnswered(ANSWERED_AT)),
    );
    const verdicts = [
      taskAnswered('investigation', 'upheld', DECIDED_AT),
      taskAnswered('investigation', 'dismissed', DECIDED_AT),
    ];
    const state = givenGrievance(livedUntil(opened(), RAISED_AT), ...verdicts);
    expect([state.decision?.outcome, state.unrecorded.length]).toEqual(['upheld', 1]);
  });
});
