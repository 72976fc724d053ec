import type { CaseOutcome } from '../../../domain/run-result.ts';
import type { Cohort } from '../figures.ts';
import type { Markup } from '../markup.ts';
import { OUTCOME_NAMES, count, counted, monthName, percent } from '../words.ts';
import { drawn } from './frame.ts';
import { barRows } from './rows.ts';

/** In the order of the stretches of a bar, the good endings first. */
export const OUTCOME_ORDER: readonly CaseOutcome[] = [
  'cured',
  'paidInFull',
  'settled',
  'legalHandoff',
  'writtenOff',
  'recalled',
  'open',
];

/** How the loans of each due month ended, as shares of the month. */
export function cohortChart(cohorts: readonly Cohort[]): Markup {
  const caption = {
    id: 'cohorts',
    title: 'Outcomes by the month in which loans fell due',
    description: cohorts
      .map((cohort) => `${monthName(cohort.month)}: ${endings(cohort).map(phrase).join(', ')}.`)
      .join(' '),
  };
  return drawn(caption, (frame) =>
    barRows(
      frame,
      cohorts.map((cohort) => ({
        name: `Due ${monthName(cohort.month)}`,
        figures: counted(cohort.loans, 'loan'),
        whole: cohort.loans,
        segments: endings(cohort).map((ending) => ({
          value: ending.loans,
          className: ending.outcome,
          tooltip: `Due ${monthName(cohort.month)}: ${phrase(ending)}, ${percent(ending.loans, cohort.loans)}`,
          words: [
            `${percent(ending.loans, cohort.loans)} ${OUTCOME_NAMES[ending.outcome]}`,
            percent(ending.loans, cohort.loans),
          ],
        })),
      })),
    ),
  );
}

interface Ending {
  readonly outcome: CaseOutcome;
  readonly loans: number;
}

function endings(cohort: Cohort): Ending[] {
  return OUTCOME_ORDER.map((outcome) => ({ outcome, loans: cohort.outcomes[outcome] ?? 0 })).filter(
    ({ loans }) => loans > 0,
  );
}

function phrase({ outcome, loans }: Ending): string {
  return `${count(loans)} ${OUTCOME_NAMES[outcome]}`;
}
