import { join } from 'node:path';
import { paymentsByLoan } from '../../cli/portfolio/events.ts';
import { readPortfolio } from '../../cli/portfolio/read.ts';
import type { PortfolioLoan, PortfolioPayment } from '../../cli/portfolio/rows.ts';
import type { ReportInput } from '../../cli/report/input.ts';
import { instantAt } from '../../domain/calendar.ts';
import { type Instant, plusDays } from '../../domain/instant.ts';
import { inFileOrder } from '../../domain/run-files.ts';
import type { AgreementLine, CaseLine, ContactLine, TaskLine } from '../../domain/run-result.ts';
import type { Channel } from '../../domain/strategy.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/portfolio');
const END = '2026-09-30';
const ZONE = 'Asia/Taipei';

type Plan = { readonly step: string; readonly day: number } & (
  | { readonly channel: Channel }
  | { readonly task: string }
);

const LADDER: readonly Plan[] = [
  { step: 'pre-due-reminder', day: -3, channel: 'sms' },
  { step: 'first-sms', day: 2, channel: 'sms' },
  { step: 'bill', day: 5, channel: 'email' },
  { step: 'push', day: 9, channel: 'push' },
  { step: 'call', day: 14, task: 'agentCall' },
  { step: 'visit', day: 60, task: 'fieldVisit' },
  { step: 'legal', day: 90, task: 'legalReferral' },
];

/**
 * A run of the example portfolio that has everything a report can show: every verdict, outcome and task. Made by a rule
 * of its own, so that tests of the report do not change with the planner or the strategy.
 */
export async function plausibleRun(limit: number | 'all' = 'all'): Promise<ReportInput> {
  const { loans, payments } = await readPortfolio(EXAMPLE, { loans: limit });
  const byLoan = paymentsByLoan(payments);
  const runs = loans.map((loan, index) => runOf(loan, byLoan.get(loan.statement.loanRef) ?? [], index));
  return {
    result: inFileOrder({
      contacts: runs.flatMap((run) => run.contacts),
      cases: runs.map((run) => run.ending),
      tasks: runs.flatMap((run) => run.tasks),
      agreements: runs.flatMap((run) => run.agreements),
    }),
    loans: loans.map(({ statement }) => ({
      loanRef: statement.loanRef,
      debtorRef: statement.debtor.debtorRef,
      dueOn: statement.dueOn,
      overdueMinor: statement.due.principal,
    })),
    payments,
    meta: {
      mode: 'rehearse',
      portfolio: 'examples/portfolio',
      strategy: 'ladder@1',
      from: '2026-03-29',
      to: END,
      currency: 'TWD',
      zone: ZONE,
    },
  };
}

function runOf(loan: PortfolioLoan, payments: readonly PortfolioPayment[], index: number) {
  const { loanRef, dueOn } = loan.statement;
  const { closedAt, outcome } = endOf(loan, payments, index);
  const contacts: ContactLine[] = [];
  const tasks: TaskLine[] = [];
  for (const plan of LADDER) {
    const at = instantAt(plusDays(dueOn, plan.day), '10:00', ZONE);
    if (at >= (closedAt ?? instantAt(plusDays(END, 1), '00:00', ZONE))) break;
    const isHeldBack = (index + plan.day) % 17 === 0;
    if ('task' in plan) tasks.push({ loanRef, step: plan.step, task: plan.task, at });
    else if (isHeldBack)
      contacts.push({ ...line(loanRef, plan, at), verdict: 'suppressed', reason: 'debtorBudget;tooLate' });
    else contacts.push({ ...line(loanRef, plan, at), verdict: 'sent', reason: '' });
  }
  const paid = payments.filter((payment) => payment.paidAt <= (closedAt ?? '9999'));
  const ending: CaseLine = {
    loanRef,
    outcome,
    closedAt,
    paidMinor: paid.reduce((sum, payment) => sum + payment.amountMinor, 0),
    contactsSent: contacts.filter((contact) => contact.verdict === 'sent').length,
  };
  return { contacts, tasks, ending, agreements: agreementsOf(loan, index) };
}

const STATUSES = ['kept', 'kept', 'broken', 'partlyKept', 'open', 'replaced', 'cancelled'] as const;

/** Every second loan has a promise and every fifth a plan, which come to each thing in turn. */
function agreementsOf({ statement }: PortfolioLoan, index: number): AgreementLine[] {
  const { loanRef, dueOn, due } = statement;
  const status = STATUSES[index % STATUSES.length] ?? 'open';
  const made = {
    loanRef,
    madeAt: instantAt(plusDays(dueOn, 4), '15:00', ZONE),
    dueOn: plusDays(dueOn, 11),
    status,
    endedAt: status === 'open' ? null : instantAt(plusDays(dueOn, 13), '00:00', ZONE),
    receivedMinor: status === 'kept' ? due.principal : status === 'partlyKept' ? 1 : 0,
    agreedMinor: due.principal,
  };
  return [
    ...(index % 2 === 0 ? [{ ...made, agreementId: 'promise-1', kind: 'promise', parts: 1 } as const] : []),
    ...(index % 5 === 0 ? [{ ...made, agreementId: 'plan-2', kind: 'plan', parts: 3 } as const] : []),
  ];
}

function line(loanRef: string, plan: { step: string; channel: Channel }, at: Instant) {
  return { loanRef, step: plan.step, channel: plan.channel, at };
}

function endOf(
  loan: PortfolioLoan,
  payments: readonly PortfolioPayment[],
  index: number,
): Pick<CaseLine, 'closedAt' | 'outcome'> {
  let left = loan.statement.due.principal;
  for (const { amountMinor, paidAt } of payments.toSorted((a, b) => (a.paidAt < b.paidAt ? -1 : 1))) {
    left -= amountMinor;
    if (left <= 0) return { closedAt: paidAt, outcome: index % 5 === 0 ? 'paidInFull' : 'cured' };
  }
  const others = ['legalHandoff', 'writtenOff', 'recalled', 'settled'] as const;
  const outcome = others[index % 20];
  if (outcome === undefined) return { closedAt: null, outcome: 'open' };
  return { closedAt: instantAt(plusDays(loan.statement.dueOn, 20 + (index % 9)), '15:00', ZONE), outcome };
}
