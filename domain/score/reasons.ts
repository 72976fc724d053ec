import type { BinPlace } from './bin-of.ts';
import type { CharacteristicPoints, Reason } from './scorecard.ts';
import type { Scored } from './quadrant.ts';

export interface Placed extends Scored {
  readonly place: BinPlace;
}

/**
 * Why a score is not higher: the characteristics that lost most points against the average loan, the most first; equal
 * losses stand in the order of the scorecard. Empty when nothing was lost.
 */
export function reasonsOf(placed: readonly Placed[], most: number): readonly Reason[] {
  return placed
    .map((each) => ({ each, lost: each.characteristic.averagePoints - each.points }))
    .filter(({ lost }) => lost > 0)
    .toSorted((a, b) => b.lost - a.lost)
    .slice(0, most)
    .map(({ each }) => reasonFor(each.characteristic, each.place));
}

/** The sentence by the side of the best bin on which the value lies; one written for both sides is `other`. */
function reasonFor(characteristic: CharacteristicPoints, place: BinPlace): Reason {
  const { reasons, bins } = characteristic;
  if (place === 'missing') return reasons.unknown;
  const best = bins.reduce((found, bin, index) => (bin.points > (bins[found]?.points ?? 0) ? index : found), 0);
  const sided = place === 'other' || characteristic.kind === 'category' ? undefined : place < best ? 'low' : 'high';
  return (sided && reasons[sided]) ?? reasons.other ?? reasons.low ?? reasons.high ?? reasons.unknown;
}
