import { paidUntil } from './balance.ts';
import type { Calendar } from './calendar.ts';
import { type BalanceView, type CaseState, type Fact, NO_STANDING } from './case-state.ts';
import { evolve } from './evolve.ts';
import { type PastContact, contactOfNow } from './contact-ledger.ts';
import { contactFactsOf } from './contact-facts.ts';
import { NOTHING_SAID } from './debtor-standing.ts';
import { type LoanEvent, type Statement, addressOf } from './events.ts';
import { type Instant, instantOf, plusMs } from './instant.ts';
import { isOutOfReach, judge } from './judge.ts';
import { type Action, type ContactIntent, nextAction } from './next-action.ts';
import { openCase, viewOfEvents } from './open-case.ts';
import type { RulePack } from './rules/rule-pack.ts';
import type { CaseLine, ContactLine, TaskLine } from './run-result.ts';
import type { Strategy } from './strategy.ts';

/** A loan to rehearse: its statement, when Kept first sees it, and all its events in order of effect. */
export interface RehearsedLoan {
  readonly statement: Statement;
  readonly seenAt: Instant;
  readonly events: readonly LoanEvent[];
}

export interface RehearsalPolicy {
  readonly strategy: Strategy;
  readonly calendar: Calendar;
  /** Those that the strategy names. */
  readonly rulePacks: readonly RulePack[];
}

/** The events of a loan that have taken effect when it is first seen. */
export function eventsSeen({ events, seenAt }: RehearsedLoan): readonly LoanEvent[] {
  return events.filter((event) => event.timestamp <= seenAt);
}

/**
 * The case of one loan in a rehearsal: an interpreter of `nextAction` like the workflow, with its clock in the caller's
 * hands. Nobody answers tasks, and a case that has closed stays closed.
 */
export class RehearsedCase {
  readonly loanRef: string;
  readonly contacts: ContactLine[] = [];
  readonly tasks: TaskLine[] = [];
  private readonly loan: RehearsedLoan;
  private readonly policy: RehearsalPolicy;
  /** Contacts with the debtor over all their loans, in the order in which they were made. */
  private readonly made: PastContact[];
  private now: Instant = instantOf(0);
  private state: CaseState | null = null;
  /** What the planner said of `state` at `now`; null when either has changed since. */
  private action: Action | null = null;
  /** Number of events that have taken effect. */
  private seen = 0;

  constructor(loan: RehearsedLoan, policy: RehearsalPolicy, made: PastContact[]) {
    this.loanRef = loan.statement.loanRef;
    this.loan = loan;
    this.policy = policy;
    this.made = made;
  }

  /** When something happens to the case next, or it does something; null when it is at rest for good. */
  nextInstant(): Instant | null {
    if (this.state?.closed) return null;
    const caseAt = this.caseInstant();
    const event = this.loan.events[this.seen];
    return event && (caseAt === null || event.timestamp <= caseAt) ? event.timestamp : caseAt;
  }

  private caseInstant(): Instant | null {
    if (!this.state) return this.loan.seenAt;
    const action = this.planned(this.state);
    return action.kind === 'wait' ? action.until : this.now;
  }

  private planned(state: CaseState): Action {
    this.action ??= nextAction(state, this.now);
    return this.action;
  }

  /** One thing that falls to the instant that `nextInstant` has named: money comes in before the case acts. */
  step(at: Instant): void {
    if (at !== this.now) this.action = null;
    this.now = at;
    const event = this.loan.events[this.seen];
    if (event && event.timestamp <= at) {
      this.seen += 1;
      if (this.state) this.fold({ type: 'balanceChanged', balance: this.balance(), at });
    } else if (this.state) {
      this.perform(this.planned(this.state), this.state);
    } else {
      this.open(at);
    }
  }

  private balance(): BalanceView {
    const view = viewOfEvents(this.loan.events.slice(0, this.seen), this.policy.strategy);
    if (!view) throw new RangeError(`Loan ${this.loanRef} has no statement among its events.`);
    return view;
  }

  private open(at: Instant): void {
    const balance = this.balance();
    this.state = openCase({
      statement: this.loan.statement,
      episode: 1,
      ...this.policy,
      balance,
      standing: NO_STANDING,
      at,
    });
  }

  private fold(fact: Fact): void {
    if (!this.state) return;
    this.state = evolve(this.state, fact);
    this.action = null;
  }

  private perform(action: Action, state: CaseState): void {
    switch (action.kind) {
      case 'contact':
        for (const intent of action.contacts) this.contact(intent, state);
        return;
      case 'openTask': {
        const { step, kind, openedAt } = action.task;
        this.tasks.push({ loanRef: this.loanRef, step, task: kind, at: openedAt });
        this.fold({ type: 'taskOpened', task: action.task });
        return;
      }
      case 'close':
        this.fold({ type: 'closed', outcome: action.outcome, at: action.at });
        return;
      case 'wait':
        // Its instant has come, and the planner names the next one.
        return;
      case 'replan':
      case 'recordAnswers':
      case 'recordHolds':
      case 'recordAgreements':
      case 'checkAgreement':
        throw new RangeError(`Nobody speaks in a rehearsal, yet ${this.loanRef} asks to ${action.kind}.`);
      default:
        action satisfies never;
    }
  }

  private contact(intent: ContactIntent, state: CaseState): void {
    const { debtor } = this.loan.statement;
    const { key, step, channel, isLastResort, at } = intent;
    const { loanRef, made } = this;
    const address = addressOf(debtor, channel);
    const facts = contactFactsOf(
      { ...this.policy, balance: state.balance, loanRef, zone: debtor.zone, standing: NOTHING_SAID, past: made },
      { channel, address, isLastResort, to: 'debtor' },
      at,
    );
    const verdict = judge(intent, facts, at);
    if (verdict.verdict === 'defer') {
      this.fold({ type: 'contactDeferred', step, until: verdict.until });
      return;
    }
    const isSent = verdict.verdict === 'allow';
    if (isSent) made.push(contactOfNow({ key, at, localDate: verdict.localDate, channel, loanRef, address }));
    const rules = isSent ? [] : verdict.rules;
    const line = {
      loanRef,
      step,
      channel,
      at,
      verdict: isSent ? 'sent' : 'suppressed',
      reason: rules.join(';'),
    } as const;
    this.contacts.push(line);
    this.fold({
      type: 'contactSettled',
      step,
      channel,
      result: isOutOfReach(rules) ? 'unreachable' : line.verdict,
      at,
    });
  }

  /** The case as a line of `cases.csv`. @param end of the run, exclusive. */
  line(end: Instant): CaseLine {
    const closed = this.state?.closed ?? null;
    return {
      loanRef: this.loanRef,
      outcome: closed?.outcome ?? 'open',
      closedAt: closed?.at ?? null,
      paidMinor: paidUntil(this.loan.events, closed?.at ?? plusMs(end, -1)),
      contactsSent: this.state?.contactsSent ?? 0,
    };
  }
}
