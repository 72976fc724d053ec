import type { Cutting } from './cutting.ts';
import type { Effects } from './effects.ts';
import type { Direction } from './plan.ts';

/** A run of neighbouring bins that will be one. */
interface Run {
  readonly logOdds: number;
  readonly loans: number;
  /** Upper bound; null for the last. */
  readonly below: number | null;
}

export interface Coarseness {
  /** Neighbours whose log odds differ by less become one bin. */
  readonly leastStep: number;
  readonly mostBins: number;
}

/**
 * Joins neighbouring bins that go against the planned direction, then those that differ least.
 * @returns undefined when one bin is left: the characteristic tells loans apart no more.
 */
export function coarseCutting(effects: Effects, { leastStep, mostBins }: Coarseness): Cutting | undefined {
  const { cutting } = effects;
  if (cutting.kind === 'category') return cutting;
  const { direction } = cutting.planned;
  let runs = inDirection(runsOf(cutting.bounds, effects), direction);
  for (;;) {
    const index = closestPair(runs);
    if (index === undefined) return undefined;
    if (stepAt(runs, index) >= leastStep && runs.length <= mostBins) break;
    // Joining two runs of a free shape may leave others as they are; a monotone shape stays monotone.
    runs = joined(runs, index);
  }
  return { ...cutting, bounds: runs.flatMap(({ below }) => (below === null ? [] : [below])) };
}

function runsOf(bounds: readonly number[], { logOdds, loans }: Effects): Run[] {
  return [...bounds, null].map((below, index) => ({
    below,
    logOdds: logOdds[index] ?? 0,
    loans: loans[index] ?? 0,
  }));
}

/** Pools adjacent violators. */
function inDirection(runs: readonly Run[], direction: Direction): Run[] {
  if (direction === 'free') return [...runs];
  const sign = direction === 'rising' ? 1 : -1;
  let pooled: Run[] = [];
  for (const run of runs) {
    pooled.push(run);
    for (let last = pooled.length - 1; last > 0; last = pooled.length - 1) {
      if (sign * ((pooled[last]?.logOdds ?? 0) - (pooled[last - 1]?.logOdds ?? 0)) >= 0) break;
      pooled = joined(pooled, last - 1);
    }
  }
  return pooled;
}

/** The first run of the two neighbours that differ least. */
function closestPair(runs: readonly Run[]): number | undefined {
  let closest: number | undefined;
  for (let index = 0; index < runs.length - 1; index += 1) {
    if (closest === undefined || stepAt(runs, index) < stepAt(runs, closest)) closest = index;
  }
  return closest;
}

function stepAt(runs: readonly Run[], index: number): number {
  return Math.abs((runs[index + 1]?.logOdds ?? 0) - (runs[index]?.logOdds ?? 0));
}

/** Joins the run at an index with the one after it. */
function joined(runs: readonly Run[], index: number): Run[] {
  const [one, other] = runs.slice(index, index + 2);
  if (one === undefined || other === undefined) return [...runs];
  const loans = one.loans + other.loans;
  const logOdds = loans === 0 ? one.logOdds : (one.logOdds * one.loans + other.logOdds * other.loans) / loans;
  return [...runs.slice(0, index), { below: other.below, logOdds, loans }, ...runs.slice(index + 2)];
}
