import type { CalibrationPoint, Scale } from '../../../domain/score/scorecard.ts';
import type { Calibration, Prediction } from './calibration.ts';

const GROUPS = 10;
/** So many loans, settled as predicted, are added to each group: few loans do not bend the curve much. */
const PRIOR_LOANS = 40;
const DIGITS = 4;
/** Two points of the curve differ by at least as much as their digits show. */
const LEAST_RISE = 2e-4;

interface Group {
  readonly loans: number;
  readonly points: number;
  readonly probability: number;
}

/**
 * Where the calibrated log odds still stray: tenths of the loans not learned from, by points, with what became of them.
 * Tenths that do not rise over the one before are joined with it.
 */
export function calibrationCurve(
  predictions: readonly Prediction[],
  { intercept, slope }: Calibration,
  { pointsToDoubleOdds, evenOddsAt }: Scale,
): CalibrationPoint[] {
  const sorted = predictions.toSorted((a, b) => a.logOdds - b.logOdds);
  const groups = Array.from({ length: GROUPS }, (_, index) => {
    const [from, to] = [index, index + 1].map((each) => Math.round((each * sorted.length) / GROUPS));
    return groupOf(sorted.slice(from, to), (logOdds) => intercept + slope * logOdds);
  }).filter(({ loans }) => loans > 0);
  return rising(groups).map(({ points, probability }) => ({
    points: Math.round(evenOddsAt + (points * pointsToDoubleOdds) / Math.LN2),
    probability: Number(probability.toFixed(DIGITS)),
  }));
}

/** `points` are log odds still. */
function groupOf(predictions: readonly Prediction[], calibrated: (logOdds: number) => number): Group {
  const loans = predictions.length;
  const logOdds = predictions.map((each) => calibrated(each.logOdds));
  const expected = logOdds.reduce((sum, each) => sum + 1 / (1 + Math.exp(-each)), 0);
  const settled = predictions.filter(({ loan }) => loan.settled).length;
  return {
    loans,
    points: logOdds.reduce((sum, each) => sum + each, 0) / loans,
    probability: (settled + (PRIOR_LOANS * expected) / loans) / (loans + PRIOR_LOANS),
  };
}

/** Pools adjacent violators. */
function rising(groups: readonly Group[]): Group[] {
  const pooled: Group[] = [];
  for (let group of groups) {
    for (let last = pooled.at(-1); last !== undefined && !isAbove(group, last); last = pooled.at(-1)) {
      pooled.pop();
      group = joined(last, group);
    }
    pooled.push(group);
  }
  // The ends must leave room for the digits that are written.
  return pooled.filter(({ probability }) => probability > LEAST_RISE && probability < 1 - LEAST_RISE);
}

function isAbove(group: Group, last: Group): boolean {
  return group.probability - last.probability > LEAST_RISE && group.points - last.points > 0.1;
}

function joined(one: Group, other: Group): Group {
  const loans = one.loans + other.loans;
  const mean = (key: 'points' | 'probability') => (one[key] * one.loans + other[key] * other.loans) / loans;
  return { loans, points: mean('points'), probability: mean('probability') };
}
