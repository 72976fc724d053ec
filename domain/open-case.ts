import { CAUTIOUS_AGREEMENTS } from './agreement-policy.ts';
import { balanceOf } from './balance.ts';
import type { BalanceTerms } from './balance-terms.ts';
import type { Calendar } from './calendar.ts';
import { type BalanceView, type CaseState, type StandingView, openedCase } from './case-state.ts';
import { DomainError } from './errors.ts';
import type { LoanEvent, Statement } from './events.ts';
import type { Instant } from './instant.ts';
import type { Pause } from './pauses.ts';
import type { Strategy } from './strategy.ts';
import { timetableOf } from './timetable.ts';

/**
 * Folds the events of a loan into the view a case has of it; null before the first statement.
 * @throws MONEY_CURRENCY_MISMATCH
 */
export function viewOfEvents(events: readonly LoanEvent[], terms: BalanceTerms): BalanceView | null {
  const balance = balanceOf(events, terms);
  if (!balance) return null;
  const { overdueMinor, cleared, closed } = balance;
  return { version: events.length, effectiveAt: lastEffectOf(events), overdueMinor, cleared, closed };
}

/** When the latest of some events took effect; there must be one. */
export function lastEffectOf(events: readonly LoanEvent[]): Instant {
  return events.reduce((last, event) => (event.timestamp > last ? event.timestamp : last), '');
}

/** The ladder of a loan; pauses that are over are made up for. @throws ZONE_UNKNOWN */
export function stepsOf(
  { loanRef, dueOn, debtor }: Statement,
  { strategy, calendar }: { readonly strategy: Strategy; readonly calendar: Calendar },
  pauses: readonly Pause[] = [],
): CaseState['steps'] {
  return timetableOf(strategy, { loanRef, dueOn, zone: debtor.zone }, calendar, pauses);
}

/**
 * A case at its opening: pinned strategy, timetable in the debtor's zone, balance as of then.
 * @throws STRATEGY_CURRENCY when the strategy's amounts are in another currency; ZONE_UNKNOWN
 */
export function openCase(opening: {
  readonly statement: Statement;
  readonly episode: number;
  readonly strategy: Strategy;
  readonly calendar: Calendar;
  readonly balance: BalanceView;
  readonly standing: StandingView;
  readonly at: Instant;
}): CaseState {
  const { statement, strategy, calendar } = opening;
  if (statement.currency !== strategy.currency) {
    throw new DomainError(
      'STRATEGY_CURRENCY',
      `Loan ${statement.loanRef} is in ${statement.currency}, strategy ${strategy.id} in ${strategy.currency}.`,
    );
  }
  return openedCase({
    loanRef: statement.loanRef,
    episode: opening.episode,
    debtorRef: statement.debtor.debtorRef,
    strategy: { id: strategy.id, version: strategy.version },
    tiers: strategy.tiers,
    steps: stepsOf(statement, { strategy, calendar }),
    balance: opening.balance,
    standing: opening.standing,
    agreementPolicy: strategy.agreements ?? CAUTIOUS_AGREEMENTS,
    at: opening.at,
  });
}
