import { describe, expect, test } from 'vitest';
import { CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import { type ProposedAgreement, refusalOfAgreement } from '../../domain/agreement-refusal.ts';
import type { CaseState, Fact } from '../../domain/case-state.ts';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { nextAction } from '../../domain/next-action.ts';
import { answered, balanceChanged, given, openedCase, view } from '../support/case.ts';
import { taipei } from '../support/events.ts';
import { contact } from '../support/strategy.ts';

const PROMISED_AT = taipei('2026-04-02 15:00');
const DECIDED_AT = taipei('2026-04-11 00:00');

const NOTICES = {
  reminder: { channel: 'sms', template: 'promise-reminder' },
  broken: { channel: 'sms', fallback: ['email'], template: 'promise-broken' },
} as const;
const agreements = {
  ...CAUTIOUS_AGREEMENTS,
  promise: { ...CAUTIOUS_AGREEMENTS.promise, ...NOTICES, remindDaysBefore: 1 },
};
/** NT$5,000.00 due; an SMS on 3 April, another on 20 April. */
const opened = () =>
  openedCase({
    strategy: {
      agreements,
      steps: [contact({ id: 'first' }), contact({ id: 'second', day: { small: 19, medium: 19, large: 19 } })],
    },
  });

function promise(change: Partial<ProposedAgreement> = {}): ProposedAgreement {
  return {
    agreementId: 'P-1',
    kind: 'promise',
    way: 'phone',
    reason: 'illness',
    actor: 'agent-1',
    instalments: [
      { amountMinor: 200_000, dueOn: '2026-04-10', remindAt: taipei('2026-04-09 10:00'), decidedAt: DECIDED_AT },
    ],
    discountMinor: 0,
    ...change,
  };
}

const proposed = (change: Partial<ProposedAgreement> = {}, at = PROMISED_AT): Fact => ({
  type: 'agreementProposed',
  proposed: promise(change),
  at,
});
const recorded = (...agreementIds: readonly string[]): Fact => ({ type: 'agreementsRecorded', agreementIds });

function checked(state: CaseState, at: Instant, ...amounts: readonly [Instant, number][]): Fact {
  const receipts = amounts.map(([when, amountMinor]) => ({ at: when, amountMinor }));
  return { type: 'agreementChecked', agreementId: 'P-1', receipts, version: state.balance.version, at };
}

const promised = () => given(opened(), proposed(), recorded('P-1'));

describe('T4 P4: a promise', () => {
  test('is recorded before anything else is done', () => {
    const state = given(opened(), proposed());
    expect(nextAction(state, PROMISED_AT)).toMatchObject({
      kind: 'recordAgreements',
      agreements: [{ agreementId: 'P-1', status: 'open', madeAt: PROMISED_AT, reason: 'illness' }],
    });
  });

  test('pauses the ladder: the step of the next day is not made, the debtor is reminded in time', () => {
    const state = promised();
    const waiting = { kind: 'wait', until: taipei('2026-04-09 10:00'), why: { for: 'agreement', agreementId: 'P-1' } };
    expect(nextAction(state, PROMISED_AT)).toEqual(waiting);
    expect(nextAction(state, taipei('2026-04-03 10:00'))).toEqual(waiting);
    expect(nextAction(state, taipei('2026-04-09 10:00'))).toMatchObject({
      kind: 'contact',
      contacts: [
        {
          key: 'L-1/1/plain@1/agreement:P-1:remind:1/1',
          template: 'promise-reminder',
          validUntil: DECIDED_AT,
          agreed: { amountMinor: 200_000, dueOn: '2026-04-10' },
        },
      ],
    });
  });

  test('who promises after the hour of the reminder is not reminded', () => {
    const late = given(opened(), proposed({}, taipei('2026-04-09 10:00')), recorded('P-1'));
    expect(nextAction(late, taipei('2026-04-09 10:00'))).toMatchObject({ kind: 'wait', until: DECIDED_AT });
  });

  test('is looked at when money may have come in, and at its instant', () => {
    const paid = given(promised(), balanceChanged(promised(), taipei('2026-04-05 10:00'), 450_000));
    expect(nextAction(paid, taipei('2026-04-05 10:00'))).toMatchObject({ kind: 'checkAgreement' });
    const looked = given(paid, checked(paid, taipei('2026-04-05 10:00'), [taipei('2026-04-05 10:00'), 50_000]));
    expect(looked.agreements[0]).toMatchObject({ status: 'open', receivedMinor: 50_000 });
    expect(nextAction(looked, plusMs(DECIDED_AT, -1)).kind).toBe('recordAgreements');
    const settled = given(looked, recorded('P-1'));
    expect(nextAction(settled, DECIDED_AT)).toMatchObject({ kind: 'checkAgreement' });
  });

  test('kept: the steps to come are as many days later as it took, and nothing is said', () => {
    const at = taipei('2026-04-08 09:00');
    const paid = given(promised(), balanceChanged(promised(), at, 300_000));
    const kept = given(paid, checked(paid, at, [at, 200_000]), recorded('P-1'));
    expect(kept.agreements[0]).toMatchObject({ status: 'kept', endedAt: at });
    expect(nextAction(kept, at)).toEqual({ kind: 'replan', pauses: [{ from: PROMISED_AT, to: at }] });
  });

  test('broken: a word about it comes first, then the ladder where it was', () => {
    const missed = given(promised(), checked(promised(), DECIDED_AT), recorded('P-1'));
    const action = nextAction(missed, DECIDED_AT);
    const pauses = [{ from: PROMISED_AT, to: DECIDED_AT }];
    expect(action).toEqual({ kind: 'replan', pauses });
    const planned = given(missed, { type: 'replanned', steps: missed.steps, pauses });
    expect(nextAction(planned, DECIDED_AT)).toMatchObject({
      kind: 'contact',
      contacts: [{ step: 'agreement:P-1:broken', template: 'promise-broken', channel: 'sms', isLastResort: false }],
    });
    const morning = taipei('2026-04-11 09:00');
    const step = 'agreement:P-1:broken';
    const putOff = given(planned, { type: 'contactDeferred', step, until: morning });
    expect(nextAction(putOff, plusMs(morning, -1))).toMatchObject({ kind: 'wait', until: morning });
    const said = given(putOff, { type: 'contactSettled', step, channel: 'sms', result: 'sent', at: morning });
    // The steps as they were planned first: the one of 3 April is due, since it fell into the promise.
    expect(nextAction(said, morning)).toMatchObject({ kind: 'contact', contacts: [{ step: 'first' }] });
  });

  test('taken back money un-keeps it', () => {
    const at = taipei('2026-04-08 09:00');
    const paid = given(promised(), balanceChanged(promised(), at, 300_000));
    const kept = given(paid, checked(paid, at, [at, 200_000]), recorded('P-1'));
    const reversed = given(kept, balanceChanged(kept, taipei('2026-04-14 09:00'), 500_000));
    expect(nextAction(reversed, taipei('2026-04-14 09:00'))).toMatchObject({ kind: 'checkAgreement' });
    const broken = given(reversed, checked(reversed, taipei('2026-04-14 09:00')));
    expect(broken.agreements[0]).toMatchObject({ status: 'broken', endedAt: DECIDED_AT, receivedMinor: 0 });
  });

  test('P9: all of it paid: it is known to be kept before the case closes', () => {
    const at = taipei('2026-04-08 09:00');
    const paid = given(promised(), balanceChanged(promised(), at, 0));
    expect(nextAction(paid, at)).toMatchObject({ kind: 'checkAgreement' });
    const kept = given(paid, checked(paid, at, [at, 500_000]), recorded('P-1'));
    expect(nextAction(kept, at)).toMatchObject({ kind: 'close', outcome: 'cured' });
  });

  test('a new one takes the place of the open one', () => {
    const state = given(promised(), proposed({ agreementId: 'P-2' }, taipei('2026-04-05 09:00')));
    expect(state.agreements.map(({ agreementId, status }) => [agreementId, status])).toEqual([
      ['P-1', 'replaced'],
      ['P-2', 'open'],
    ]);
  });
});

describe('a settlement', () => {
  const settlement = (discountMinor: number) => ({
    agreementId: 'P-1',
    kind: 'settlement' as const,
    discountMinor,
    instalments: [{ amountMinor: 500_000 - discountMinor, dueOn: '2026-04-10', remindAt: null, decidedAt: DECIDED_AT }],
  });

  test('above the limit waits for somebody else, and so does the case', () => {
    const state = given(opened(), proposed(settlement(100_000)));
    expect(state.agreements).toEqual([]);
    const action = nextAction(state, PROMISED_AT);
    expect(action).toMatchObject({ kind: 'openTask', task: { kind: 'approval', step: 'case:approval:P-1' } });
    if (action.kind !== 'openTask') throw new Error('No task.');
    const asked = given(state, { type: 'taskOpened', task: action.task });
    const expiresAt = taipei('2026-04-09 15:00');
    expect(nextAction(asked, plusMs(expiresAt, -1))).toMatchObject({ kind: 'wait', until: expiresAt });
    expect(nextAction(asked, expiresAt)).toMatchObject({ kind: 'contact', contacts: [{ step: 'first' }] });
    const approved = given(asked, answered(action.task.taskId, 'approved', taipei('2026-04-03 09:00')));
    expect(approved).toMatchObject({ proposal: null, agreements: [{ status: 'open', discountMinor: 100_000 }] });
    const refused = given(asked, answered(action.task.taskId, 'refused', taipei('2026-04-03 09:00')));
    expect(refused).toMatchObject({ proposal: null, agreements: [] });
    const tooLate = given(asked, answered(action.task.taskId, 'approved', expiresAt));
    expect(tooLate.agreements).toEqual([]);
  });

  test('that was kept ends the case as settled, though the rest was never paid', () => {
    const loose = { ...agreements, settlement: { ...agreements.settlement, discountPercent: 20 } };
    const state = given(
      openedCase({ strategy: { agreements: loose } }),
      proposed(settlement(100_000)),
      recorded('P-1'),
    );
    const at = taipei('2026-04-08 09:00');
    const paid = given(state, balanceChanged(state, at, 100_000));
    const kept = given(paid, checked(paid, at, [at, 400_000]), recorded('P-1'));
    expect(nextAction(kept, at)).toEqual({ kind: 'close', outcome: 'settled', at });
  });
});

describe('T6: a hold', () => {
  const hold = (from: string, to: string | null, holdId = 'H-1') => ({
    holdId,
    reason: 'dispute' as const,
    from: taipei(from),
    to: to === null ? null : taipei(to),
    debt: null,
    treatmentEnd: null,
  });
  const held = (...holds: readonly ReturnType<typeof hold>[]) =>
    given(opened(), { type: 'standingChanged', standing: { version: holds.length, holds } });

  test('stops the ladder until the last one ends', () => {
    const state = held(
      hold('2026-04-02 09:00', '2026-04-05 09:00'),
      hold('2026-04-04 09:00', '2026-04-08 09:00', 'H-2'),
    );
    const until = taipei('2026-04-08 09:00');
    expect(nextAction(state, taipei('2026-04-03 10:00'))).toEqual({
      kind: 'wait',
      until,
      why: { for: 'hold', reasons: ['dispute'] },
    });
    expect(nextAction(state, until)).toEqual({
      kind: 'replan',
      pauses: [{ from: taipei('2026-04-02 09:00'), to: until }],
    });
  });

  test('without an end is looked at by a person after 30 days, and again', () => {
    const state = held(hold('2026-04-02 09:00', null));
    const reviewAt = taipei('2026-05-02 09:00');
    expect(nextAction(state, plusMs(reviewAt, -1))).toMatchObject({ kind: 'wait', until: reviewAt });
    const action = nextAction(state, reviewAt);
    expect(action).toMatchObject({ kind: 'openTask', task: { kind: 'review' } });
    if (action.kind !== 'openTask') throw new Error('No task.');
    const asked = given(state, { type: 'taskOpened', task: action.task });
    expect(nextAction(asked, reviewAt)).toMatchObject({ kind: 'wait', until: null });
    const reviewed = given(asked, answered(action.task.taskId, 'done', taipei('2026-05-04 09:00')), {
      type: 'answersRecorded',
      taskIds: [action.task.taskId],
    });
    expect(nextAction(reviewed, taipei('2026-05-04 09:00'))).toMatchObject({ until: taipei('2026-06-03 09:00') });
  });

  test('placed on the case counts at once, is recorded, and is not lost when older news comes', () => {
    const data = { debtorRef: 'D-1', reason: 'complaint', source: 'agent-1', loanRef: 'L-1' } as const;
    const event = { id: 'H-9', type: 'hold.placed', timestamp: taipei('2026-04-02 09:00'), data } as const;
    const state = given(opened(), { type: 'holdChanged', event });
    expect(nextAction(state, taipei('2026-04-02 09:00'))).toEqual({ kind: 'recordHolds', events: [event] });
    const news = given(state, { type: 'standingChanged', standing: { version: 1, holds: [] } });
    expect(news.holds).toMatchObject([{ holdId: 'H-9', reason: 'complaint', debt: 'L-1' }]);
    const stored = given(news, { type: 'holdsRecorded', eventIds: ['H-9'] });
    const stale = given(stored, { type: 'standingChanged', standing: { version: 1, holds: [] } });
    expect(stale).toBe(stored);
  });

  test('does not keep money that was promised from being looked at in its time', () => {
    const state = given(promised(), {
      type: 'standingChanged',
      standing: { version: 1, holds: [hold('2026-04-03 09:00', '2026-04-20 09:00')] },
    });
    expect(nextAction(state, taipei('2026-04-09 10:00'))).toMatchObject({ kind: 'wait', until: DECIDED_AT });
    expect(nextAction(state, DECIDED_AT)).toMatchObject({ kind: 'checkAgreement' });
    const broken = given(state, checked(state, DECIDED_AT), recorded('P-1'));
    const until = taipei('2026-04-20 09:00');
    expect(nextAction(broken, DECIDED_AT)).toMatchObject({ kind: 'wait', until });
    expect(nextAction(broken, until)).toEqual({ kind: 'replan', pauses: [{ from: PROMISED_AT, to: until }] });
  });
});

describe('an agreement is refused', () => {
  const limits = { ...agreements.promise, atMost: 1, smallestInstalmentMinor: 10_000 };
  const state = () => openedCase({ strategy: { agreements: { ...agreements, promise: limits } } });
  const part = (amountMinor: number, dueOn = '2026-04-10', decidedAt = DECIDED_AT) => ({
    amountMinor,
    dueOn,
    remindAt: null,
    decidedAt,
  });
  const kinds = { plan: { kind: 'plan' as const }, settlement: { kind: 'settlement' as const } };

  test.each<[string, Partial<ProposedAgreement>, string | null]>([
    ['an amount of all that is due', { instalments: [part(500_000)] }, null],
    ['one minor unit more', { instalments: [part(500_001)] }, 'AGREEMENT_INVALID'],
    ['nothing', { instalments: [part(0)] }, 'AGREEMENT_INVALID'],
    ['half a unit', { instalments: [part(1.5)] }, 'AGREEMENT_INVALID'],
    ['no instalment', { instalments: [] }, 'AGREEMENT_LIMIT'],
    ['two instalments', { instalments: [part(1, '2026-04-09'), part(1)] }, 'AGREEMENT_LIMIT'],
    ['in the past', { instalments: [part(1, '2026-04-01', PROMISED_AT)] }, 'AGREEMENT_INVALID'],
    ['in 14 days', { instalments: [part(1, '2026-04-16', taipei('2026-04-17 00:00'))] }, null],
    ['in 16 days', { instalments: [part(1, '2026-04-18', taipei('2026-04-19 00:00'))] }, 'AGREEMENT_LIMIT'],
    ['a discount on a promise', { discountMinor: 1 }, 'AGREEMENT_INVALID'],
    ['a plan of all', { ...kinds.plan, instalments: [part(250_000), part(250_000, '2026-05-10')] }, null],
    [
      'a plan that lacks one',
      { ...kinds.plan, instalments: [part(250_000), part(249_999, '2026-05-10')] },
      'AGREEMENT_INVALID',
    ],
    [
      'days in disorder',
      { ...kinds.plan, instalments: [part(250_000, '2026-05-10'), part(250_000)] },
      'AGREEMENT_INVALID',
    ],
    ['a settlement that adds up', { ...kinds.settlement, discountMinor: 1, instalments: [part(499_999)] }, null],
    ['one that does not', { ...kinds.settlement, discountMinor: 2, instalments: [part(499_999)] }, 'AGREEMENT_INVALID'],
  ])('or not: %s', (_what, change, code) => {
    expect(refusalOfAgreement(state(), promise(change), PROMISED_AT)?.code ?? null).toBe(code);
  });

  test('when there is one of that id, one too many, nothing due, or a plan is open', () => {
    const codeOf = (of: CaseState, change: Partial<ProposedAgreement> = {}) =>
      refusalOfAgreement(of, promise(change), PROMISED_AT)?.code;
    expect(codeOf(given(state(), proposed()))).toBe('AGREEMENT_KNOWN');
    expect(codeOf(given(state(), proposed()), { agreementId: 'P-2' })).toBe('AGREEMENT_LIMIT');
    expect(codeOf(openedCase({ balance: view(0) }))).toBe('AGREEMENT_NOTHING_DUE');
    const plan = { agreementId: 'P-7', kind: 'plan' as const, instalments: [part(500_000)] };
    expect(codeOf(given(state(), proposed(plan)))).toBe('AGREEMENT_OPEN');
    const waiting = given(
      opened(),
      proposed({ kind: 'settlement', discountMinor: 400_000, instalments: [part(100_000)] }),
    );
    expect(codeOf(waiting, { agreementId: 'P-8' })).toBe('AGREEMENT_PENDING');
  });
});
