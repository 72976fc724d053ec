import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../domain/agreement.ts';
import { instalmentsOf } from '../../../domain/agreement-terms.ts';
import type { CaseState } from '../../../domain/case-state.ts';
import { proposalOf } from '../../../domain/responses/proposal.ts';
import type { LoanFacts, Response } from '../../../domain/responses/response.ts';
import { ALWAYS, type ResponseKind } from '../../../domain/responses/model.ts';
import { given, openedCase } from '../../support/case.ts';
import { taipei } from '../../support/events.ts';
import { responses } from '../../support/responses.ts';
import { EVERY_DAY, calendar } from '../../support/strategy.ts';

const AT = taipei('2026-04-08 15:00');
const response = (kind: ResponseKind): Response => ({
  deed: { key: '1/first/sms', kind: 'sms', at: taipei('2026-04-08 10:00'), channel: 'sms', taskId: null },
  at: AT,
  isReached: true,
  kind,
});
const facts = (...payments: Receipt[]): LoanFacts => ({
  loanRef: 'L-1',
  debtorRef: 'D-1',
  zone: 'Asia/Taipei',
  window: EVERY_DAY,
  calendar: calendar(),
  payments,
});
const paid = (time: string, amountMinor: number): Receipt => ({ at: taipei(time), amountMinor });
const model = responses();
const honest = responses(
  {},
  { promise: { ...model.promise, withinDays: [5, 10], honest: ALWAYS }, plan: { ...model.plan, honest: ALWAYS } },
);
const promise = (by: typeof model, ...payments: Receipt[]) =>
  proposalOf(by, response('promise'), openedCase(), facts(...payments));

describe('a promise', () => {
  test('is of a share of what is due, by one of the next days', () => {
    expect(promise(model)).toEqual({
      agreementId: 'promise-1',
      kind: 'promise',
      way: 'selfService',
      reason: null,
      actor: 'response-model',
      parts: [{ amountMinor: 250_000, dueOn: '2026-04-13' }],
      discountMinor: 0,
    });
  });

  test('of an honest debtor is of what they are going to pay in that time, by the day of the last of it', () => {
    const payments = [paid('2026-04-08 14:59', 1), paid('2026-04-12 09:00', 100_000), paid('2026-04-18 23:59', 50_000)];
    expect(promise(honest, ...payments)?.parts).toEqual([{ amountMinor: 150_000, dueOn: '2026-04-18' }]);
    expect(promise(honest, paid('2026-04-12 09:00', 900_000))?.parts).toEqual([
      { amountMinor: 500_000, dueOn: '2026-04-12' },
    ]);
  });

  test('is not made by an honest debtor who is not going to pay', () => {
    expect(promise(honest)).toBeNull();
    expect(promise(honest, paid('2026-04-19 00:00', 500_000))).toBeNull();
  });

  test('keeps within the longest time that the strategy permits', () => {
    const far = responses({}, { promise: { percent: [100, 100], withinDays: [300, 300], honest: 0 } });
    expect(promise(far)?.parts).toEqual([{ amountMinor: 500_000, dueOn: '2026-04-22' }]);
  });
});

describe('a plan', () => {
  const plan = (by: typeof model, ...payments: Receipt[]) =>
    proposalOf(by, response('plan'), openedCase(), facts(...payments));

  test('is of what is due, in so many parts, within the limits of the strategy', () => {
    const four = responses({}, { plan: { parts: [4, 4], firstWithinDays: [10, 10], honest: 0 } });
    const parts = plan(four)?.parts ?? [];
    expect(parts.map(({ amountMinor }) => amountMinor)).toEqual([125_000, 125_000, 125_000, 125_000]);
    expect(parts.map(({ dueOn }) => dueOn)).toEqual(['2026-04-18', '2026-05-18', '2026-06-18', '2026-07-18']);
    const many = responses({}, { plan: { parts: [40, 40], firstWithinDays: [10, 10], honest: 0 } });
    expect(plan(many)?.parts, 'six at most').toHaveLength(6);
  });

  test('of an honest debtor is one that they are going to keep, or none', () => {
    const halves = [paid('2026-04-18 23:59', 250_000), paid('2026-05-18 23:59', 250_000)];
    expect(plan(honest, ...halves)?.parts, 'the most parts that are kept').toHaveLength(3);
    const late = [paid('2026-04-18 23:59', 250_000), paid('2026-05-19 00:00', 250_000)];
    expect(plan(honest, ...late), 'a minute').toBeNull();
    expect(plan(honest, paid('2026-04-18 23:59', 166_666), paid('2026-04-19 00:00', 333_334)), 'a cent').toBeNull();
  });
});

describe('nothing is agreed on', () => {
  const at = (state: CaseState, kind: ResponseKind = 'promise') => proposalOf(model, response(kind), state, facts());

  test('while an agreement is open, and when as many have been made as there may be', () => {
    let state = openedCase();
    const agreements: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const proposal = at(state);
      if (!proposal) break;
      agreements.push(proposal.agreementId);
      const instalments = instalmentsOf(proposal.parts, state.agreementPolicy.promise, 'Asia/Taipei');
      state = given(state, { type: 'agreementProposed', proposed: { ...proposal, instalments }, at: AT });
      expect(at(state), 'while it is open').toBeNull();
      expect(at(state, 'plan'), 'while it is open').toBeNull();
      state = given(state, {
        type: 'agreementCancelled',
        agreementId: proposal.agreementId,
        actor: 'agent-1',
        reason: 'a test',
        at: AT,
      });
    }
    expect(agreements).toEqual(['promise-1', 'promise-2', 'promise-3']);
  });

  test('by who rings or opts out, and once the case is closed', () => {
    expect(at(openedCase(), 'call')).toBeNull();
    expect(at(openedCase(), 'optOut')).toBeNull();
    expect(at(given(openedCase(), { type: 'closed', outcome: 'recalled', at: AT }))).toBeNull();
  });
});
