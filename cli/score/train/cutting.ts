import { CHARACTERISTICS, type Measured } from '../../../domain/score/characteristics.ts';
import type { PastLoan } from './past-loan.ts';
import type { PlannedCharacteristic } from './plan.ts';

/**
 * How the values of a characteristic are cut into bins. A number has one bin more than bounds, a category one a list of
 * values and one for all others; both have two more: for what is not known, and for loans that it does not apply to.
 */
export type Cutting =
  | { readonly planned: PlannedCharacteristic; readonly kind: 'number'; readonly bounds: readonly number[] }
  | { readonly planned: PlannedCharacteristic; readonly kind: 'category'; readonly values: readonly string[] };

/** No finer than this: a bin of fewer loans says more of chance than of debtors. */
const LEAST_LOANS = 40;
const MOST_BINS = 24;
/** Bounds are rounded, so that a person can read them and a rounded file says the same as the training. */
const DIGITS = 3;

export function measuresOf(planned: PlannedCharacteristic, loans: readonly PastLoan[]): Measured[] {
  const { measure } = CHARACTERISTICS[planned.id];
  return loans.map(({ facts }) => measure(facts));
}

/** Fine bins of about equal numbers of loans; undefined when all known values are the same. */
export function fineCutting(planned: PlannedCharacteristic, measures: readonly Measured[]): Cutting | undefined {
  const known = measures.filter((value) => value != null);
  if (CHARACTERISTICS[planned.id].kind === 'category') {
    const values = frequentValues(known.map(String));
    return values.length < 2 ? undefined : { planned, kind: 'category', values };
  }
  const bounds = quantileBounds(known.map(Number));
  return bounds.length === 0 ? undefined : { planned, kind: 'number', bounds };
}

export function binCount(cutting: Cutting): number {
  return cutting.kind === 'number' ? cutting.bounds.length + 3 : cutting.values.length + 3;
}

export function missingIndex(cutting: Cutting): number {
  return binCount(cutting) - 2;
}

export function outsideIndex(cutting: Cutting): number {
  return binCount(cutting) - 1;
}

/** The position of a value's bin. */
export function binIndex(cutting: Cutting, value: Measured): number {
  if (value === undefined) return outsideIndex(cutting);
  if (value === null) return missingIndex(cutting);
  if (cutting.kind === 'category') {
    const index = cutting.values.indexOf(String(value));
    return index === -1 ? cutting.values.length : index;
  }
  const index = cutting.bounds.findIndex((bound) => Number(value) < bound);
  return index === -1 ? cutting.bounds.length : index;
}

export function openBins(bounds: readonly number[]): { below: number | null }[] {
  return [...bounds, null].map((below) => ({ below }));
}

/** Quantiles, each rounded, unless rounding would leave a bin with too few loans. */
function quantileBounds(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const bins = Math.min(MOST_BINS, Math.floor(sorted.length / LEAST_LOANS));
  const bounds: number[] = [];
  let from = 0;
  for (let bin = 1; bin < bins; bin += 1) {
    const quantile = sorted[Math.floor((bin * sorted.length) / bins)] ?? 0;
    const bound = Number(quantile.toPrecision(DIGITS));
    const upTo = countBelow(sorted, bound);
    if (upTo - from < LEAST_LOANS / 2 || sorted.length - upTo < LEAST_LOANS / 2) continue;
    bounds.push(bound);
    from = upTo;
  }
  return bounds;
}

function countBelow(sorted: readonly number[], bound: number): number {
  const index = sorted.findIndex((value) => value >= bound);
  return index === -1 ? sorted.length : index;
}

function frequentValues(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].flatMap(([value, count]) => (count >= LEAST_LOANS ? [value] : [])).toSorted();
}
