import type { Receipt } from './agreement.ts';
import type { Calendar } from './calendar.ts';
import type { BalanceView, CaseState } from './case-state.ts';
import type { LoanEvent, Statement } from './events.ts';
import { frozenRangesOf } from './frozen-ranges.ts';
import type { Instant } from './instant.ts';
import { viewOfEvents } from './open-case.ts';
import type { ResponseModel } from './responses/model.ts';
import type { LoanFacts } from './responses/response.ts';
import type { RulePack } from './rules/rule-pack.ts';
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
  /** How debtors respond; null: all they do is pay. */
  readonly responses: ResponseModel | null;
}

/** The events of a loan that have taken effect when it is first seen. */
export function eventsSeen({ events, seenAt }: RehearsedLoan): readonly LoanEvent[] {
  return events.filter((event) => event.timestamp <= seenAt);
}

/** What responses about a loan depend on besides its case. */
export function loanFactsOf(
  { statement, events }: RehearsedLoan,
  { strategy, calendar }: Pick<RehearsalPolicy, 'strategy' | 'calendar'>,
): LoanFacts {
  const { loanRef, debtor } = statement;
  const { debtorRef, zone } = debtor;
  const payments = receiptsSince(events, '');
  return { loanRef, debtorRef, zone, window: strategy.window, calendar, payments };
}

/**
 * The balance after the first so many events.
 * @throws RangeError when there is no statement among them
 */
export function balanceAfter(
  { statement, events }: RehearsedLoan,
  seen: number,
  { strategy }: RehearsalPolicy,
  { holds, agreements }: Pick<CaseState, 'holds' | 'agreements'>,
): BalanceView {
  const { loanRef, debtor } = statement;
  const { allocation, penaltyInterest } = strategy;
  // Only what accrues can be frozen.
  const frozen = penaltyInterest ? frozenRangesOf({ loanRef, zone: debtor.zone, holds, agreements }) : [];
  const view = viewOfEvents(events.slice(0, seen), { allocation, penaltyInterest, frozen });
  if (!view) throw new RangeError(`Loan ${loanRef} has no statement among its events.`);
  return view;
}

/** Money that took effect from an instant on and was not taken back, as far as some events tell. */
export function receiptsSince(events: readonly LoanEvent[], since: Instant): readonly Receipt[] {
  const reversed = new Set(
    events.flatMap((event) => (event.type === 'payment.reversed' ? [event.data.paymentEventId] : [])),
  );
  return events.flatMap((event) =>
    event.type === 'payment.received' && event.timestamp >= since && !reversed.has(event.id)
      ? [{ at: event.timestamp, amountMinor: event.data.amountMinor }]
      : [],
  );
}
