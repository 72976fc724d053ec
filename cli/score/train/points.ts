import { placeOf, pointsAt } from '../../../domain/score/bin-of.ts';
import { sidePoints } from '../../../domain/score/quadrant.ts';
import type {
  BinFigures,
  CalibrationPoint,
  CharacteristicPoints,
  PointsTable,
  Scale,
} from '../../../domain/score/scorecard.ts';
import type { Calibration } from './calibration.ts';
import { missingIndex, openBins, outsideIndex } from './cutting.ts';
import type { Effects, Fitted } from './effects.ts';
import type { PastLoan } from './past-loan.ts';
import type { TrainingPlan } from './plan.ts';

/**
 * Log odds as whole points. The worst bin of each characteristic gets 0 and the rest is in the base, so that no points
 * are negative and a higher number is always better.
 */
export function pointsTable(
  { base, effects }: Fitted,
  { calibration, curve }: { readonly calibration: Calibration; readonly curve: readonly CalibrationPoint[] },
  { plan, loans }: { readonly plan: TrainingPlan; readonly loans: readonly PastLoan[] },
): PointsTable {
  const perLogOdds = plan.scale.pointsToDoubleOdds / Math.LN2;
  const pointsOf = (logOdds: number) => Math.round(calibration.slope * logOdds * perLogOdds);
  const floors = effects.map(floorOf);
  const shared = floors.reduce((sum, floor) => sum + floor, base);
  const characteristics = effects.map((each, index) =>
    withPoints(each, (logOdds) => pointsOf(logOdds - (floors[index] ?? 0))),
  );
  return {
    scale: plan.scale,
    calibration: curve,
    basePoints: Math.round(basePoints(plan.scale, calibration, shared)),
    bands: plan.bands,
    cuts: cutsOf(characteristics, loans),
    reasonsShown: plan.reasonsShown,
    characteristics,
  };
}

function basePoints({ pointsToDoubleOdds, evenOddsAt }: Scale, { intercept, slope }: Calibration, shared: number) {
  return evenOddsAt + ((intercept + slope * shared) * pointsToDoubleOdds) / Math.LN2;
}

/** The least log odds of a bin that holds loans; an empty one says nothing. */
function floorOf({ logOdds, loans }: Effects): number {
  const held = logOdds.filter((_, index) => (loans[index] ?? 0) > 0);
  return held.length === 0 ? 0 : Math.min(...held);
}

function withPoints(effects: Effects, pointsOf: (logOdds: number) => number): CharacteristicPoints {
  const { cutting, loans, settled, logOdds } = effects;
  const figures = loans.map((count, index) => ({
    points: pointsOf(logOdds[index] ?? 0),
    loans: count,
    settled: settled[index] ?? 0,
  }));
  const outside = figures[outsideIndex(cutting)];
  const averagePoints = averageOf(figures.filter((bin) => bin !== outside));
  // What the training never met is neither good nor bad.
  const told = figures.map((bin) => (bin.loans === 0 ? { ...bin, points: averagePoints } : bin));
  const { id, about, name, reasons } = cutting.planned;
  const excluded = outside && outside.loans > 0 ? { outside } : {};
  const shared = {
    id,
    about,
    name,
    reasons,
    averagePoints,
    ...excluded,
    missing: told[missingIndex(cutting)] ?? nothing(averagePoints),
  };
  if (cutting.kind === 'number') {
    const bins = openBins(cutting.bounds).map((bin, index) => ({ ...bin, ...(told[index] ?? nothing(averagePoints)) }));
    return { kind: 'number', ...shared, bins };
  }
  const bins = cutting.values.map((value, index) => ({ values: [value], ...(told[index] ?? nothing(averagePoints)) }));
  return { kind: 'category', ...shared, bins, other: told[cutting.values.length] ?? nothing(averagePoints) };
}

function averageOf(bins: readonly BinFigures[]): number {
  const loans = bins.reduce((sum, bin) => sum + bin.loans, 0);
  return Math.round(bins.reduce((sum, bin) => sum + bin.loans * bin.points, 0) / Math.max(loans, 1));
}

function nothing(points: number) {
  return { points, loans: 0, settled: 0 };
}

function cutsOf(characteristics: readonly CharacteristicPoints[], loans: readonly PastLoan[]): PointsTable['cuts'] {
  const scored = loans.map(({ facts }) =>
    characteristics.map((characteristic) => ({
      characteristic,
      points: pointsAt(characteristic, placeOf(characteristic, facts)),
    })),
  );
  return {
    ability: median(scored.map((each) => sidePoints(each, 'ability'))),
    willingness: median(scored.map((each) => sidePoints(each, 'willingness'))),
  };
}

/** The upper one when there are two middles. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
