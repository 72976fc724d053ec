import type { CharacteristicPoints } from '../../../domain/score/scorecard.ts';
import type { Currency } from '../../../domain/money.ts';
import { drawn } from '../../report/charts/frame.ts';
import { type Row, barRows } from '../../report/charts/rows.ts';
import type { Markup } from '../../report/markup.ts';
import { counted } from '../../report/words.ts';
import { binRows, binsOf } from '../bin-rows.ts';
import { share } from '../figures.ts';

interface BinsScale {
  /** The most points that any bin of the scorecard gives. */
  readonly most: number;
  readonly currency: Currency;
}

/** The points of every bin as bars. */
export function binsChart(characteristic: CharacteristicPoints, scale: BinsScale): Markup {
  const caption = {
    id: `bins-${characteristic.id}`,
    title: `Points for ${characteristic.name.en}`,
    description: `At most ${mostPoints(characteristic)} points.`,
  };
  return drawn(caption, (frame) => barRows(frame, rowsOf(characteristic, scale)));
}

export function mostPoints(characteristic: CharacteristicPoints): number {
  return Math.max(...binsOf(characteristic).map(({ points }) => points));
}

/** Bins that held no loan are left out: nothing was learned about them. */
function rowsOf(characteristic: CharacteristicPoints, { most, currency }: BinsScale): Row[] {
  return binRows(characteristic, currency)
    .filter(({ bin }) => bin.loans > 0)
    .map(({ words, bin }) => {
      const settled = `${share(bin.settled / bin.loans)} settled`;
      const tooltip = `${words}: ${bin.points} points, ${counted(bin.loans, 'loan')}, ${settled}`;
      return {
        name: words,
        aside: `${counted(bin.loans, 'loan')}, ${settled}`,
        figures: counted(bin.points, 'point'),
        segments: [{ value: bin.points, className: 'cleared', tooltip, words: [] }],
        whole: Math.max(most, 1),
      };
    });
}
