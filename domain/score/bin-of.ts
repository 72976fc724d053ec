import { CHARACTERISTICS } from './characteristics.ts';
import type { LoanFacts } from './loan-facts.ts';
import type { CharacteristicPoints, NumberBin } from './scorecard.ts';

/** Where the value of a loan lies: at a position of the bins, or outside of all. */
export type BinPlace = number | 'other' | 'missing' | 'outside';

/** The position of the bin that holds a number; `bins` are in rising order and the last one is open. */
function numberPlace(bins: readonly Pick<NumberBin, 'below'>[], value: number): number {
  const index = bins.findIndex(({ below }) => below !== null && value < below);
  return index === -1 ? bins.length - 1 : index;
}

/** A value that the training has not seen is `other`; one that is not known is `missing`. */
export function placeOf(characteristic: CharacteristicPoints, facts: LoanFacts): BinPlace {
  const value = CHARACTERISTICS[characteristic.id].measure(facts);
  if (value === undefined) return 'outside';
  if (value === null) return 'missing';
  if (characteristic.kind === 'number') {
    return typeof value === 'number' && Number.isFinite(value) ? numberPlace(characteristic.bins, value) : 'missing';
  }
  const index = characteristic.bins.findIndex(({ values }) => values.includes(String(value)));
  return index === -1 ? 'other' : index;
}

/** The points of the bin at a place. */
export function pointsAt(characteristic: CharacteristicPoints, place: BinPlace): number {
  if (place === 'missing') return characteristic.missing.points;
  if (place === 'outside') return characteristic.outside?.points ?? characteristic.averagePoints;
  if (place === 'other') return characteristic.kind === 'category' ? characteristic.other.points : 0;
  return characteristic.bins[place]?.points ?? 0;
}
