import { describe, expect, test } from 'vitest';
import type { LoanEvent } from '../../domain/events.ts';
import { type RehearsedLoan, rehearseDebtor } from '../../domain/rehearsal.ts';
import type { ResponseModel } from '../../domain/responses/model.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { SEEN_AT } from '../support/case.ts';
import { dueSoon, paid, statement, taipei } from '../support/events.ts';
import { odds, responses } from '../support/responses.ts';
import { calendar, contact, strategy, task } from '../support/strategy.ts';

const END = taipei('2026-10-01 00:00');
const call = task({ id: 'call', task: 'agentCall', day: { medium: 5 }, waitDays: 0 });
const later = contact({ id: 'later', channel: 'email', day: { medium: 20 } });

function loan(events: readonly LoanEvent[] = [], loanRef = 'L-1'): RehearsedLoan {
  const stated = statement({ loanRef });
  return { statement: stated, seenAt: SEEN_AT, events: [dueSoon(SEEN_AT, stated), ...events] };
}

function rehearse(model: ResponseModel | null, change: Partial<Strategy> = {}, ...loans: RehearsedLoan[]) {
  const policy = { strategy: strategy(change), calendar: calendar(), rulePacks: [], responses: model };
  return rehearseDebtor(loans.length === 0 ? [loan()] : loans, policy, END);
}

describe('a debtor who promises when a message comes', () => {
  const steps = [contact(), later, task()];
  const model = responses({ sms: odds('promise', { withinDays: 0 }) });

  test('and does not pay has broken it at the end of its day, and the ladder comes as many days later', () => {
    const { agreements, contacts } = rehearse(model, { steps });
    expect(agreements).toMatchObject([
      { agreementId: 'promise-1', agreedMinor: 250_000, dueOn: '2026-04-09', status: 'broken', receivedMinor: 0 },
    ]);
    expect(agreements[0]?.endedAt).toBe(taipei('2026-04-10 00:00'));
    // The promise is of the next morning. Six days stood still: day 20 of the ladder is day 26.
    expect(contacts.map(({ step, at }) => [step, at])).toEqual([
      ['first', taipei('2026-04-03 10:00')],
      ['later', taipei('2026-04-27 10:00')],
    ]);
  });

  test.each([
    ['all of it in time', 250_000, '2026-04-09 23:59', 'kept', '2026-04-09 23:59'],
    ['a cent too little', 249_999, '2026-04-09 23:59', 'partlyKept', '2026-04-10 00:00'],
    ['all of it a minute late', 250_000, '2026-04-10 00:00', 'broken', '2026-04-10 00:00'],
  ])('and pays %s, %d cents at %s, has it %s', (_what, amountMinor, at, status, endedAt) => {
    const { agreements, cases } = rehearse(model, { steps }, loan([paid(taipei(at), amountMinor)]));
    expect(agreements).toMatchObject([{ status, endedAt: taipei(endedAt), receivedMinor: amountMinor }]);
    expect(cases).toMatchObject([{ outcome: 'open', paidMinor: amountMinor }]);
  });

  test('and pays all that is due has kept it, and the case is over', () => {
    const { agreements, cases } = rehearse(model, { steps }, loan([paid(taipei('2026-04-05 12:00'), 500_000)]));
    expect(agreements).toMatchObject([{ status: 'kept', receivedMinor: 500_000 }]);
    expect(cases).toMatchObject([{ outcome: 'cured', closedAt: taipei('2026-04-05 12:00') }]);
  });
});

describe('an agent who is asked to call', () => {
  const steps = [contact({ channel: 'email' }), call, later, task()];

  test('and reaches the debtor puts down the plan that they ask for', () => {
    const { agreements } = rehearse(responses({ agentCall: odds('plan') }), { steps });
    expect(agreements).toMatchObject([{ kind: 'plan', agreedMinor: 500_000, status: 'broken' }]);
    expect([2, 3]).toContain(agreements[0]?.parts);
  });

  test('and reaches nobody leaves things as they are', () => {
    const nobody = rehearse(responses({ agentCall: odds('plan', { reached: 0 }) }), { steps });
    expect(nobody).toEqual(rehearse(null, { steps }));
  });

  test('does not call a debtor who has promised meanwhile', () => {
    const model = responses(
      { sms: odds('promise', { withinDays: 0 }), agentCall: odds('plan', { withinDays: 3 }) },
      { promise: { percent: [50, 50], withinDays: [14, 14], honest: 0 } },
    );
    const early = task({ id: 'call', task: 'agentCall', day: { medium: 2 }, sendAt: '09:30' });
    const { agreements } = rehearse(model, { steps: [contact(), early, task()] });
    expect(agreements.map(({ agreementId }) => agreementId)).toEqual(['promise-1']);
  });
});

describe('a debtor who', () => {
  test('opts out of a channel gets nothing more by it, for none of their loans', () => {
    const steps = [contact(), contact({ id: 'again', day: { medium: 10 } }), later, task()];
    const model = responses({ sms: odds('optOut', { withinDays: 0 }) });
    const { contacts } = rehearse(
      model,
      { steps, perDebtorPerDay: { sms: 2, email: 2, push: 1, voice: 1 } },
      loan(),
      loan([], 'L-2'),
    );
    expect(contacts.map(({ loanRef, step, verdict, reason }) => [loanRef, step, verdict, reason])).toEqual([
      ['L-1', 'first', 'sent', ''],
      ['L-1', 'again', 'suppressed', 'optedOut'],
      ['L-1', 'later', 'sent', ''],
      ['L-2', 'first', 'sent', ''],
      ['L-2', 'again', 'suppressed', 'optedOut'],
      ['L-2', 'later', 'sent', ''],
    ]);
  });

  test('rings and says nothing changes nothing', () => {
    const steps = [contact(), later, task()];
    expect(rehearse(responses({ sms: odds('call') }), { steps })).toEqual(rehearse(null, { steps }));
  });

  test('never responds, by a model that is there, is one of whom nothing is modelled', () => {
    const steps = [contact(), call, later, task()];
    const silent = odds(null, { reached: 0 });
    expect(rehearse(responses({ sms: silent, email: silent, agentCall: silent }), { steps })).toEqual(
      rehearse(null, { steps }),
    );
  });
});
