import { improved, surprisal } from './newton-step.ts';
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
/** Keeps the system solvable when every prediction is all but certain. */
const BARELY = 1e-9;

/** Platt's method: a logistic regression of the outcome on the log odds predicted for loans not learned from. */
export function calibrationOf(predictions: readonly Prediction[]): Calibration {
  const lossOf = ([intercept = 0, slope = 1]: readonly number[]) =>
    predictions.reduce(
      (sum, { loan, logOdds }) => sum + surprisal(intercept + slope * logOdds, loan.settled),
      (SHRINKAGE * (slope - 1) ** 2) / 2,
    );
  let place = [0, 1];
  for (let step = 0; step < STEPS; step += 1) place = improved(place, moveFrom(place, predictions), lossOf);
  return { intercept: place[0] ?? 0, slope: place[1] ?? 1 };
}

/** Newton's step for two parameters, its 2 × 2 system solved by hand. */
function moveFrom([intercept = 0, slope = 1]: readonly number[], predictions: readonly Prediction[]): number[] {
  let [upIntercept, upSlope] = [0, -SHRINKAGE * (slope - 1)];
  let [bendIntercept, bendBoth, bendSlope] = [BARELY, 0, SHRINKAGE];
  for (const { loan, logOdds } of predictions) {
    const probability = 1 / (1 + Math.exp(-(intercept + slope * logOdds)));
    const surprise = (loan.settled ? 1 : 0) - probability;
    const weight = probability * (1 - probability);
    upIntercept += surprise;
    upSlope += surprise * logOdds;
    bendIntercept += weight;
    bendBoth += weight * logOdds;
    bendSlope += weight * logOdds * logOdds;
  }
  const determinant = bendIntercept * bendSlope - bendBoth * bendBoth;
  return [
    (bendSlope * upIntercept - bendBoth * upSlope) / determinant,
    (bendIntercept * upSlope - bendBoth * upIntercept) / determinant,
  ];
}
