import { DomainError } from './errors.ts';
import type { Components, LoanEvent } from './events.ts';
import type { Instant } from './instant.ts';
import { type Currency, allocateInOrder, assertMinor } from './money.ts';
import { COMPONENTS, type Component } from './strategy.ts';

/** The shadow balance of one loan: a fold over its events by the instant they took effect. */
export interface Balance {
  readonly currency: Currency;
  /** What is still due, by component. */
  readonly due: Components;
  /** Sum of `due`. */
  readonly overdueMinor: number;
  /** Received and not reversed. */
  readonly paidMinor: number;
  /** Received beyond what was due; it pays down the rest of the loan. */
  readonly overpaidMinor: number;
  /** Principal of the whole loan still owed. */
  readonly outstandingMinor: number;
  /** When nothing was due any more, and what was left of the loan then; null while something is due. */
  readonly cleared: { readonly at: Instant; readonly outstandingMinor: number } | null;
  readonly closed: { readonly at: Instant; readonly reason: 'recalled' | 'writtenOff' } | null;
}

/** Ties at one instant: a statement first, then money, then its reversal, then the rest; at last the id. */
const ORDER: Readonly<Record<LoanEvent['type'], number>> = {
  'loan.due_soon': 0,
  'loan.overdue': 1,
  'loan.adjusted': 2,
  'payment.received': 3,
  'payment.reversed': 4,
  'loan.closed': 5,
};

function inOrderOfEffect(a: LoanEvent, b: LoanEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return ORDER[a.type] - ORDER[b.type] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * Folds the events of one loan, in any order of arrival, into its balance.
 * @param allocation the order in which a payment pays the components; all four of them.
 * @returns null when there is no statement yet: payments alone make no debt.
 * @throws MONEY_CURRENCY_MISMATCH, MONEY_NOT_SAFE_INTEGER
 */
export function balanceOf(events: readonly LoanEvent[], allocation: readonly Component[]): Balance | null {
  const sorted = events.toSorted(inOrderOfEffect);
  // A reversal takes its payment out as if it had never been: what later payments paid is allocated anew.
  const reversedAt = new Map<string, Instant>();
  for (const event of sorted) {
    if (event.type === 'payment.reversed') reversedAt.set(event.data.paymentEventId, event.timestamp);
  }
  let balance: Balance | null = null;
  for (const [index, event] of sorted.entries()) {
    balance =
      event.type === 'payment.reversed'
        ? balanceWithout(sorted.slice(0, index), reversedAt, event.timestamp, allocation, balance)
        : apply(balance, event, allocation);
  }
  return balance;
}

function balanceWithout(
  before: readonly LoanEvent[],
  reversedAt: ReadonlyMap<string, Instant>,
  now: Instant,
  allocation: readonly Component[],
  was: Balance | null,
): Balance | null {
  let balance: Balance | null = null;
  for (const event of before) {
    if (event.type === 'payment.reversed') continue;
    const reversal = event.type === 'payment.received' ? reversedAt.get(event.id) : undefined;
    if (reversal !== undefined && reversal <= now) continue;
    balance = apply(balance, event, allocation);
  }
  // What stays clear without the payment was cleared when it was.
  return balance?.cleared && was?.cleared
    ? { ...balance, cleared: { ...balance.cleared, at: was.cleared.at } }
    : balance;
}

function apply(balance: Balance | null, event: LoanEvent, allocation: readonly Component[]): Balance | null {
  switch (event.type) {
    case 'loan.due_soon':
    case 'loan.overdue': {
      const { currency, due, outstandingMinor } = event.data;
      if (balance) assertCurrency(balance, currency);
      return withDue(
        {
          currency,
          due,
          overdueMinor: 0,
          paidMinor: balance?.paidMinor ?? 0,
          overpaidMinor: 0,
          outstandingMinor: assertMinor(outstandingMinor),
          cleared: null,
          closed: balance?.closed ?? null,
        },
        due,
        event.timestamp,
      );
    }
    case 'payment.received': {
      // A payment from before the first statement is already in what the statement says.
      if (!balance) return null;
      assertCurrency(balance, event.data.currency);
      const { parts, restMinor } = allocateInOrder(
        event.data.amountMinor,
        allocation.map((component) => balance.due[component]),
      );
      const due: Record<Component, number> = { ...balance.due };
      let principalPaidMinor = 0;
      for (const [index, component] of allocation.entries()) {
        const part = parts[index] ?? 0;
        due[component] -= part;
        if (component === 'principal') principalPaidMinor = part;
      }
      const paid: Balance = {
        ...balance,
        paidMinor: assertMinor(balance.paidMinor + event.data.amountMinor),
        overpaidMinor: assertMinor(balance.overpaidMinor + restMinor),
        outstandingMinor: Math.max(0, balance.outstandingMinor - principalPaidMinor - restMinor),
      };
      return withDue(paid, due, event.timestamp);
    }
    case 'loan.adjusted': {
      if (!balance) return null;
      assertCurrency(balance, event.data.currency);
      const due: Record<Component, number> = { ...balance.due };
      for (const component of COMPONENTS) {
        due[component] = Math.max(0, assertMinor(due[component] + event.data.change[component]));
      }
      return withDue(balance, due, event.timestamp);
    }
    case 'loan.closed':
      return balance && { ...balance, closed: { at: event.timestamp, reason: event.data.reason } };
    case 'payment.reversed':
      return balance;
    default:
      return event satisfies never;
  }
}

function withDue(balance: Balance, due: Components, at: Instant): Balance {
  const overdueMinor = assertMinor(COMPONENTS.reduce((sum, component) => sum + assertMinor(due[component]), 0));
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
