import type { LoanFacts } from './loan-facts.ts';

/** What a characteristic says of a loan: null when it is not known, undefined when it does not apply. */
export type Measured = number | string | null | undefined;

interface NumberCharacteristic {
  readonly kind: 'number';
  /** Finite when it is a number. */
  readonly measure: (facts: LoanFacts) => number | null | undefined;
  /** Whether it is an amount in minor units of the scorecard's currency. */
  readonly isAmount: boolean;
}

interface CategoryCharacteristic {
  readonly kind: 'category';
  readonly measure: (facts: LoanFacts) => string | null;
}

export type Characteristic = NumberCharacteristic | CategoryCharacteristic;

/**
 * Everything that a scorecard can give points for, by id. Ratios whose divisor is not positive are not known. Three
 * amounts say different things of accounts with and without a history, so each stands twice and applies to one kind;
 * the last bill does so by whether the bill before it was paid in full.
 */
export const CHARACTERISTICS = {
  overdueAmountNewAccount: amount(forNewAccounts(overdueAmount)),
  overdueAmountKnownAccount: amount(forKnownAccounts(overdueAmount)),
  overdueToBalanceNewAccount: number(forNewAccounts(overdueToBalance)),
  overdueToBalanceKnownAccount: number(forKnownAccounts(overdueToBalance)),
  utilisationNewAccount: number(forNewAccounts(utilisation)),
  utilisationKnownAccount: number(forKnownAccounts(utilisation)),
  lastBillAfterPartPayment: number((facts) => (facts.statuses.at(-1) === 0 ? lastBillToOverdue(facts) : undefined)),
  lastBillAfterFullPayment: number((facts) =>
    (facts.statuses.at(-1) ?? 0) < 0 ? lastBillToOverdue(facts) : undefined,
  ),
  balanceToLastBill: number((facts) => ratio(facts.principalMinor, facts.billsMinor.at(-1))),
  creditLimit: amount((facts) => facts.creditLimitMinor),
  lastStatus: number((facts) => facts.statuses.at(-1) ?? null),
  worstStatus: number((facts) => (facts.statuses.length === 0 ? null : Math.max(...facts.statuses))),
  monthsPaidInFull: number((facts) => counted(facts.statuses, (status) => status === -1)),
  monthsPartPaid: number((facts) => counted(facts.statuses, (status) => status === 0)),
  monthsWithoutPayment: number((facts) => counted(facts.paymentsMinor, (paid) => paid <= 0)),
  monthsCovered: number((facts) => counted(facts.paymentsMinor, (paid) => paid >= facts.overdueMinor)),
  smallestPaymentToOverdue: number((facts) => ratio(smallest(facts.paymentsMinor), facts.overdueMinor)),
  averagePaymentToOverdue: number((facts) => ratio(average(facts.paymentsMinor), facts.overdueMinor)),
  paidToBilled: number(paidToBilled),
  monthsOfHistory: number((facts) => historyLength(facts)),
  earlierLoans: number((facts) => facts.earlierLoans),
  product: category((facts) => facts.product),
  age: number((facts) => facts.age),
  education: category((facts) => facts.education),
  region: category((facts) => facts.region),
} as const satisfies Readonly<Record<string, Characteristic>>;

export type CharacteristicId = keyof typeof CHARACTERISTICS;

export const CHARACTERISTIC_IDS = Object.keys(CHARACTERISTICS) as readonly CharacteristicId[];

/** Who somebody is rather than how they pay: left out unless a training is told otherwise. */
export const SENSITIVE_IDS = ['age', 'education', 'region'] as const satisfies readonly CharacteristicId[];
export type SensitiveId = (typeof SENSITIVE_IDS)[number];

function number(measure: NumberCharacteristic['measure']): NumberCharacteristic {
  return { kind: 'number', measure, isAmount: false };
}

function amount(measure: NumberCharacteristic['measure']): NumberCharacteristic {
  return { kind: 'number', measure, isAmount: true };
}

function category(measure: CategoryCharacteristic['measure']): CategoryCharacteristic {
  return { kind: 'category', measure };
}

type Amount = (facts: LoanFacts) => number | null;

function forNewAccounts(measure: Amount): NumberCharacteristic['measure'] {
  return (facts) => (historyLength(facts) === 0 ? measure(facts) : undefined);
}

function forKnownAccounts(measure: Amount): NumberCharacteristic['measure'] {
  return (facts) => (historyLength(facts) === 0 ? undefined : measure(facts));
}

function overdueAmount({ overdueMinor }: LoanFacts): number {
  return overdueMinor;
}

function overdueToBalance({ overdueMinor, principalMinor }: LoanFacts): number | null {
  return ratio(overdueMinor, principalMinor);
}

function utilisation({ principalMinor, creditLimitMinor }: LoanFacts): number | null {
  return ratio(principalMinor, creditLimitMinor);
}

function lastBillToOverdue({ billsMinor, overdueMinor }: LoanFacts): number | null {
  return ratio(billsMinor.at(-1), overdueMinor);
}

/** What was paid against the bills of the month before: a payment answers the bill that came before it. */
function paidToBilled({ billsMinor, paymentsMinor }: LoanFacts): number | null {
  return ratio(sum(paymentsMinor.slice(1)), sum(billsMinor.slice(0, -1)));
}

/** Months of which anything is known. */
function historyLength({ statuses, billsMinor, paymentsMinor }: LoanFacts): number {
  return Math.max(statuses.length, billsMinor.length, paymentsMinor.length);
}

function ratio(part: number | null | undefined, whole: number | null | undefined): number | null {
  return part == null || whole == null || whole <= 0 ? null : part / whole;
}

/** Months of which something holds; null when no month is known. */
function counted(months: readonly number[], holds: (month: number) => boolean): number | null {
  return months.length === 0 ? null : months.filter(holds).length;
}

function smallest(amounts: readonly number[]): number | null {
  return amounts.length === 0 ? null : Math.min(...amounts);
}

function average(amounts: readonly number[]): number | null {
  return amounts.length === 0 ? null : sum(amounts) / amounts.length;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
