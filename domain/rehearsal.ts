import { paidUntil } from './balance.ts';
import type { Calendar } from './calendar.ts';
import { type CaseState, type Fact, evolve } from './case-state.ts';
import type { LoanEvent, Statement } from './events.ts';
import { type Instant, type LocalDate, epochMsOf, instantOf } from './instant.ts';
import { judge } from './judge.ts';
import { type Action, type ContactIntent, endingOf, nextAction } from './next-action.ts';
import { openCase, viewOfEvents } from './open-case.ts';
import type { CaseLine, ContactLine, RunResult, TaskLine } from './run-result.ts';
import type { Strategy } from './strategy.ts';

/** A loan to rehearse: its statement, when Kept first sees it, and all its events in order of effect. */
export interface RehearsedLoan {
  readonly statement: Statement;
  readonly seenAt: Instant;
  readonly events: readonly LoanEvent[];
}

/** The events of a loan that have taken effect when it is first seen. */
export function eventsSeen({ events, seenAt }: RehearsedLoan): readonly LoanEvent[] {
  return events.filter((event) => event.timestamp <= seenAt);
}

/** A bound on the steps of one case, so that a planner that never moves on is an error and not a hang. */
const ACTION_LIMIT = 10_000;

/**
 * Runs the loans of one debtor from the first instant to `end` (exclusive) as a discrete-event simulation: the same
 * planner, judge and state as on the server, with the ledger in memory. Nobody answers tasks. At one instant payments
 * come first, then cases in order of their loan reference.
 */
export function rehearseDebtor(
  loans: readonly RehearsedLoan[],
  policy: { readonly strategy: Strategy; readonly calendar: Calendar },
  end: Instant,
): RunResult {
  const madeOn = new Map<string, number>();
  const runs = loans.map((loan) => new CaseRun(loan, policy, madeOn));
  for (let turn = 0; turn < ACTION_LIMIT; turn += 1) {
    const next = earliest(runs);
    if (!next || next.at >= end) {
      return {
        contacts: runs.flatMap((run) => run.contacts),
        cases: runs.map((run) => run.line(end)),
        tasks: runs.flatMap((run) => run.tasks),
      };
    }
    next.run.step(next.at);
  }
  throw new RangeError(`The cases of ${loans[0]?.statement.debtor.debtorRef} never come to rest.`);
}

function earliest(runs: readonly CaseRun[]): { run: CaseRun; at: Instant } | null {
  let first: { run: CaseRun; at: Instant; rank: number } | null = null;
  for (const run of runs) {
    const due = run.nextInstant();
    if (!due) continue;
    const sooner =
      !first ||
      due.at < first.at ||
      (due.at === first.at && (due.rank < first.rank || (due.rank === first.rank && run.loanRef < first.run.loanRef)));
    if (sooner) first = { run, ...due };
  }
  return first;
}

/** Which of two things at one instant comes first. */
const PAYMENT_RANK = 0;
const CASE_RANK = 1;

class CaseRun {
  readonly loanRef: string;
  readonly contacts: ContactLine[] = [];
  readonly tasks: TaskLine[] = [];
  private state: CaseState | null = null;
  private over = false;
  private seen = 0;
  private readonly loan: RehearsedLoan;
  private readonly policy: { readonly strategy: Strategy; readonly calendar: Calendar };
  private readonly madeOn: Map<string, number>;

  constructor(
    loan: RehearsedLoan,
    policy: { readonly strategy: Strategy; readonly calendar: Calendar },
    madeOn: Map<string, number>,
  ) {
    this.loan = loan;
    this.policy = policy;
    this.madeOn = madeOn;
    this.loanRef = loan.statement.loanRef;
  }

  /** When the run has something to do, and how it ranks among others at that instant; null when it is at rest. */
  nextInstant(): { at: Instant; rank: number } | null {
    if (this.over) return null;
    const event = this.loan.events[this.seen];
    const eventAt = event && { at: event.timestamp, rank: PAYMENT_RANK };
    const caseAt = this.caseInstant();
    if (!caseAt) return eventAt ?? null;
    return eventAt && eventAt.at <= caseAt ? eventAt : { at: caseAt, rank: CASE_RANK };
  }

  private caseInstant(): Instant | null {
    if (!this.state) return this.loan.seenAt;
    // Asked for a time before any step, the planner names the next one; what is due at once has none to name.
    const action = nextAction(this.state, this.now);
    return action.kind === 'wait' ? action.until : this.now;
  }

  private now: Instant = instantOf(0);

  step(at: Instant): void {
    const event = this.loan.events[this.seen];
    this.now = at;
    if (event && event.timestamp <= at) {
      this.seen += 1;
      if (this.state) this.fold({ type: 'balanceChanged', balance: this.balance(), at });
      return;
    }
    if (!this.state) {
      this.open(at);
      return;
    }
    this.perform(this.state, nextAction(this.state, at), at);
  }

  private balance() {
    const view = viewOfEvents(this.loan.events.slice(0, this.seen), this.policy.strategy);
    if (!view) throw new RangeError(`Loan ${this.loanRef} has no statement among its events.`);
    return view;
  }

  private open(at: Instant): void {
    const balance = this.balance();
    if (balance.overdueMinor <= 0) this.over = true;
    this.state = openCase({ statement: this.loan.statement, episode: 1, ...this.policy, balance, at });
  }

  private fold(fact: Fact): void {
    if (this.state) this.state = evolve(this.state, fact);
  }

  private perform(state: CaseState, action: Action, at: Instant): void {
    switch (action.kind) {
      case 'contact':
        for (const intent of action.contacts) this.contact(state, intent);
        return;
      case 'openTask':
        this.tasks.push({
          loanRef: this.loanRef,
          step: action.task.step,
          task: action.task.kind,
          at: action.task.openedAt,
        });
        this.fold({ type: 'taskOpened', task: action.task });
        return;
      case 'close':
        this.fold({ type: 'closed', outcome: action.outcome, at: action.at });
        this.over = true;
        return;
      case 'wait':
        // A wait for a person is over; the planner has named the next instant already.
        return;
      case 'replan':
      case 'recordAnswers':
        throw new RangeError(
          `Nobody answers tasks in a rehearsal, yet ${this.loanRef} asks to ${action.kind} at ${at}.`,
        );
      default:
        action satisfies never;
    }
  }

  private contact(state: CaseState, intent: ContactIntent): void {
    const { debtor } = this.loan.statement;
    const { strategy, calendar } = this.policy;
    const budgetKey = (date: LocalDate) => `${intent.channel}/${date}`;
    const address = { sms: debtor.phone, email: debtor.email, push: debtor.pushId }[intent.channel];
    const verdict = judge(
      intent,
      {
        balance: state.balance,
        zone: debtor.zone,
        hasAddress: address !== undefined,
        window: strategy.window,
        calendar,
        perDebtorPerDay: strategy.perDebtorPerDay[intent.channel],
        madeOn: (date) => this.madeOn.get(budgetKey(date)) ?? 0,
      },
      intent.at,
    );
    if (verdict.verdict === 'defer') {
      this.fold({ type: 'contactDeferred', step: intent.step, until: verdict.until });
      return;
    }
    const sent = verdict.verdict === 'allow';
    if (sent) this.madeOn.set(budgetKey(verdict.localDate), (this.madeOn.get(budgetKey(verdict.localDate)) ?? 0) + 1);
    this.fold({ type: 'contactSettled', step: intent.step, result: sent ? 'sent' : 'suppressed', at: intent.at });
    this.contacts.push({
      loanRef: this.loanRef,
      step: intent.step,
      channel: intent.channel,
      at: intent.at,
      verdict: sent ? 'sent' : 'suppressed',
      reason: sent ? '' : verdict.rules.join(';'),
    });
  }

  /** The case as a line of `cases.csv`; a loan that was already clear when first seen never had a case to contact. */
  line(end: Instant): CaseLine {
    const closed = this.state?.closed ?? (this.over && this.state ? endingOf(this.state.balance) : null);
    return {
      loanRef: this.loanRef,
      outcome: closed?.outcome ?? 'open',
      closedAt: closed?.at ?? null,
      paidMinor: paidUntil(this.loan.events, closed?.at ?? instantOf(epochMsOf(end) - 1)),
      contactsSent: this.state?.contactsSent ?? 0,
    };
  }
}
