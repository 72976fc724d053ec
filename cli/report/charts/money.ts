import type { Currency } from '../../../domain/money.ts';
import { type Markup, element } from '../markup.ts';
import type { MoneyDay } from '../money-by-day.ts';
import { counted, dayName, exactMoney, monthName, shortMoney } from '../words.ts';
import { type Frame, bar, drawn, label, line, round, scale, ticks } from './frame.ts';

const UPPER = { top: 34, height: 220 };
const LOWER = { top: 306, height: 76 };
const BOTTOM = LOWER.top + LOWER.height;
const HEIGHT = BOTTOM + 26;
const LABEL_GAP = 16;

/** What had come in by each day against what had fallen due, and below it what came in on the day. */
export function moneyChart(days: readonly MoneyDay[], currency: Currency): Markup {
  const last = days.at(-1);
  const caption = {
    id: 'money',
    title: 'Money collected over time',
    description: last
      ? `By ${dayName(last.date)} ${exactMoney(last.collectedSoFarMinor, currency)} had come in, ` +
        `${exactMoney(last.recoveredSoFarMinor, currency)} of it against the ${exactMoney(last.fallenDueMinor, currency)} due.`
      : 'No days.',
  };
  return drawn(caption, (frame) => ({ height: HEIGHT, body: last ? panels(frame, days, last, currency) : [] }));
}

function panels(frame: Frame, days: readonly MoneyDay[], last: MoneyDay, currency: Currency): Markup[] {
  const left = frame.narrow ? 50 : 62;
  const x = scale([0, days.length], [left, frame.width]);
  const upperTicks = ticks(Math.max(last.fallenDueMinor, last.collectedSoFarMinor), 4);
  const upper = scale([0, upperTicks.at(-1) ?? 0], [UPPER.top + UPPER.height, UPPER.top]);
  const lowerTicks = ticks(Math.max(...days.map((day) => day.collectedMinor)), 2);
  const lower = scale([0, lowerTicks.at(-1) ?? 0], [BOTTOM, LOWER.top]);
  const axis = (values: readonly number[], y: (value: number) => number) =>
    values.flatMap((value) => [
      line(left, y(value), frame.width, y(value), value === 0 ? 'axis' : 'grid'),
      label(left - 8, y(value) + 4, shortMoney(value, currency), { class: 'tick', 'text-anchor': 'end' }),
    ]);
  const upTo = (value: (day: MoneyDay) => number) =>
    `M${round(left)} ${round(upper(0))} ${days.map((day, index) => `L${round(x(index + 1))} ${round(upper(value(day)))}`).join(' ')}`;
  const collected = upTo((day) => day.collectedSoFarMinor);
  const recovered = upTo((day) => day.recoveredSoFarMinor);
  const due = days.map((day, index) => `H${round(x(index))} V${round(upper(day.fallenDueMinor))}`).join(' ');
  const ground = `V${round(upper(0))} Z`;
  const width = x(1) - x(0);
  const column = (index: number, fromMinor: number, toMinor: number, className: string) =>
    toMinor > fromMinor
      ? [
          element('rect', {
            x: x(index) + width * 0.1,
            y: lower(toMinor),
            width: width * 0.8,
            height: lower(fromMinor) - lower(toMinor),
            class: className,
          }),
        ]
      : [];
  return [
    label(0, 14, 'Up to the day', { class: 'name' }),
    ...axis(upperTicks, upper),
    element('path', { class: 'on-top-area', d: `${collected} ${ground}` }),
    element('path', { class: 'recovered-area', d: `${recovered} ${ground}` }),
    element('path', { class: 'due-line', d: `M${round(left)} ${round(upper(0))} ${due} H${round(frame.width)}` }),
    element('path', { class: 'collected-line', d: collected }),
    element('path', { class: 'recovered-line', d: recovered }),
    ...endLabels(frame, [
      { y: upper(last.fallenDueMinor), words: `${shortMoney(last.fallenDueMinor, currency)} fallen due` },
      { y: upper(last.collectedSoFarMinor), words: `${shortMoney(last.collectedSoFarMinor, currency)} collected` },
    ]),
    label(
      frame.width - 4,
      Math.min(upper(last.recoveredSoFarMinor) + 2 * LABEL_GAP, upper(0) - 5),
      `${shortMoney(last.recoveredSoFarMinor, currency)} of what was due`,
      { class: 'figure', 'text-anchor': 'end' },
    ),
    label(0, LOWER.top - 18, 'On the day', { class: 'name' }),
    ...axis(lowerTicks, lower),
    ...days.flatMap((day, index) => [
      ...column(index, 0, day.recoveredMinor, 'cleared'),
      ...column(index, day.recoveredMinor, day.collectedMinor, 'on-top'),
    ]),
    ...monthTicks(frame, days, x),
    ...days.map((day, index) =>
      bar(
        { x: x(index), y: UPPER.top, width, height: BOTTOM - UPPER.top },
        'hover',
        `${dayName(day.date)}: ${exactMoney(day.collectedMinor, currency)} in ${counted(day.payments, 'payment')}, ` +
          `${exactMoney(day.recoveredMinor, currency)} of it due; ${exactMoney(day.collectedSoFarMinor, currency)} so far`,
      ),
    ),
  ];
}

/** Words above the ends of lines, moved apart where the lines end close together. */
function endLabels(frame: Frame, ends: readonly { y: number; words: string }[]): Markup[] {
  let above = Infinity;
  return ends
    .toSorted((a, b) => b.y - a.y)
    .map(({ y, words }) => {
      above = Math.min(y - 7, above - LABEL_GAP);
      return label(frame.width - 4, above, words, { class: 'end-label', 'text-anchor': 'end' });
    });
}

/** The first of each month, or of every so many when there is no room for all. */
function monthTicks(frame: Frame, days: readonly MoneyDay[], x: (index: number) => number): Markup[] {
  const firsts = days.flatMap((day, index) => (day.date.endsWith('-01') ? [{ day, index }] : []));
  const every = Math.ceil((firsts.length * (frame.narrow ? 50 : 76)) / frame.width);
  return firsts
    .filter((_, index) => index % every === 0)
    .flatMap(({ day, index }) => [
      line(x(index), BOTTOM, x(index), BOTTOM + 5, 'axis'),
      label(x(index), BOTTOM + 20, frame.narrow ? monthName(day.date).slice(0, 3) : monthName(day.date), {
        class: 'tick',
      }),
    ]);
}
