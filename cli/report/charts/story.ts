import { type LocalDate, daysBetween, plusDays } from '../../../domain/instant.ts';
import type { Channel } from '../../../domain/strategy.ts';
import { type Markup, element, text } from '../markup.ts';
import type { LoanRecord } from '../records.ts';
import { CHANNEL_NAMES, counted, dayNumber, percent, reasonName, taskCount } from '../words.ts';
import { drawn, label, line, round, scale } from './frame.ts';

/** What can happen to a loan; each has its own shape and its own lane. */
export type MarkKind = Channel | 'task' | 'payment';

const TOP = 8;
const BASE = 58;
const LANE_PITCH = 15;
const LANES_TOP = BASE + 16;
const UNDER_LANES = 18;
/** Room that the words for the end need. */
const ENDING_WIDTH = 110;

/**
 * Loans from their first mark to their end, under one another on one calendar.
 * @param channels those that get a lane, whether or not these loans use them: all charts of a page look alike.
 */
export function storyCharts(
  records: readonly LoanRecord[],
  channels: readonly Channel[],
  lastDay: LocalDate,
): Markup[] {
  const spans = records.map((record) => spanOf(record, lastDay));
  const from = spans.map((span) => span.from).toSorted()[0] ?? lastDay;
  const to =
    spans
      .map((span) => span.to)
      .toSorted()
      .at(-1) ?? lastDay;
  return records.map((record) => {
    const day = (date: LocalDate) => daysBetween(record.loan.dueOn, date);
    return storyChart(record, [...channels, 'task'], day(to), { from: day(from), to: day(to) });
  });
}

function spanOf({ loan, contacts, tasks, payments, closedDay }: LoanRecord, lastDay: LocalDate) {
  const first = [...contacts, ...tasks, ...payments].reduce((least, { day }) => Math.min(least, day), 0);
  return {
    from: plusDays(loan.dueOn, first),
    to: closedDay === null ? lastDay : plusDays(loan.dueOn, Math.max(closedDay, first + 1)),
  };
}

/** What was left to pay of one loan, and every contact, task and payment, on a stretch of days past due. */
function storyChart(
  record: LoanRecord,
  lanes: readonly MarkKind[],
  lastDay: number,
  days: { from: number; to: number },
): Markup {
  const height = LANES_TOP + lanes.length * LANE_PITCH + UNDER_LANES;
  const { loan, contacts, tasks, payments, closedDay } = record;
  const end = closedDay ?? lastDay;
  const first = [...contacts, ...tasks, ...payments].reduce((least, { day }) => Math.min(least, day), 0);
  const caption = {
    id: `story-${loan.loanRef}`,
    title: `Loan ${loan.loanRef}`,
    description: `${counted(contacts.length, 'contact')}, ${counted(tasks.length, 'task')} and ${counted(payments.length, 'payment')} up to ${dayNumber(end)}.`,
  };
  return drawn(caption, (frame) => {
    const x = scale([days.from, days.to], [10, frame.width - 10]);
    const y = scale([0, loan.overdueMinor], [BASE, TOP]);
    const lane = (kind: MarkKind) => LANES_TOP + lanes.indexOf(kind) * LANE_PITCH;
    let left = loan.overdueMinor;
    const steps = payments.map(({ day, amountMinor }) => {
      left = Math.max(0, left - amountMinor);
      return `H${round(x(day))} V${round(y(left))}`;
    });
    const area = `M${round(x(first))} ${BASE} V${TOP} ${steps.join(' ')} H${round(x(end))} V${BASE} Z`;
    const words = `${percent(left, loan.overdueMinor)} of what was due is left in the end`;
    const ending = `${closedDay === null ? 'open' : 'ended'}, ${dayNumber(end)}`;
    return {
      height,
      body: [
        element('path', { class: 'left-area', d: area }, element('title', {}, text(words))),
        ...lanes.map((kind) => line(x(first), lane(kind), x(end), lane(kind), 'grid')),
        line(x(first), BASE, x(end), BASE, 'axis'),
        line(x(0), TOP - 4, x(0), height - 22, 'due-mark'),
        ...payments.map(({ day }) => mark('payment', x(day), BASE, `${dayNumber(day)}: payment`)),
        ...tasks.map(({ day, task }) => mark('task', x(day), lane('task'), `${dayNumber(day)}: ${taskCount(task, 1)}`)),
        ...contacts.map(({ channel, day, step, verdict, reason }) => {
          const tooltip = `${dayNumber(day)}: ${step} by ${CHANNEL_NAMES[channel]}`;
          return verdict === 'sent'
            ? mark(channel, x(day), lane(channel), tooltip)
            : mark(channel, x(day), lane(channel), `${tooltip}, not made: ${reasonName(reason)}`, ' ghost');
        }),
        ...(x(end) - x(0) < ENDING_WIDTH ? [] : [label(x(0), height - 5, 'due', { 'text-anchor': 'middle' })]),
        label(x(end), height - 5, ending, { 'text-anchor': x(end) < ENDING_WIDTH ? 'start' : 'end' }),
      ],
    };
  });
}

/** A mark that is told apart by shape as well as colour. */
export function mark(kind: MarkKind, x: number, y: number, tooltip: string, extra = ''): Markup {
  const title = element('title', {}, text(tooltip));
  const path = (d: string) => element('path', { d, class: `mark ${kind}${extra}` }, title);
  const at = (dx: number, dy: number) => `${round(x + dx)} ${round(y + dy)}`;
  switch (kind) {
    case 'sms':
      return element('circle', { cx: x, cy: y, r: 5.5, class: `mark ${kind}${extra}` }, title);
    case 'email':
      return path(`M${at(-5, -5)} H${round(x + 5)} V${round(y + 5)} H${round(x - 5)} Z`);
    case 'push':
      return path(`M${at(0, -6)} L${at(6.5, 5)} L${at(-6.5, 5)} Z`);
    case 'voice':
      return path(`M${at(-6.5, -5)} L${at(6.5, -5)} L${at(0, 6)} Z`);
    case 'task':
      return path(`M${at(-4.5, -4.5)} L${at(4.5, 4.5)} M${at(4.5, -4.5)} L${at(-4.5, 4.5)}`);
    case 'payment':
      return path(`M${at(0, -7)} L${at(6, 0)} L${at(0, 7)} L${at(-6, 0)} Z`);
    default:
      return kind satisfies never;
  }
}
