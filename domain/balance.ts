import { type Accruing, accrue, accruingSince, dayBefore } from './balance-accrual.ts';
import type { BalanceTerms } from './balance-terms.ts';
import { allocate, mapComponents, sumOf } from './components.ts';
import { DomainError } from './errors.ts';
import { type Components, type LoanDueSoon, type LoanEvent, type LoanOverdue, NOTHING_DUE } from './events.ts';
import type { Instant, LocalDate } from './instant.ts';
import { type Currency, assertMinor } from './money.ts';
import { compareText } from './order.ts';
import type { Component } from './strategy.ts';

/** The shadow balance of one loan: a fold over its events by the instant they took effect. */
export interface Balance {
  readonly currency: Currency;
  /** What is still due, by component. */
  readonly due: Components;
  /** Sum of `due`. */
  readonly overdueMinor: number;
  /** Received since the first statement and not reversed. */
  readonly paidMinor: number;
  /** Received beyond what was due; it pays down the rest of the loan. */
  readonly overpaidMinor: number;
  /** Principal of the whole loan still owed. */
  readonly outstandingMinor: number;
  /** When nothing was due any more, and what was left of the loan then; null while something is due. */
  readonly cleared: { readonly at: Instant; readonly outstandingMinor: number } | null;
  readonly closed: { readonly at: Instant; readonly reason: 'recalled' | 'writtenOff' } | null;
}

/** Ties at one instant: what is claimed first, then money, its reversal and the closing; at last the id. */
const ORDER: Readonly<Record<LoanEvent['type'], number>> = {
  'loan.due_soon': 0,
  'loan.overdue': 1,
  'loan.adjusted': 2,
  'payment.received': 3,
  'payment.reversed': 4,
  'loan.closed': 5,
};

function inOrderOfEffect(a: LoanEvent, b: LoanEvent): number {
  return compareText(a.timestamp, b.timestamp) || ORDER[a.type] - ORDER[b.type] || compareText(a.id, b.id);
}

type StatementEvent = LoanDueSoon | LoanOverdue;

/**
 * Folds the events of one loan, in any order of arrival, into its balance as of the last of them or of a later day.
 *
 * A payment that is taken back counts as if it had never been: what later payments paid is allocated anew. A statement
 * from between the payment and its reversal still counts the payment, so its money is put back on top of what it says.
 *
 * Penalty accrues from what the latest statement says on: it knows what has come up to its instant. A day is charged at
 * its first instant, after what takes effect right then. Nothing accrues in a zone that is not known, nor once the loan
 * is closed.
 * @param asOfOn a day at the debtor's place; without it no day after that of the last event is charged.
 * @returns null when there is no statement yet: payments alone make no debt.
 * @throws MONEY_CURRENCY_MISMATCH, MONEY_NOT_SAFE_INTEGER
 */
export function balanceOf(events: readonly LoanEvent[], terms: BalanceTerms, asOfOn?: LocalDate): Balance | null {
  const { allocation } = terms;
  const sorted = events.toSorted(inOrderOfEffect);
  const reversals = firstReversals(sorted);
  let balance: Balance | null = null;
  let accruing: Accruing | null = null;
  let takenBack: { readonly amountMinor: number; readonly reversedAt: Instant }[] = [];
  for (const event of sorted) {
    if (balance && accruing) {
      [balance, accruing] = accrue(balance, accruing, dayBefore(event.timestamp, accruing.zone), terms);
    }
    const reversedAt = reversals.get(event.id);
    if (event.type === 'payment.received' && reversedAt !== undefined) {
      takenBack.push({ amountMinor: event.data.amountMinor, reversedAt });
    } else if (event.type === 'loan.due_soon' || event.type === 'loan.overdue') {
      // A later statement knows of the reversal; at one instant the statement comes first.
      takenBack = takenBack.filter((payment) => payment.reversedAt >= event.timestamp);
      const countedMinor = takenBack.reduce((sum, payment) => sum + payment.amountMinor, 0);
      balance = restate(balance, event, countedMinor, allocation);
      accruing = accruingSince(event, terms.penaltyInterest);
    } else if (balance) {
      // A payment from before the first statement is already in what the statement says.
      balance = apply(balance, event, allocation);
    }
  }
  if (balance && accruing && asOfOn !== undefined) [balance] = accrue(balance, accruing, asOfOn, terms);
  return balance;
}

/** When each payment that is taken back was, by its id. A second reversal finds nothing left to take. */
function firstReversals(sorted: readonly LoanEvent[]): ReadonlyMap<string, Instant> {
  const reversals = new Map<string, Instant>();
  for (const { type, timestamp, data } of sorted) {
    if (type === 'payment.reversed' && !reversals.has(data.paymentEventId)) {
      reversals.set(data.paymentEventId, timestamp);
    }
  }
  return reversals;
}

/** @param countedMinor what the statement counts as paid although it is taken back afterwards. */
function restate(
  before: Balance | null,
  { timestamp, data }: StatementEvent,
  countedMinor: number,
  allocation: readonly Component[],
): Balance {
  if (before) assertCurrency(before, data.currency);
  // What a payment from before the first statement paid is not known; it is taken for principal, as money of no known purpose is.
  const { paid, restMinor } = before
    ? allocate(countedMinor, before.due, allocation)
    : { paid: { ...NOTHING_DUE, principal: countedMinor }, restMinor: 0 };
  const due = mapComponents((component) => data.due[component] + paid[component]);
  const balance: Balance = {
    currency: data.currency,
    due,
    overdueMinor: 0,
    paidMinor: before?.paidMinor ?? 0,
    overpaidMinor: 0,
    outstandingMinor: assertMinor(data.outstandingMinor + paid.principal + restMinor),
    cleared: before?.cleared ?? null,
    closed: before?.closed ?? null,
  };
  return withDue(balance, due, timestamp);
}

function apply(balance: Balance, event: Exclude<LoanEvent, StatementEvent>, allocation: readonly Component[]): Balance {
  switch (event.type) {
    case 'payment.received': {
      const { amountMinor, currency } = event.data;
      assertCurrency(balance, currency);
      const paidMinor = assertMinor(balance.paidMinor + amountMinor);
      return pay({ ...balance, paidMinor }, amountMinor, event.timestamp, allocation);
    }
    case 'loan.adjusted': {
      const { change, currency } = event.data;
      assertCurrency(balance, currency);
      const changed = mapComponents((component) => assertMinor(balance.due[component] + change[component]));
      const due = mapComponents((component) => Math.max(0, changed[component]));
      // What was paid before it was waived pays the other components: no cent is lost.
      return pay({ ...balance, due }, sumOf(due) - sumOf(changed), event.timestamp, allocation);
    }
    case 'loan.closed':
      return { ...balance, closed: { at: event.timestamp, reason: event.data.reason } };
    case 'payment.reversed':
      return balance;
    default:
      return event satisfies never;
  }
}

function pay(balance: Balance, amountMinor: number, at: Instant, allocation: readonly Component[]): Balance {
  const { paid, restMinor } = allocate(amountMinor, balance.due, allocation);
  const next: Balance = {
    ...balance,
    overpaidMinor: assertMinor(balance.overpaidMinor + restMinor),
    outstandingMinor: Math.max(0, balance.outstandingMinor - paid.principal - restMinor),
  };
  return withDue(
    next,
    mapComponents((component) => balance.due[component] - paid[component]),
    at,
  );
}

function withDue(balance: Balance, due: Components, at: Instant): Balance {
  const overdueMinor = sumOf(due);
  const cleared = overdueMinor > 0 ? null : (balance.cleared ?? { at, outstandingMinor: balance.outstandingMinor });
  return { ...balance, due, overdueMinor, cleared };
}

function assertCurrency(balance: Balance, currency: Currency): void {
  if (balance.currency !== currency) {
    throw new DomainError('MONEY_CURRENCY_MISMATCH', `The loan is in ${balance.currency}, the event in ${currency}.`);
  }
}

/** Money received for the loan up to and including an instant, reversed payments left out. */
export function paidUntil(events: readonly LoanEvent[], until: Instant): number {
  const reversed = new Set(
    events.flatMap((event) =>
      event.type === 'payment.reversed' && event.timestamp <= until ? [event.data.paymentEventId] : [],
    ),
  );
  return events.reduce(
    (sum, event) =>
      event.type === 'payment.received' && event.timestamp <= until && !reversed.has(event.id)
        ? assertMinor(sum + event.data.amountMinor)
        : sum,
    0,
  );
}
