import type { Currency } from '../../../domain/money.ts';
import { AGREEMENT_ENDS, type AgreementEnd, type AgreementFigures } from '../agreement-figures.ts';
import type { Markup } from '../markup.ts';
import { AGREEMENT_END_NAMES, AGREEMENT_NAMES, count, counted, exactMoney, percent, shortMoney } from '../words.ts';
import { drawn } from './frame.ts';
import { type Row, barRows } from './rows.ts';

/** The colours of the page that say the same of loans. */
export const AGREEMENT_COLOURS: Readonly<Record<AgreementEnd, string>> = {
  kept: 'cleared',
  partlyKept: 'settled',
  broken: 'legalHandoff',
  open: 'open',
  otherwise: 'recalled',
};

/** What promises and plans came to: a bar by number and a bar by amount of each kind. */
export function agreementChart(figures: readonly AgreementFigures[], currency: Currency): Markup {
  const money = (amountMinor: number) => exactMoney(amountMinor, currency);
  const rows = figures.flatMap((each): Row[] => {
    const [one, many] = AGREEMENT_NAMES[each.kind];
    return [
      rowOf(each, {
        name: `${many}, by number`,
        figures: counted(each.made, one.toLowerCase(), many.toLowerCase()),
        value: ({ number }) => number,
        told: count,
        short: count,
      }),
      rowOf(each, {
        name: `${many}, by amount`,
        figures: money(each.agreedMinor),
        value: ({ agreedMinor }) => agreedMinor,
        told: money,
        short: (amountMinor) => shortMoney(amountMinor, currency),
      }),
    ];
  });
  const description = rows.map(
    ({ name, segments }) => `${name}: ${segments.map(({ tooltip }) => tooltip).join(', ')}.`,
  );
  const caption = { id: 'agreements', title: 'What promises and plans came to', description: description.join(' ') };
  return drawn(caption, (frame) => barRows(frame, rows));
}

interface Measure {
  readonly name: string;
  readonly figures: string;
  readonly value: (end: AgreementFigures['ends'][AgreementEnd]) => number;
  readonly told: (value: number) => string;
  readonly short: (value: number) => string;
}

function rowOf({ ends }: AgreementFigures, { name, figures, value, told, short }: Measure): Row {
  const whole = AGREEMENT_ENDS.reduce((sum, end) => sum + value(ends[end]), 0);
  const segments = AGREEMENT_ENDS.filter((end) => value(ends[end]) > 0).map((end) => {
    const part = value(ends[end]);
    return {
      value: part,
      className: AGREEMENT_COLOURS[end],
      tooltip: `${told(part)} ${AGREEMENT_END_NAMES[end]}, ${percent(part, whole)}`,
      words: [`${short(part)} ${AGREEMENT_END_NAMES[end]}`, short(part)],
    };
  });
  return { name, figures, whole, segments };
}
