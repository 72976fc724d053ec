import type { BinPlace } from './bin-of.ts';
import type { Scored } from './quadrant.ts';
import type { CharacteristicPoints, Reason } from './scorecard.ts';

export interface Placed extends Scored {
  readonly place: BinPlace;
}

/**
 * Why a score is not higher: the characteristics that lost most points against the average loan, the most first; equal
 * losses stand in the order of the scorecard, and two that would be told in the same words are told once. Empty when
 * nothing was lost.
 */
export function reasonsOf(placed: readonly Placed[], most: number): readonly Reason[] {
  const reasons = placed
    .map((each) => ({ each, lost: each.characteristic.averagePoints - each.points }))
    .filter(({ each, lost }) => lost > 0 && each.place !== 'outside')
    .toSorted((a, b) => b.lost - a.lost)
    .map(({ each }) => reasonFor(each.characteristic, each.place));
  return reasons
    .filter(({ code }, index) => reasons.findIndex((other) => other.code === code) === index)
    .slice(0, most);
}

/** The sentence by the side of the best bin on which the value lies; one written for both sides is `other`. */
function reasonFor(characteristic: CharacteristicPoints, place: BinPlace): Reason {
  const { reasons, bins } = characteristic;
  if (place === 'missing') return reasons.unknown;
  const best = bins.reduce((found, bin, index) => (bin.points > (bins[found]?.points ?? 0) ? index : found), 0);
  const isSided = typeof place === 'number' && characteristic.kind === 'number';
  const sided = isSided ? reasons[place < best ? 'low' : 'high'] : undefined;
  return sided ?? reasons.other ?? reasons.low ?? reasons.high ?? reasons.unknown;
}
