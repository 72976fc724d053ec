import { CHARACTERISTICS } from '../../../domain/score/characteristics.ts';
import type { PointsTable } from '../../../domain/score/scorecard.ts';
import { type Prediction, calibrationOf } from './calibration.ts';
import { calibrationCurve } from './calibration-curve.ts';
import { binIndex } from './cutting.ts';
import type { Fitted } from './effects.ts';
import { foldsOf } from './folds.ts';
import type { PastLoan } from './past-loan.ts';
import type { TrainingPlan } from './plan.ts';
import { pointsTable } from './points.ts';
import { shapeOf } from './shape.ts';

const CALIBRATION_FOLDS = 5;

/**
 * Learns a table of points from past loans. Bins, effects and calibration come from these loans alone: whoever measures
 * gives the ones to learn from, and scores others. The order of the loans does not matter.
 */
export function trainPoints(plan: TrainingPlan, loans: readonly PastLoan[]): PointsTable {
  const folds = foldsOf(loans, CALIBRATION_FOLDS, 'calibration');
  const unseen = folds.flatMap((fold) => {
    const fitted = shapeOf(
      plan.characteristics,
      folds.flatMap((other) => (other === fold ? [] : other)),
    );
    return fold.map((loan): Prediction => ({ loan, logOdds: logOddsOf(fitted, loan) }));
  });
  const calibration = calibrationOf(unseen);
  const curve = calibrationCurve(unseen, calibration, plan.scale);
  return pointsTable(shapeOf(plan.characteristics, loans), { calibration, curve }, { plan, loans });
}

function logOddsOf({ base, effects }: Fitted, { facts }: PastLoan): number {
  return effects.reduce((sum, { cutting, logOdds }) => {
    const place = binIndex(cutting, CHARACTERISTICS[cutting.planned.id].measure(facts));
    return sum + (logOdds[place] ?? 0);
  }, base);
}
