import type { PolicyValue } from './policy-value.ts';
import { POINTS_BOUNDS, readNumber } from './scorecard-parts.ts';

/** Odds of none and of all cannot be doubled. */
const LEAST = 0.0001;

/** Points and probabilities rise from one line to the next, so that more points are always a higher probability. */
export function readCalibration(value: PolicyValue) {
  const items = value.items('{ points: 480, probability: 0.05 }') ?? [];
  const curve = items.map((item) => {
    const fields = item.fields('a point of the calibration', { points: '480', probability: '0.05' });
    return {
      points: fields.points.integer(POINTS_BOUNDS),
      probability: readNumber(fields.probability, LEAST, 1 - LEAST),
    };
  });
  for (const [index, { points, probability }] of curve.entries()) {
    const before = curve[index - 1];
    if (before?.points === undefined || before.probability === undefined) continue;
    if (points === undefined || probability === undefined) continue;
    if (points <= before.points || probability <= before.probability) {
      items[index]?.refuse('The calibration rises: give higher points and a higher probability than the line above.');
    }
  }
  return curve;
}
