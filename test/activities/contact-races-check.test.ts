import { describe, expect, test } from 'vitest';
import { type FaultKind, faultsOf } from '../support/races/check.ts';
import { cleanEvidence } from '../support/races/clean-evidence.ts';
import type { Evidence } from '../support/races/evidence.ts';

const clean = cleanEvidence();
const [sent, suppressed] = clean.rows as [Evidence['rows'][number], Evidence['rows'][number]];
const [message] = clean.messages as [Evidence['messages'][number]];
const [firstCall, secondCall] = clean.calls as [Evidence['calls'][number], Evidence['calls'][number]];

/** One fault each, planted into evidence of a race in which nothing went wrong. */
const PLANTED: Readonly<Record<FaultKind, readonly [what: string, change: Partial<Evidence>]>> = {
  doubled: ['a message that the gateway took twice', { messages: [message, message] }],
  notPlanned: [
    'a message that nobody asked for',
    { messages: [message, { ...message, key: 'R9', to: '+886900000009' }] },
  ],
  afterStop: [
    'a message of a call that began after the payment was committed',
    { calls: [{ ...firstCall, begunAt: 5, endedAt: 9 }, secondCall], takenAt: new Map([[message.key, 7]]) },
  ],
  byClearedBalance: [
    'a message that was decided by the balance that the payment cleared',
    { rows: [{ ...sent, balanceVersion: 2 }, suppressed] },
  ],
  overCap: ['a message to somebody who may get none that day', { caps: { sms: 0 } }],
  noOutcome: ['a contact without an outcome', { rows: [sent, { ...suppressed, status: 'reserved' }] }],
  twoOutcomes: ['a contact of which one caller was told something else', { calls: [...clean.calls, toldOtherwise()] }],
  notOnLedger: [
    'a message that the ledger says is suppressed',
    { rows: [{ ...sent, status: 'suppressed' }, suppressed] },
  ],
  notAtGateway: ['a contact that is sent only by the ledger', { messages: [] }],
};

/** A call that was told that the contact sent was suppressed. */
function toldOtherwise(): Evidence['calls'][number] {
  const [fact] = secondCall.facts;
  if (fact?.type !== 'contactSettled') throw new TypeError('The second contact is suppressed.');
  return { ...firstCall, facts: [{ ...fact, step: 'sms-0' }] };
}

describe('the checker of races', () => {
  test('finds nothing in a race in which nothing went wrong', () => {
    expect(faultsOf(clean)).toEqual([]);
  });

  const planted = Object.entries(PLANTED).map(([kind, [what, change]]) => ({ kind, what, change }));
  test.each(planted)('finds $what', ({ kind, change }) => {
    expect(faultsOf({ ...clean, ...change }).map((fault) => fault.kind)).toContain(kind);
  });

  test('a stop of another loan, debtor or channel is none', () => {
    const late = { calls: [{ ...firstCall, begunAt: 5, endedAt: 9 }], takenAt: new Map([[message.key, 7]]) };
    const [payment] = clean.stops as [Evidence['stops'][number]];
    const others = [
      { ...payment, loanRef: 'R1' },
      { ...payment, debtorRef: 'D1' },
      { ...payment, channel: 'push' as const },
    ];
    for (const stop of others) expect(faultsOf({ ...clean, ...late, stops: [stop] }), JSON.stringify(stop)).toEqual([]);
  });
});
