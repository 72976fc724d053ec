import { placeOf, pointsAt } from './bin-of.ts';
import type { LoanFacts } from './loan-facts.ts';
import { bandOf, probabilityAt } from './probability.ts';
import { type Quadrant, quadrantOf, sidePoints } from './quadrant.ts';
import { reasonsOf } from './reasons.ts';
import type { PointsTable, Reason } from './scorecard.ts';

/** What a scorecard says of a loan. It decides nothing by itself. */
export interface Score {
  /** Whole points; more are better. */
  readonly points: number;
  /** That the overdue amount is paid within the time that the scorecard was trained on; between 0 and 1. */
  readonly probabilityOfSettlement: number;
  readonly band: string;
  /** Points of the characteristics about each side, without the base. */
  readonly ability: number;
  readonly willingness: number;
  readonly quadrant: Quadrant;
  /** The heaviest first. */
  readonly reasons: readonly Reason[];
}

/** Scores a loan in the currency of the scorecard; whoever calls has seen to that. */
export function scoreOf(scorecard: PointsTable, facts: LoanFacts): Score {
  const placed = scorecard.characteristics.map((characteristic) => {
    const place = placeOf(characteristic, facts);
    return { characteristic, place, points: pointsAt(characteristic, place) };
  });
  const points = placed.reduce((sum, each) => sum + each.points, scorecard.basePoints);
  const probabilityOfSettlement = probabilityAt(points, scorecard);
  const sides = { ability: sidePoints(placed, 'ability'), willingness: sidePoints(placed, 'willingness') };
  return {
    points,
    probabilityOfSettlement,
    band: bandOf(probabilityOfSettlement, scorecard.bands),
    ...sides,
    quadrant: quadrantOf(sides, scorecard.cuts),
    reasons: reasonsOf(placed, scorecard.reasonsShown),
  };
}
