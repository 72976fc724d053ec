import { paidUntil } from './balance.ts';
import { type CaseState, type Fact, NO_STANDING } from './case-state.ts';
import { evolve } from './evolve.ts';
import { type Instant, instantOf, plusMs } from './instant.ts';
import { isOutOfReach } from './judge.ts';
import { type Action, type ContactIntent, nextAction } from './next-action.ts';
import { openCase, stepsOf } from './open-case.ts';
import type { RehearsedDebtor } from './rehearsed-debtor.ts';
import {
  type RehearsalPolicy,
  type RehearsedLoan,
  balanceAfter,
  loanFactsOf,
  receiptsSince,
} from './rehearsed-loan.ts';
import { factOf } from './responses/facts.ts';
import { PendingResponses } from './responses/pending-responses.ts';
import type { Saying } from './responses/sayings.ts';
import { type AgreementLine, type CaseLine, type ContactLine, type TaskLine, agreementLineOf } from './run-result.ts';

/**
 * The case of one loan in a rehearsal: an interpreter of `nextAction` like the workflow, with its clock in the caller's
 * hands. Nobody answers tasks or agrees to anything but as the response model says, and a case that has closed stays
 * closed.
 */
export class RehearsedCase {
  readonly loanRef: string;
  readonly contacts: ContactLine[] = [];
  readonly tasks: TaskLine[] = [];
  private readonly loan: RehearsedLoan;
  private readonly policy: RehearsalPolicy;
  private readonly debtor: RehearsedDebtor;
  private readonly responses: PendingResponses | null;
  private now: Instant = instantOf(0);
  private state: CaseState | null = null;
  /** What the planner said of `state` at `now`; null when either has changed since. */
  private action: Action | null = null;
  /** Number of events that have taken effect. */
  private seen = 0;

  /** @param debtor the ledger of the debtor, shared by the cases of all their loans. */
  constructor(loan: RehearsedLoan, policy: RehearsalPolicy, debtor: RehearsedDebtor) {
    this.loanRef = loan.statement.loanRef;
    this.loan = loan;
    this.policy = policy;
    this.debtor = debtor;
    const { responses } = policy;
    this.responses = responses && new PendingResponses(responses, loanFactsOf(loan, policy));
  }

  /** When something happens to the case next, or it does something; null when it is at rest for good. */
  nextInstant(): Instant | null {
    if (this.state?.closed) return null;
    const caseAt = this.caseInstant();
    const event = this.loan.events[this.seen];
    return event && (caseAt === null || event.timestamp <= caseAt) ? event.timestamp : caseAt;
  }

  /** When the debtor does something about this loan next, as things stand; null when they do nothing. */
  nextResponseAt(): Instant | null {
    return (this.state && this.responses?.next(this.state)?.at) ?? null;
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
    this.moveTo(at);
    const event = this.loan.events[this.seen];
    if (event && event.timestamp <= at) {
      this.seen += 1;
      if (!this.state) return;
      const balance = balanceAfter(this.loan, this.seen, this.policy, this.state);
      this.fold({ type: 'balanceChanged', balance, at });
    } else if (this.state) {
      this.perform(this.planned(this.state), this.state);
    } else {
      this.open(at);
    }
  }

  /** What the debtor does at the instant that `nextResponseAt` has named. */
  respond(at: Instant): void {
    this.moveTo(at);
    if (!this.state || !this.responses) return;
    for (const saying of this.responses.take(this.state)) if (!this.say(saying, this.state)) return;
  }

  private moveTo(at: Instant): void {
    if (at !== this.now) this.action = null;
    this.now = at;
  }

  private open(at: Instant): void {
    const balance = balanceAfter(this.loan, this.seen, this.policy, { holds: [], agreements: [] });
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
      case 'recordAnswers':
        this.fold({ type: 'answersRecorded', taskIds: action.answers.map(({ taskId }) => taskId) });
        return;
      case 'recordAgreements':
        this.fold({ type: 'agreementsRecorded', agreementIds: action.agreements.map((each) => each.agreementId) });
        return;
      case 'checkAgreement': {
        const { agreementId, madeAt } = action.agreement;
        const receipts = receiptsSince(this.loan.events.slice(0, this.seen), madeAt);
        this.fold({ type: 'agreementChecked', agreementId, receipts, version: this.seen, at: this.now });
        return;
      }
      case 'replan': {
        const { pauses } = action;
        this.fold({ type: 'replanned', steps: stepsOf(this.loan.statement, this.policy, pauses), pauses });
        return;
      }
      case 'recordHolds':
        throw new RangeError(`Nobody places holds in a rehearsal, yet ${this.loanRef} asks to record some.`);
      default:
        action satisfies never;
    }
  }

  private contact(intent: ContactIntent, { balance }: CaseState): void {
    const { step, channel, at } = intent;
    const verdict = this.debtor.message(intent, { statement: this.loan.statement, balance });
    if (verdict.verdict === 'defer') {
      this.fold({ type: 'contactDeferred', step, until: verdict.until });
      return;
    }
    const rules = verdict.verdict === 'allow' ? [] : verdict.rules;
    const made = verdict.verdict === 'allow' ? 'sent' : 'suppressed';
    this.contacts.push({ loanRef: this.loanRef, step, channel, at, verdict: made, reason: rules.join(';') });
    this.fold({ type: 'contactSettled', step, channel, result: isOutOfReach(rules) ? 'unreachable' : made, at });
  }

  /** Does what the API does when it is told. @returns whether more may be said. */
  private say(saying: Saying, { balance, agreementPolicy }: CaseState): boolean {
    const { statement } = this.loan;
    const fact = factOf(saying, { at: this.now, zone: statement.debtor.zone, agreementPolicy });
    if (fact === null) return this.debtor.hears(saying, { statement, balance }, this.now);
    this.fold(fact);
    return true;
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

  /** What was agreed on about the loan, as lines of `agreements.csv`. */
  agreementLines(): readonly AgreementLine[] {
    return (this.state?.agreements ?? []).map((agreement) => agreementLineOf(this.loanRef, agreement));
  }
}
