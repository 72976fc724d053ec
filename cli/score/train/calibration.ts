import type { PastLoan } from './past-loan.ts';

/** Turns what a model says of unseen loans into what is true of them: `intercept + slope × log odds`. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
}

export interface Prediction {
  readonly loan: PastLoan;
  readonly logOdds: number;
}

const STEPS = 30;
/** A model that separates everything must not get an endless slope. */
const SHRINKAGE = 1e-3;

/** Platt's method: a logistic regression of the outcome on the log odds predicted for loans not learned from. */
export function calibrationOf(predictions: readonly Prediction[]): Calibration {
  let [intercept, slope] = [0, 1];
  for (let step = 0; step < STEPS; step += 1) {
    // Newton's method for two parameters, with the 2 × 2 system solved by hand.
    let [g0, g1, h00, h01, h11] = [0, -SHRINKAGE * (slope - 1), 1e-9, 0, SHRINKAGE];
    for (const { loan, logOdds } of predictions) {
      const probability = 1 / (1 + Math.exp(-(intercept + slope * logOdds)));
      const surprise = (loan.settled ? 1 : 0) - probability;
      const weight = probability * (1 - probability);
      g0 += surprise;
      g1 += surprise * logOdds;
      h00 += weight;
      h01 += weight * logOdds;
      h11 += weight * logOdds * logOdds;
    }
    const determinant = h00 * h11 - h01 * h01;
    intercept += (h11 * g0 - h01 * g1) / determinant;
    slope += (h00 * g1 - h01 * g0) / determinant;
  }
  return { intercept, slope };
}
