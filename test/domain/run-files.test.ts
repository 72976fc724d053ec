import { describe, expect, test } from 'vitest';
import { agreementsCsv, casesCsv, contactsCsv, inFileOrder } from '../../domain/run-files.ts';
import type { AgreementLine, CaseLine, ContactLine, RunResult, TaskLine } from '../../domain/run-result.ts';

function contact(loanRef: string, step: string, at: string): ContactLine {
  return { loanRef, step, channel: 'sms', at, verdict: 'sent', reason: '' };
}
function line(loanRef: string): CaseLine {
  return { loanRef, outcome: 'open', closedAt: null, paidMinor: 0, contactsSent: 0 };
}
function task(loanRef: string, step: string, at: string): TaskLine {
  return { loanRef, step, task: 'review', at };
}
function agreement(loanRef: string, agreementId: string, madeAt: string): AgreementLine {
  return {
    loanRef,
    agreementId,
    kind: 'promise',
    madeAt,
    parts: 1,
    agreedMinor: 10_000,
    dueOn: '2026-04-10',
    status: 'open',
    endedAt: null,
    receivedMinor: 0,
  };
}

const EARLY = '2026-04-03T02:00:00.000Z';
const LATE = '2026-04-03T02:00:01.000Z';
const result: RunResult = {
  contacts: [
    contact('L-1', 'b', LATE),
    contact('L-2', 'a', EARLY),
    contact('L-1', 'b', EARLY),
    contact('L-1', 'a', EARLY),
  ],
  cases: [line('L-2'), line('L-10'), line('L-1')],
  tasks: [task('L-2', 'a', EARLY), task('L-1', 'a', LATE), task('L-1', 'a', EARLY)],
  agreements: [
    agreement('L-2', 'promise-1', EARLY),
    agreement('L-1', 'plan-2', LATE),
    agreement('L-1', 'promise-1', EARLY),
  ],
};

describe('the order of the files', () => {
  test('is by instant, loan and step for contacts and tasks, by loan for cases and agreements', () => {
    const { contacts, cases, tasks, agreements } = inFileOrder(result);
    expect(contacts.map(({ at, loanRef, step }) => [at, loanRef, step])).toEqual([
      [EARLY, 'L-1', 'a'],
      [EARLY, 'L-1', 'b'],
      [EARLY, 'L-2', 'a'],
      [LATE, 'L-1', 'b'],
    ]);
    expect(
      cases.map(({ loanRef }) => loanRef),
      'as text, the same on every machine',
    ).toEqual(['L-1', 'L-10', 'L-2']);
    expect(tasks.map(({ at, loanRef }) => [at, loanRef])).toEqual([
      [EARLY, 'L-1'],
      [EARLY, 'L-2'],
      [LATE, 'L-1'],
    ]);
    expect(agreements.map(({ loanRef, agreementId }) => [loanRef, agreementId])).toEqual([
      ['L-1', 'promise-1'],
      ['L-1', 'plan-2'],
      ['L-2', 'promise-1'],
    ]);
  });

  test('does not depend on the order in which the lines came about', () => {
    const turned = {
      contacts: result.contacts.toReversed(),
      cases: result.cases.toReversed(),
      tasks: result.tasks.toReversed(),
      agreements: result.agreements.toReversed(),
    };
    expect(inFileOrder(turned)).toEqual(inFileOrder(result));
  });
});

describe('the files, to the byte', () => {
  test('contacts.csv', () => {
    const suppressed: ContactLine = {
      loanRef: 'L-2',
      step: 'overdue-bill',
      channel: 'email',
      at: '2026-04-07T01:00:00.900Z',
      verdict: 'suppressed',
      reason: 'debtorBudget;tooLate',
    };
    expect(contactsCsv([contact('L-1', 'overdue-first', EARLY), suppressed])).toBe(
      'loan_id,step,channel,at,verdict,reason\n' +
        'L-1,overdue-first,sms,2026-04-03T02:00:00Z,sent,\n' +
        'L-2,overdue-bill,email,2026-04-07T01:00:00Z,suppressed,debtorBudget;tooLate\n',
    );
  });

  test('agreements.csv, whose instants have no seconds', () => {
    const kept = { ...agreement('L-1', 'plan-2', LATE), parts: 3, status: 'kept', endedAt: LATE } as const;
    expect(agreementsCsv([agreement('L-1', 'promise-1', EARLY), kept])).toBe(
      'loan_id,agreement,kind,made_at,parts,agreed_minor,due_on,status,ended_at,received_minor\n' +
        'L-1,promise-1,promise,2026-04-03T02:00Z,1,10000,2026-04-10,open,,0\n' +
        'L-1,plan-2,promise,2026-04-03T02:00Z,3,10000,2026-04-10,kept,2026-04-03T02:00Z,0\n',
    );
  });

  test('cases.csv', () => {
    const paid: CaseLine = {
      loanRef: 'L-1',
      outcome: 'paidInFull',
      closedAt: LATE,
      paidMinor: 500_000,
      contactsSent: 3,
    };
    expect(casesCsv([paid, line('L-2')])).toBe(
      'loan_id,outcome,closed_at,paid_minor,contacts_sent\n' +
        'L-1,paidInFull,2026-04-03T02:00:01Z,500000,3\n' +
        'L-2,open,,0,0\n',
    );
  });

  test('of a run without loans have their headings alone', () => {
    expect(contactsCsv([])).toBe('loan_id,step,channel,at,verdict,reason\n');
    expect(casesCsv([])).toBe('loan_id,outcome,closed_at,paid_minor,contacts_sent\n');
  });
});
