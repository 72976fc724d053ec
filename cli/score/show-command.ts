import { loadScorecard } from '../../activities/scorecard-file.ts';
import type { Currency } from '../../domain/money.ts';
import type { BinFigures, CharacteristicPoints, Reason, Scorecard } from '../../domain/score/scorecard.ts';
import { binRows } from './bin-rows.ts';
import { share } from './figures.ts';

/** `kept score show`: a scorecard in words. @throws FILE_UNREADABLE, SCORECARD_INVALID */
export function showCommand(path: string): number {
  const scorecard = loadScorecard(path);
  const parts = [
    headOf(scorecard),
    qualityOf(scorecard),
    ...scorecard.characteristics.map((each) => pointsOf(each, scorecard.currency)),
  ];
  process.stdout.write(`${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`);
  return 0;
}

function headOf({
  id,
  version,
  currency,
  intendedUse,
  limits,
  scale,
  calibration,
  basePoints,
  training,
  bands,
}: Scorecard) {
  return [
    `${id}@${version}, ${currency}. ${intendedUse.en}`,
    ...limits.map(({ en }) => `  ! ${en}`),
    '',
    `Learned from ${training.loans} loans of ${training.borrowers} borrowers, due ${training.firstDue} to ${training.lastDue}; ` +
      `${training.settled} settled (${share(training.settled / Math.max(training.loans, 1))}).`,
    `Source: ${training.source}`,
    `A loan starts with ${basePoints} points. At ${scale.evenOddsAt} settling is as likely as not; ` +
      `${scale.pointsToDoubleOdds} more double the odds. Corrected by what loans came to:`,
    `  ${calibration.map(({ points, probability }) => `${points}: ${share(probability)}`).join(', ') || 'nothing'}`,
    `Bands by probability: ${bands.map((band) => `${band.id} from ${share(band.probabilityFrom)}`).join(', ')}.`,
  ];
}

function qualityOf({ quality, fairness, training }: Scorecard) {
  return [
    `Measured on borrowers not learned from, ${training.folds} folds:`,
    `  AUC ${quality.auc.toFixed(4)} (by fold ${quality.foldAucs.map((auc) => auc.toFixed(4)).join(', ')}), ` +
      `KS ${quality.ks.toFixed(4)}, Brier score ${quality.brier.toFixed(4)}`,
    `  Decile    loans  predicted  settled`,
    ...quality.deciles.map(
      ({ loans, predicted, settled }, index) =>
        `  ${String(index + 1).padStart(6)}  ${String(loans).padStart(7)}  ${share(predicted).padStart(9)}  ${share(settled).padStart(7)}`,
    ),
    `  Used of age, education and region: ${fairness.used.join(', ') || 'none'}. ` +
      `AUC without them ${fairness.aucWithout.toFixed(4)}, with all ${fairness.aucWithAll.toFixed(4)}.`,
  ];
}

function pointsOf(characteristic: CharacteristicPoints, currency: Currency) {
  const { name, about, reasons } = characteristic;
  return [
    `${name.en} (${about})`,
    ...binRows(characteristic, currency).map(({ words, bin }) => binLine(words, bin)),
    ...Object.entries(reasons).map(([when, reason]: [string, Reason]) => `    ${reason.code} ${reason.en} [${when}]`),
  ];
}

function binLine(words: string, { points, loans, settled }: BinFigures): string {
  const came = loans === 0 ? '' : `  ${loans} loans, ${share(settled / loans)} settled`;
  return `  ${words.padEnd(28)} ${String(points).padStart(4)}${came}`;
}
