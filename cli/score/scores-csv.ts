import type { ModelScore } from '../../activities/scorer.ts';
import type { Language } from '../../domain/events.ts';

const DIGITS = 6;

/** `loan_id,probability,band,reasons`: the order is that of the scores; reasons are code and English words. */
export function scoresCsv(scores: readonly ModelScore[]): string {
  return csv([
    ['loan_id', 'probability', 'band', 'reasons'],
    ...scores.map((score) => [score.loanRef, probability(score), score.band, reasonsIn('en', score)]),
  ]);
}

/** The same with the quadrant, and the reasons in both languages. */
export function detailsCsv(scores: readonly ModelScore[]): string {
  return csv([
    ['loan_id', 'probability', 'band', 'quadrant', 'reasons_en', 'reasons_zh'],
    ...scores.map((score) => [
      score.loanRef,
      probability(score),
      score.band,
      score.quadrant ?? '',
      reasonsIn('en', score),
      reasonsIn('zh', score),
    ]),
  ]);
}

function probability({ probabilityOfSettlement }: ModelScore): string {
  return probabilityOfSettlement.toFixed(DIGITS);
}

function reasonsIn(language: Language, { reasons }: ModelScore): string {
  return reasons.map((reason) => `${reason.code} ${reason[language]}`).join('; ');
}

function csv(rows: readonly (readonly string[])[]): string {
  return `${rows.map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;
}

function quoted(cell: string): string {
  return /[",\r\n;]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
