import type { Currency } from '../../domain/money.ts';
import { CHARACTERISTICS } from '../../domain/score/characteristics.ts';
import type { BinFigures, CharacteristicPoints, NumberBin } from '../../domain/score/scorecard.ts';
import { exactMoney } from '../report/words.ts';

export interface BinRow {
  /** `0.2 to 0.3`; the lower bound is included, the upper is not. */
  readonly words: string;
  readonly bin: BinFigures;
}

/** All bins of a characteristic in the order of their values, then those for what is not a value. */
export function binRows(characteristic: CharacteristicPoints, currency: Currency): BinRow[] {
  const bins = binsOf(characteristic);
  return wordsOf(characteristic, currency).flatMap((words, index) => {
    const bin = bins[index];
    return bin === undefined ? [] : [{ words, bin }];
  });
}

/** In the order of `binRows`. */
export function binsOf(characteristic: CharacteristicPoints): BinFigures[] {
  const { bins, missing, outside } = characteristic;
  const other = characteristic.kind === 'category' ? [characteristic.other] : [];
  return [...bins, ...other, missing, ...(outside === undefined ? [] : [outside])];
}

function wordsOf(characteristic: CharacteristicPoints, currency: Currency): string[] {
  const definition = CHARACTERISTICS[characteristic.id];
  const isAmount = definition.kind === 'number' && definition.isAmount;
  const shown = (bound: number) => (isAmount ? exactMoney(Math.round(bound), currency) : String(bound));
  const values =
    characteristic.kind === 'number'
      ? characteristic.bins.map((_, index) => rangeOf(characteristic.bins, index, shown))
      : [...characteristic.bins.map((bin) => bin.values.join(', ')), 'any other'];
  return [...values, 'not known', 'does not apply'];
}

function rangeOf(bins: readonly NumberBin[], index: number, shown: (bound: number) => string): string {
  const from = bins[index - 1]?.below ?? null;
  const below = bins[index]?.below ?? null;
  if (from === null) return below === null ? 'any' : `below ${shown(below)}`;
  return below === null ? `${shown(from)} and more` : `${shown(from)} to ${shown(below)}`;
}
