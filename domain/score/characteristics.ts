import type { LoanFacts } from './loan-facts.ts';

/** What a characteristic says of a loan; null when it cannot be said. Numbers are finite. */
export type Measured = number | string | null;

interface NumberCharacteristic {
  readonly kind: 'number';
  readonly measure: (facts: LoanFacts) => number | null;
}

interface CategoryCharacteristic {
  readonly kind: 'category';
  readonly measure: (facts: LoanFacts) => string | null;
}

export type Characteristic = NumberCharacteristic | CategoryCharacteristic;

/** Everything that a scorecard can give points for, by id. Ratios whose divisor is not positive are not known. */
export const CHARACTERISTICS = {
  overdueAmount: number((facts) => facts.overdueMinor),
  overdueToBalance: number((facts) => ratio(facts.overdueMinor, facts.principalMinor)),
  lastBillToOverdue: number((facts) => ratio(facts.billsMinor.at(-1), facts.overdueMinor)),
  balanceToLastBill: number((facts) => ratio(facts.principalMinor, facts.billsMinor.at(-1))),
  utilisation: number((facts) => ratio(facts.principalMinor, facts.creditLimitMinor)),
  creditLimit: number((facts) => facts.creditLimitMinor),
  lastStatus: number((facts) => facts.statuses.at(-1) ?? null),
  worstStatus: number((facts) => (facts.statuses.length === 0 ? null : Math.max(...facts.statuses))),
  monthsPaidInFull: number((facts) => counted(facts.statuses, (status) => status === -1)),
  monthsPartPaid: number((facts) => counted(facts.statuses, (status) => status === 0)),
  monthsWithoutPayment: number((facts) => counted(facts.paymentsMinor, (paid) => paid <= 0)),
  monthsCovered: number((facts) => counted(facts.paymentsMinor, (paid) => paid >= facts.overdueMinor)),
  smallestPaymentToOverdue: number((facts) => ratio(smallest(facts.paymentsMinor), facts.overdueMinor)),
  averagePaymentToOverdue: number((facts) => ratio(average(facts.paymentsMinor), facts.overdueMinor)),
  paidToBilled: number(paidToBilled),
  monthsOfHistory: number((facts) => Math.max(facts.statuses.length, facts.billsMinor.length)),
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
  return { kind: 'number', measure };
}

function category(measure: CategoryCharacteristic['measure']): CategoryCharacteristic {
  return { kind: 'category', measure };
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

/** What was paid against the bills of the month before: a payment answers the bill that came before it. */
function paidToBilled({ billsMinor, paymentsMinor }: LoanFacts): number | null {
  return ratio(sum(paymentsMinor.slice(1)), sum(billsMinor.slice(0, -1)));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
