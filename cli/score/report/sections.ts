import type { Scorecard } from '../../../domain/score/scorecard.ts';
import { type Markup, element, text } from '../../report/markup.ts';
import { figure, numbers, section } from '../../report/parts.ts';
import { count } from '../../report/words.ts';
import { binRows } from '../bin-rows.ts';
import { share } from '../figures.ts';
import type { Outcome } from '../train/quality.ts';
import { binsChart, mostPoints } from './bins-chart.ts';
import { rocOf } from './roc.ts';
import { squareChart } from './square-chart.ts';

export function calibrationSection({ quality }: Scorecard): Markup {
  const { deciles, bands } = quality;
  const chart = squareChart({
    caption: {
      id: 'calibration',
      title: 'Settled share by predicted probability',
      description: `Over tenths of the loans the two differ by ${share(quality.worstDecileGap)} at most.`,
    },
    xName: 'predicted',
    yName: 'Settled',
    points: deciles.map(({ predicted, settled }) => ({ x: predicted, y: settled })),
    tooltip: (index) => {
      const row = deciles[index];
      return row === undefined
        ? ''
        : `${count(row.loans)} loans: ${share(row.predicted)} predicted, ${share(row.settled)} settled`;
    },
  });
  const row = (name: string, each: (typeof deciles)[number]) => [
    name,
    count(each.loans),
    share(each.predicted),
    share(each.settled),
  ];
  return section(
    'Do the probabilities come true?',
    'Each mark is a tenth of the loans, by predicted probability; on the dashed line, what was predicted came true. Every loan was scored by points learned from other borrowers.',
    figure('', chart),
    numbers(
      ['Loans', 'Number', 'Predicted', 'Settled'],
      [
        ...deciles.map((each, index) => row(`Tenth ${index + 1}`, each)),
        ...bands.map((each) => row(`Band ${each.band}`, each)),
      ],
    ),
  );
}

export function rankingSection({ quality }: Scorecard, judged: readonly Outcome[]): Markup {
  const chart = squareChart({
    caption: {
      id: 'roc',
      title: 'Settled loans found against open loans taken along',
      description: `The area under the curve is ${quality.auc.toFixed(3)}.`,
    },
    xName: 'of the open loans',
    yName: 'Of the settled loans',
    points: rocOf(judged).map(({ settled, open }) => ({ x: open, y: settled })),
  });
  return section(
    'Does it put the right loans first?',
    `Going down from the highest score, the curve shows how many of the loans that settled were met, against those that stayed open. The dashed line is chance. Area ${quality.auc.toFixed(4)}; by fold ${quality.foldAucs.map((auc) => auc.toFixed(4)).join(', ')}.`,
    figure('', chart),
  );
}

export function fairnessSection({ fairness }: Scorecard): Markup {
  const { used, aucWithout, aucWithAll } = fairness;
  const cost = aucWithAll - aucWithout;
  const verdict =
    cost > 0
      ? `Leaving them out costs ${cost.toFixed(4)} of the area.`
      : 'Leaving them out costs nothing: with them the scorecard does no better on borrowers it has not seen.';
  return section(
    'Age, education and region',
    `${used.length === 0 ? 'None of them gives points' : `Points are given for ${used.join(', ')}`}. ${verdict}`,
    numbers(
      ['Characteristics', 'AUC'],
      [
        ['Without age, education and region', aucWithout.toFixed(4)],
        ['With all three', aucWithAll.toFixed(4)],
      ],
    ),
  );
}

export function pointsSection({ basePoints, characteristics, currency }: Scorecard): Markup {
  const most = Math.max(...characteristics.map(mostPoints));
  return section(
    'The points',
    `A loan starts with ${basePoints} and gets the points of one bin of each characteristic. Bars are of one scale, so the longest ones weigh most.`,
    ...characteristics.flatMap((characteristic) => [
      figure(
        element('h3', {}, text(`${characteristic.name.en} · ${characteristic.name.zh}`)),
        binsChart(characteristic, { most, currency }),
      ),
      numbers(
        ['Values', 'Points', 'Loans', 'Settled'],
        binRows(characteristic, currency).map(({ words, bin }) => [
          words,
          bin.points,
          count(bin.loans),
          count(bin.settled),
        ]),
      ),
    ]),
  );
}
