import type { Measured } from '../../../domain/score/characteristics.ts';
import { type Coarseness, coarseCutting } from './coarse-cutting.ts';
import { type Cutting, fineCutting, measuresOf } from './cutting.ts';
import { type Fitted, fitEffects } from './effects.ts';
import type { PastLoan } from './past-loan.ts';
import type { PlannedCharacteristic } from './plan.ts';

/** Chosen once on the loans of the shipped scorecard; docs/scoring.md tells what other values brought. */
const PENALTIES = { smoothing: 3, shrinkage: 0.3 };
const COARSENESS: Coarseness = { leastStep: 0.14, mostBins: 9 };
/** Joining bins moves all the others a little, so that a few rounds are needed until nothing joins any more. */
const MOST_ROUNDS = 8;

/** Bins and their effects: fitted fine, joined where neighbours hardly differ, and fitted again until that is settled. */
export function shapeOf(planned: readonly PlannedCharacteristic[], loans: readonly PastLoan[]): Fitted {
  const settled = loans.map((loan) => loan.settled);
  const measures = new Map<string, readonly Measured[]>(planned.map((each) => [each.id, measuresOf(each, loans)]));
  let cuttings: readonly Cutting[] = planned.flatMap((each) => fineCutting(each, measures.get(each.id) ?? []) ?? []);
  let fitted = fitEffects(cuttings, measures, settled, PENALTIES);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const coarser = fitted.effects.flatMap((effects) => coarseCutting(effects, COARSENESS) ?? []);
    if (size(coarser) === size(cuttings)) break;
    cuttings = coarser;
    fitted = fitEffects(cuttings, measures, settled, PENALTIES);
  }
  return fitted;
}

function size(cuttings: readonly Cutting[]): number {
  return cuttings.reduce((sum, cutting) => sum + (cutting.kind === 'number' ? cutting.bounds.length + 1 : 1), 0);
}
