import { formatMoney } from '../../domain/money.ts';
import { AGREEMENT_ENDS, agreementFiguresOf } from './agreement-figures.ts';
import { headlineOf } from './figures.ts';
import type { ReportInput } from './input.ts';
import { recordsOf } from './records.ts';
import {
  AGREEMENT_END_NAMES,
  AGREEMENT_NAMES,
  channelCounts,
  count,
  counted,
  dayName,
  percent,
  reasonName,
  taskCount,
} from './words.ts';

const RUN_VERBS = { demo: 'Ran', rehearse: 'Rehearsed' };
const NAME_WIDTH = 16;

type Line = readonly [name: string, figure: string, more: string];

/** What a run came to, in a few lines for the terminal. */
export function renderSummary(input: ReportInput): string {
  const { meta } = input;
  const headline = headlineOf(recordsOf(input));
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency: meta.currency });
  const took = meta.elapsedSeconds === undefined ? '' : `, in ${meta.elapsedSeconds.toFixed(1)} s`;
  const rows: Line[] = [
    [
      'Loans',
      count(headline.loans),
      `of ${counted(headline.debtors, 'person', 'people')}, ${money(headline.overdueMinor)} overdue`,
    ],
    [
      'Collected',
      money(headline.collectedMinor),
      `${money(headline.recoveredMinor)} of it is ${percent(headline.recoveredMinor, headline.overdueMinor)} of what was due`,
    ],
    ['Cleared', count(headline.cleared), `${percent(headline.cleared, headline.loans)} of the loans`],
    ['Contacts sent', count(headline.sent), channelCounts(headline.sentBy)],
    [
      'Not made',
      count(headline.suppressed),
      headline.suppressedWhy.map(({ name, count: lines }) => `${count(lines)} ${reasonName(name)}`).join('; '),
    ],
    [
      'Tasks',
      count(headline.tasks),
      headline.tasksBy.map(({ name, count: tasks }) => taskCount(name, tasks)).join(', '),
    ],
    ...agreementFiguresOf(input.result.agreements).map(({ kind, made, ends, decided }): Line => {
      const those = AGREEMENT_ENDS.filter((end) => ends[end].number > 0);
      const words = those.map((end) => `${count(ends[end].number)} ${AGREEMENT_END_NAMES[end]}`);
      return [
        AGREEMENT_NAMES[kind][1],
        count(made),
        `${words.join(', ')}; ${percent(ends.kept.number, decided.number)} of the decided ones kept`,
      ];
    }),
  ];
  const figureWidth = Math.max(...rows.map(([, figure]) => figure.length));
  return [
    `${RUN_VERBS[meta.mode]} ${counted(headline.loans, 'loan')} under ${meta.strategy},`,
    `${dayName(meta.from)} to ${dayName(meta.to)}${took}.`,
    '',
    ...rows.map(([name, figure, more]) =>
      `  ${name.padEnd(NAME_WIDTH)}${figure.padStart(figureWidth)}  ${more}`.trimEnd(),
    ),
    ...(meta.links === undefined || meta.links.length === 0
      ? []
      : ['', ...meta.links.map(({ label, url }) => `  ${label.padEnd(NAME_WIDTH)}${url}`)]),
    '',
  ].join('\n');
}
