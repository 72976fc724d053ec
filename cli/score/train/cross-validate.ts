import { scoreOf } from '../../../domain/score/score.ts';
import { foldsOf } from './folds.ts';
import type { PastLoan } from './past-loan.ts';
import type { TrainingPlan } from './plan.ts';
import type { Judged } from './quality.ts';
import { trainPoints } from './train.ts';

/**
 * Scores every loan by points that were learned from other borrowers alone, whole points and calibration included: what
 * is measured is the scorecard as it will be used.
 * @returns predictions by fold.
 */
export function crossValidate(plan: TrainingPlan, loans: readonly PastLoan[], count: number): Judged[][] {
  const folds = foldsOf(loans, count, 'validation');
  return folds.map((fold) => {
    const table = trainPoints(
      plan,
      folds.flatMap((other) => (other === fold ? [] : other)),
    );
    return fold.map(({ facts, settled }) => {
      const { probabilityOfSettlement, band } = scoreOf(table, facts);
      return { probability: probabilityOfSettlement, band, settled };
    });
  });
}
