import type { AgreementLine } from '../../domain/run-result.ts';
import { AGREEMENT_ENDS, type AgreementEnd, type AgreementFigures, agreementFiguresOf } from './agreement-figures.ts';
import { AGREEMENT_COLOURS, agreementChart } from './charts/agreements.ts';
import type { ReportMeta } from './input.ts';
import { type Markup, element, text } from './markup.ts';
import { figure, legend, numbers, section, swatch } from './parts.ts';
import { AGREEMENT_END_NAMES, AGREEMENT_NAMES, count, exactMoney, percent } from './words.ts';

/** What debtors promised and agreed to pay in parts, and what came of it by the money. */
export function agreementsSection(agreements: readonly AgreementLine[], meta: ReportMeta): Markup {
  const figures = agreementFiguresOf(agreements);
  const present = AGREEMENT_ENDS.filter((end) => figures.some(({ ends }) => ends[end].number > 0));
  return section(
    'Promises and plans',
    'Who promised what is made up by the response model; what came of it was decided by the payments of the portfolio. ' +
      'Kept means that all of it was there in time, within the days of grace and the tolerance of the strategy. Rates are of ' +
      'those that were decided; open ones are not.',
    ...(figures.length === 0
      ? [element('p', {}, text('Nothing was agreed on.'))]
      : [
          element('p', {}, text(figures.map(rates).join(' '))),
          figure(
            legend(present.map((end) => swatch(AGREEMENT_COLOURS[end], AGREEMENT_END_NAMES[end]))),
            agreementChart(figures, meta.currency),
          ),
          numbersOf(figures, present, (amountMinor) => exactMoney(amountMinor, meta.currency)),
        ]),
  );
}

/** `Promises kept: 60.0% by number, 55.1% by amount.` */
function rates({ kind, ends, decided }: AgreementFigures): string {
  const byNumber = percent(ends.kept.number, decided.number);
  const byAmount = percent(ends.kept.agreedMinor, decided.agreedMinor);
  return `${AGREEMENT_NAMES[kind][1]} kept: ${byNumber} by number, ${byAmount} by amount.`;
}

/** A row for each end; of each kind a column by number and one by amount. */
function numbersOf(
  figures: readonly AgreementFigures[],
  present: readonly AgreementEnd[],
  money: (amountMinor: number) => string,
): Markup {
  const both = (cells: (each: AgreementFigures) => readonly [number: string, amount: string]) => figures.flatMap(cells);
  return numbers(
    ['', ...both(({ kind }) => [AGREEMENT_NAMES[kind][1], 'Amount'])],
    [
      ...present.map((end) => [
        AGREEMENT_END_NAMES[end],
        ...both(({ ends }) => [count(ends[end].number), money(ends[end].agreedMinor)]),
      ]),
      ['received', ...both(({ receivedMinor }) => ['', money(receivedMinor)])],
      [
        'kept, of decided',
        ...both(({ ends, decided }) => [
          percent(ends.kept.number, decided.number),
          percent(ends.kept.agreedMinor, decided.agreedMinor),
        ]),
      ],
    ],
    ['All', ...both(({ made, agreedMinor }) => [count(made), money(agreedMinor)])],
  );
}
