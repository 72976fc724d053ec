import type { Band, CalibrationPoint, PointsTable, Scale } from './scorecard.ts';

/**
 * The probability that a score stands for: strictly between 0 and 1, and higher for more points. Between two points of
 * the calibration the log odds rise in a straight line, beyond them as the scale says.
 */
export function probabilityAt(
  points: number,
  { scale, calibration }: Pick<PointsTable, 'scale' | 'calibration'>,
): number {
  const above = calibration.findIndex((each) => points <= each.points);
  const [from, to] = [calibration[above - 1], calibration[above]];
  const doublings =
    from !== undefined && to !== undefined
      ? between(from, to, points)
      : beyond(calibration.at(above === -1 ? -1 : 0), points, scale);
  return 1 / (1 + 2 ** -doublings);
}

/** How often the odds have doubled from even ones, on the line between two points. */
function between(from: CalibrationPoint, to: CalibrationPoint, points: number): number {
  const share = (points - from.points) / (to.points - from.points);
  return doublingsOf(from.probability) * (1 - share) + doublingsOf(to.probability) * share;
}

/** The same by the scale, from the nearest point on. */
function beyond(nearest: CalibrationPoint | undefined, points: number, scale: Scale): number {
  if (nearest === undefined) return (points - scale.evenOddsAt) / scale.pointsToDoubleOdds;
  return doublingsOf(nearest.probability) + (points - nearest.points) / scale.pointsToDoubleOdds;
}

function doublingsOf(probability: number): number {
  return Math.log2(probability / (1 - probability));
}

/** The first band that a probability reaches; the last one takes all that reach none. */
export function bandOf(probability: number, bands: readonly Band[]): string {
  const band = bands.find(({ probabilityFrom }) => probability >= probabilityFrom) ?? bands.at(-1);
  return band?.id ?? '';
}
