import type { CalibrationRow, Quality } from '../../../domain/score/scorecard.ts';

/** A probability that was predicted, and what came. */
export interface Outcome {
  readonly probability: number;
  readonly settled: boolean;
}

/** Of a loan that was not learned from. */
export interface Judged extends Outcome {
  readonly band: string;
}

const DECILES = 10;

/** @param folds predictions by fold; each fold has loans of both outcomes. */
export function qualityOf(folds: readonly (readonly Judged[])[]): Quality {
  const all = folds.flat();
  const deciles = decilesOf(all);
  const squares = all.reduce((sum, { probability, settled }) => sum + (probability - (settled ? 1 : 0)) ** 2, 0);
  return {
    auc: aucOf(all),
    ks: ksOf(all),
    brier: squares / Math.max(all.length, 1),
    worstDecileGap: Math.max(...deciles.map(({ predicted, settled }) => Math.abs(predicted - settled))),
    deciles,
    bands: bandsOf(all),
    foldAucs: folds.map(aucOf),
  };
}

/**
 * The chance that of two loans, one settled and one not, the settled one has the higher probability; a tie counts half.
 * @returns NaN when all have the same outcome.
 */
export function aucOf(judged: readonly Outcome[]): number {
  const groups = tiesOf(judged);
  let [settledBelow, openBelow, wins] = [0, 0, 0];
  for (const { settled, open } of groups) {
    wins += settled * (openBelow + open / 2);
    settledBelow += settled;
    openBelow += open;
  }
  return wins / (settledBelow * openBelow);
}

/** Kolmogorov and Smirnov's distance: how far apart the two outcomes are at the score that parts them best. */
export function ksOf(judged: readonly Outcome[]): number {
  const groups = tiesOf(judged);
  const [allSettled, allOpen] = [total(groups, 'settled'), total(groups, 'open')];
  let [settled, open, furthest] = [0, 0, 0];
  for (const group of groups) {
    settled += group.settled;
    open += group.open;
    furthest = Math.max(furthest, Math.abs(settled / allSettled - open / allOpen));
  }
  return furthest;
}

/** Tenths of the loans by predicted probability, the lowest first. */
export function decilesOf(judged: readonly Judged[]): CalibrationRow[] {
  const sorted = judged.toSorted((a, b) => a.probability - b.probability);
  return Array.from({ length: DECILES }, (_, index) => {
    const from = Math.round((index * sorted.length) / DECILES);
    return calibrationRow(sorted.slice(from, Math.round(((index + 1) * sorted.length) / DECILES)));
  }).filter(({ loans }) => loans > 0);
}

function bandsOf(judged: readonly Judged[]): Quality['bands'] {
  const best = judged.toSorted((a, b) => b.probability - a.probability);
  return [...new Set(best.map(({ band }) => band))].map((band) => ({
    band,
    ...calibrationRow(judged.filter((each) => each.band === band)),
  }));
}

function calibrationRow(judged: readonly Judged[]): CalibrationRow {
  const loans = judged.length;
  const of = (sum: number) => sum / Math.max(loans, 1);
  return {
    loans,
    predicted: of(judged.reduce((sum, { probability }) => sum + probability, 0)),
    settled: of(judged.filter(({ settled }) => settled).length),
  };
}

/** Loans of equal probability together, the lowest first. */
function tiesOf(judged: readonly Outcome[]): { settled: number; open: number }[] {
  const byProbability = new Map<number, { settled: number; open: number }>();
  for (const { probability, settled } of judged) {
    const group = byProbability.get(probability) ?? { settled: 0, open: 0 };
    group[settled ? 'settled' : 'open'] += 1;
    byProbability.set(probability, group);
  }
  return [...byProbability].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}

function total(groups: readonly { settled: number; open: number }[], outcome: 'settled' | 'open'): number {
  return groups.reduce((sum, group) => sum + group[outcome], 0);
}
