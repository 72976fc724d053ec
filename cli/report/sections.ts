import { formatMoney } from '../../domain/money.ts';
import { OUTCOME_ORDER, cohortChart } from './charts/cohorts.ts';
import { channelChart, stepChart } from './charts/contacts.ts';
import { funnelChart } from './charts/funnel.ts';
import { moneyChart } from './charts/money.ts';
import { mark, storyCharts } from './charts/story.ts';
import { timingChart } from './charts/timing.ts';
import { cohortsOf, funnelOf, stepsOf } from './figures.ts';
import type { ReportMeta } from './input.ts';
import { type Markup, element, text } from './markup.ts';
import { moneyByDay } from './money-by-day.ts';
import { figure, legend, numbers, section, swatch } from './parts.ts';
import { type LoanRecord, channelsIn } from './records.ts';
import { storiesOf } from './stories.ts';
import { groupBy, sumOf } from './tally.ts';
import { CHANNEL_NAMES, OUTCOME_NAMES, count, dayRange, monthName, percent } from './words.ts';

export function funnelSection(records: readonly LoanRecord[]): Markup {
  const stages = funnelOf(records);
  return section(
    'How far the loans went',
    'Each bar is the loans that got so far, split by whether they cleared in the end. The further down, the harder the case.',
    figure(legend([swatch('cleared', 'cleared in the end'), swatch('open', 'not cleared')]), funnelChart(stages)),
  );
}

export function contactsSection(records: readonly LoanRecord[]): Markup {
  const steps = stepsOf(records);
  const channels = channelsIn(records);
  const suppressed = sumOf(steps, (step) => step.suppressed);
  return section(
    'Contacts by channel and step',
    'Steps stand in the order in which debtors met them, with the days past due on which they came.',
    figure(text('Sent, by channel and step'), channelChart(steps)),
    figure(
      legend([
        ...channels.map((channel) => swatch(channel, CHANNEL_NAMES[channel])),
        swatch('person', 'task for a person'),
        ...(suppressed > 0 ? [swatch('sms ghost', 'pale: not made')] : []),
      ]),
      stepChart(steps),
    ),
    numbers(
      ['Step', 'By', 'Days past due', 'Made', 'Not made'],
      steps.map((step) => [
        step.step,
        step.means === 'task' ? 'person' : CHANNEL_NAMES[step.means],
        dayRange(step.firstDay, step.lastDay).replace(/^days? /, ''),
        count(step.made),
        count(step.suppressed),
      ]),
      ['All', '', '', count(sumOf(steps, (step) => step.made)), count(suppressed)],
    ),
  );
}

export function moneySection(records: readonly LoanRecord[], meta: ReportMeta): Markup {
  const days = moneyByDay(records, meta);
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency: meta.currency });
  const row = (name: string, those: typeof days) => [
    name,
    count(sumOf(those, (day) => day.payments)),
    money(sumOf(those, (day) => day.collectedMinor)),
    money(sumOf(those, (day) => day.recoveredMinor)),
  ];
  return section(
    'Money collected',
    'Payments up to the one that ended the case, or to the end of the run. The solid part paid what was due; the pale part ' +
      'came on top, since people often pay more than the overdue amount.',
    figure('', moneyChart(days, meta.currency)),
    numbers(
      ['Month', 'Payments', 'Collected', 'Of what was due'],
      [...groupBy(days, (day) => day.date.slice(0, 7))].map(([month, those]) => row(monthName(month), those)),
      row('All', days),
    ),
  );
}

export function outcomesSection(records: readonly LoanRecord[], meta: ReportMeta): Markup {
  const cohorts = cohortsOf(records);
  const present = OUTCOME_ORDER.filter((outcome) => cohorts.some((cohort) => cohort.outcomes[outcome]));
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency: meta.currency });
  return section(
    'Outcomes',
    'Loans by the month in which they fell due. Later months have had less time, so their bars are not yet comparable.',
    figure(legend(present.map((outcome) => swatch(outcome, OUTCOME_NAMES[outcome]))), cohortChart(cohorts)),
    numbers(
      ['Due', 'Loans', ...present.map((outcome) => OUTCOME_NAMES[outcome]), 'Overdue', 'Recovered'],
      cohorts.map((cohort) => [
        monthName(cohort.month),
        count(cohort.loans),
        ...present.map((outcome) => count(cohort.outcomes[outcome] ?? 0)),
        money(cohort.overdueMinor),
        percent(cohort.recoveredMinor, cohort.overdueMinor),
      ]),
    ),
  );
}

export function timingSection(records: readonly LoanRecord[]): Markup {
  return section(
    'When loans cleared, when contacts went out',
    'Both on the same days past due. That a wave of payments follows a wave of contacts proves nothing here: the payments ' +
      'were made before anybody thought of these contacts.',
    figure(
      legend([
        swatch('cleared', 'loans that cleared'),
        ...channelsIn(records).map((channel) => swatch(channel, CHANNEL_NAMES[channel])),
      ]),
      timingChart(records),
    ),
  );
}

export function storiesSection(records: readonly LoanRecord[], meta: ReportMeta): Markup {
  const stories = storiesOf(records, meta);
  const channels = channelsIn(records);
  const shapes = [...channels, 'task', 'payment'] as const;
  const names = { ...CHANNEL_NAMES, task: 'task for a person', payment: 'payment' };
  return section(
    'Single loans',
    'The grey area is what was left to pay; the dotted line is the due date. Point at a mark to read it.',
    legend(
      shapes.map((shape) => [
        element('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, mark(shape, 8, 8, names[shape])),
        names[shape],
      ]),
    ),
    element(
      'ol',
      { class: 'stories' },
      ...stories.map(({ title, words, records: [main, ...others] }) => {
        const [chart, ...more] = storyCharts([main, ...others], channels, meta.to);
        return element(
          'li',
          {},
          element('h3', {}, text(title)),
          element('p', { class: 'facts' }, reference(main), ' · ', text(words)),
          chart ?? '',
          ...others.map((other, index) => figure(reference(other), more[index] ?? '')),
        );
      }),
    ),
  );
}

function reference(record: LoanRecord): Markup {
  return element('code', {}, text(record.loan.loanRef));
}
