import { CHANNELS, type Channel } from '../../../domain/strategy.ts';
import type { Markup } from '../markup.ts';
import type { LoanRecord } from '../records.ts';
import { sumOf } from '../tally.ts';
import { CHANNEL_NAMES, count, counted, dayNumber, dayRange } from '../words.ts';
import { type Frame, bar, drawn, label, line, scale, ticks } from './frame.ts';

const PANEL = 130;
const TOP = 34;
const AXIS = 30;
const HEIGHT = TOP + PANEL + AXIS + PANEL + 30;
const BIN_DAYS = [1, 2, 5, 7, 10, 14, 30, 60, 90];

/** What happened on one day past due, or on a run of such days. */
interface Bin {
  readonly from: number;
  cleared: number;
  readonly sent: Record<Channel, number>;
}

/** Loans that cleared, upwards, and contacts that went out, downwards, by days past due. */
export function timingChart(records: readonly LoanRecord[]): Markup {
  const closings = records.flatMap((record) => (record.cleared && record.closedDay !== null ? [record.closedDay] : []));
  const contacts = records.flatMap((record) => record.contacts.filter((contact) => contact.verdict === 'sent'));
  const days = [...closings, ...contacts.map((contact) => contact.day)];
  const first = days.reduce((least, day) => Math.min(least, day), 0);
  const last = days.reduce((most, day) => Math.max(most, day), 0);
  const middle = closings.toSorted((a, b) => a - b)[Math.floor(closings.length / 2)];
  const caption = {
    id: 'timing',
    title: 'When loans cleared and when contacts went out, by days past due',
    description:
      middle === undefined ? 'No loan cleared.' : `Half of the loans that cleared had done so by ${dayNumber(middle)}.`,
  };
  return drawn(caption, (frame) => {
    const size = binSize(last - first + 1, frame.narrow ? 30 : 60);
    const start = Math.floor(first / size) * size;
    const bins = Array.from(
      { length: Math.floor((last - start) / size) + 1 },
      (_, index): Bin => ({ from: start + index * size, cleared: 0, sent: { sms: 0, email: 0, push: 0, voice: 0 } }),
    );
    const binOf = (day: number) => bins[Math.floor((day - start) / size)];
    for (const day of closings) {
      const bin = binOf(day);
      if (bin) bin.cleared += 1;
    }
    for (const { day, channel } of contacts) {
      const bin = binOf(day);
      if (bin) bin.sent[channel] += 1;
    }
    return { height: HEIGHT, body: butterfly(frame, bins, size) };
  });
}

function binSize(days: number, most: number): number {
  return BIN_DAYS.find((size) => days / size <= most) ?? Math.ceil(days / most);
}

function butterfly(frame: Frame, bins: readonly Bin[], size: number): Markup[] {
  const left = 50;
  const zero = TOP + PANEL;
  const under = zero + AXIS;
  const width = (frame.width - left) / bins.length;
  const upTicks = ticks(Math.max(...bins.map((bin) => bin.cleared)), 3);
  const downTicks = ticks(Math.max(...bins.map((bin) => sumOf(CHANNELS, (channel) => bin.sent[channel]))), 3);
  const up = scale([0, upTicks.at(-1) ?? 0], [zero, TOP]);
  const down = scale([0, downTicks.at(-1) ?? 0], [under, under + PANEL]);
  const every = Math.max(1, Math.ceil((frame.narrow ? 34 : 40) / width));
  const offset = bins.findIndex((bin) => bin.from === 0) % every;
  return [
    label(0, 14, 'Loans that cleared', { class: 'name' }),
    ...[upTicks.map((value) => [value, up(value)] as const), downTicks.map((value) => [value, down(value)] as const)]
      .flat()
      .flatMap(([value, y]) => [
        line(left, y, frame.width, y, value === 0 ? 'axis' : 'grid'),
        label(left - 8, y + 4, count(value), { class: 'tick', 'text-anchor': 'end' }),
      ]),
    ...bins.flatMap((bin, index) => {
      const x = left + index * width + width * 0.08;
      const inner = width * 0.84;
      let y = under;
      const name = dayRange(bin.from, bin.from + size - 1);
      const stacked = CHANNELS.flatMap((channel) => {
        const sent = bin.sent[channel];
        const height = down(sent) - under;
        const top = y;
        y += height;
        const tooltip = `${name}: ${counted(sent, 'contact')} by ${CHANNEL_NAMES[channel]}`;
        return sent > 0 ? [bar({ x, y: top, width: inner, height }, channel, tooltip)] : [];
      });
      const cleared = { x, y: up(bin.cleared), width: inner, height: zero - up(bin.cleared) };
      return [
        ...(bin.cleared > 0 ? [bar(cleared, 'cleared', `${name}: ${counted(bin.cleared, 'loan')} cleared`)] : []),
        ...stacked,
        ...(index % every === offset
          ? [
              label(x + (size === 1 ? inner / 2 : 0), zero + 20, dayTick(bin.from), {
                class: 'tick',
                'text-anchor': 'middle',
              }),
            ]
          : []),
      ];
    }),
    label(0, HEIGHT - 4, 'Contacts that went out', { class: 'name' }),
    label(frame.width, HEIGHT - 4, 'days past due', { class: 'tick', 'text-anchor': 'end' }),
  ];
}

function dayTick(day: number): string {
  return day < 0 ? `−${-day}` : String(day);
}
