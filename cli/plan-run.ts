import { loadCalendar } from '../activities/calendar-file.ts';
import { loadRulePack } from '../activities/rule-pack-file.ts';
import { loadStrategy } from '../activities/strategy-file.ts';
import { type Calendar, instantAt } from '../domain/calendar.ts';
import { DomainError } from '../domain/errors.ts';
import type { LoanEvent } from '../domain/events.ts';
import { type Instant, type LocalDate, laterOf, plusDays } from '../domain/instant.ts';
import { compareText } from '../domain/order.ts';
import type { RehearsedLoan } from '../domain/rehearsal.ts';
import type { ResponseModel } from '../domain/responses/model.ts';
import type { RulePack } from '../domain/rules/rule-pack.ts';
import type { Strategy } from '../domain/strategy.ts';
import { ANNOUNCED_DAYS_BEFORE, eventsOf, paymentsByLoan } from './portfolio/events.ts';
import { type Portfolio, readPortfolio } from './portfolio/read.ts';
import { loadResponses } from './responses/responses-file.ts';

/** What `demo` and `rehearse` are asked for. */
export interface RunRequest {
  readonly portfolioDir: string;
  readonly strategyFile: string;
  /** Says how debtors respond; null: all they do is pay. */
  readonly responsesFile: string | null;
  readonly outDir: string;
  readonly loans: number | 'all';
  /** First day on which Kept sees a loan; a loan that is announced later is seen then. */
  readonly from: LocalDate | null;
  /** Last day, included. */
  readonly to: LocalDate;
  /** Whether one bad row stops everything before anything is written. */
  readonly isStrict: boolean;
}

/** The loans of one debtor, whose contacts share a budget and so run in step. */
export interface DebtorPlan {
  readonly debtorRef: string;
  readonly loans: readonly RehearsedLoan[];
  /** End of the run, exclusive: midnight after the last day in the debtor's zone. */
  readonly end: Instant;
}

/** A portfolio and a policy, read and checked: the same for a run on the server and for a rehearsal. */
export interface RunPlan {
  readonly request: RunRequest;
  readonly portfolio: Portfolio;
  readonly strategy: Strategy;
  readonly strategySha256: string;
  readonly calendar: Calendar;
  readonly rulePacks: readonly RulePack[];
  readonly responses: ResponseModel | null;
  readonly from: LocalDate;
  readonly debtors: readonly DebtorPlan[];
}

/**
 * Reads what a run needs. Bad rows are left out and stay in `portfolio.rejects`.
 * @throws DATE_INVALID, FILE_UNREADABLE, STRATEGY_INVALID, STRATEGY_CURRENCY, RESPONSES_INVALID; ROW_INVALID in a strict run
 * with a bad row, or when no good loan is left.
 */
export async function planRun(request: RunRequest): Promise<RunPlan> {
  if (request.from !== null && request.to < request.from) {
    throw new DomainError('DATE_INVALID', `The run would end on ${request.to}, before it begins on ${request.from}.`);
  }
  const { strategy, sha256 } = loadStrategy(request.strategyFile);
  const responses = request.responsesFile === null ? null : loadResponses(request.responsesFile);
  const portfolio = await readPortfolio(request.portfolioDir, { loans: request.loans });
  assertUsable(portfolio, strategy, request);
  const payments = paymentsByLoan(portfolio.payments);
  const byDebtor = new Map<string, { loans: RehearsedLoan[]; end: Instant }>();
  const days: LocalDate[] = [];
  for (const loan of portfolio.loans) {
    const { debtor, loanRef } = loan.statement;
    const events = eventsOf(loan, payments.get(loanRef) ?? []).toSorted(byEffect);
    const announcedAt = events.find((event) => event.type === 'loan.due_soon')?.timestamp ?? '';
    const fromAt = request.from === null ? announcedAt : instantAt(request.from, '00:00', debtor.zone);
    const known = byDebtor.get(debtor.debtorRef);
    const plan = known ?? { loans: [], end: instantAt(plusDays(request.to, 1), '00:00', debtor.zone) };
    if (!known) byDebtor.set(debtor.debtorRef, plan);
    plan.loans.push({ statement: loan.statement, events, seenAt: laterOf(fromAt, announcedAt) });
    days.push(plusDays(loan.statement.dueOn, -ANNOUNCED_DAYS_BEFORE));
  }
  return {
    request,
    portfolio,
    strategy,
    strategySha256: sha256,
    calendar: loadCalendar(strategy.calendar),
    rulePacks: strategy.rulePacks.map((id) => loadRulePack(id)),
    responses,
    from: request.from ?? days.reduce((first, day) => (day < first ? day : first)),
    debtors: [...byDebtor].map(([debtorRef, plan]) => ({ debtorRef, ...plan })),
  };
}

function byEffect(a: LoanEvent, b: LoanEvent): number {
  return compareText(a.timestamp, b.timestamp) || compareText(a.id, b.id);
}

function assertUsable({ loans, rejects }: Portfolio, strategy: Strategy, { isStrict, portfolioDir }: RunRequest): void {
  const [first] = rejects;
  if (first && isStrict) {
    const place = `${first.file}:${first.line}${first.column === '' ? '' : ` (${first.column})`}`;
    throw new DomainError(
      'ROW_INVALID',
      `${rejects.length} rows are bad and the run is strict, so nothing was written. The first is ${place}: ${first.reason}`,
    );
  }
  if (loans.length === 0) throw new DomainError('ROW_INVALID', `${portfolioDir} holds no good loan.`);
  const other = loans.find((loan) => loan.statement.currency !== strategy.currency);
  if (other) {
    const { loanRef, currency } = other.statement;
    throw new DomainError(
      'STRATEGY_CURRENCY',
      `Loan ${loanRef} is in ${currency}, the strategy in ${strategy.currency}.`,
    );
  }
}
