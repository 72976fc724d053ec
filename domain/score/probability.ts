import type { Band, Scale } from './scorecard.ts';

/** The probability that a score stands for: strictly between 0 and 1, and higher for more points. */
export function probabilityAt(points: number, { pointsToDoubleOdds, evenOddsAt }: Scale): number {
  return 1 / (1 + 2 ** ((evenOddsAt - points) / pointsToDoubleOdds));
}

/** The first band that a probability reaches; the last one takes all that reach none. */
export function bandOf(probability: number, bands: readonly Band[]): string {
  const band = bands.find(({ probabilityFrom }) => probability >= probabilityFrom) ?? bands.at(-1);
  return band?.id ?? '';
}
