import { type Caption, type Frame, drawn, label, line, round, scale } from '../../report/charts/frame.ts';
import { type Markup, element, text } from '../../report/markup.ts';

/** A point of a square chart, in shares from 0 to 1. */
export interface SharePoint {
  readonly x: number;
  readonly y: number;
}

export interface SquareChart {
  readonly caption: Caption;
  readonly xName: string;
  readonly yName: string;
  readonly points: readonly SharePoint[];
  /** What a point says when pointed at; without it the points are joined and not marked. */
  readonly tooltip?: (index: number) => string;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];
const LEFT = 48;
const TOP = 28;
const UNDER = 44;
const MOST_SIDE = 400;
const MARK_RADIUS = 5.5;

/** Two shares against one another, with the diagonal on which they are equal. */
export function squareChart(chart: SquareChart): Markup {
  return drawn(chart.caption, (frame) => {
    const side = Math.min(frame.width - LEFT - 8, MOST_SIDE);
    return { height: TOP + side + UNDER, body: bodyOf(chart, frame, side) };
  });
}

function bodyOf({ xName, yName, points, tooltip }: SquareChart, _frame: Frame, side: number): Markup[] {
  const x = scale([0, 1], [LEFT, LEFT + side]);
  const y = scale([0, 1], [TOP + side, TOP]);
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${round(x(point.x))} ${round(y(point.y))}`);
  const marks = tooltip === undefined ? [] : points.map((point, index) => dot(x(point.x), y(point.y), tooltip(index)));
  return [
    label(0, 14, yName, { class: 'name' }),
    ...TICKS.flatMap((tick) => [
      line(LEFT, y(tick), LEFT + side, y(tick), tick === 0 ? 'axis' : 'grid'),
      label(LEFT - 8, y(tick) + 4, `${tick * 100}%`, { class: 'tick', 'text-anchor': 'end' }),
      label(x(tick), TOP + side + 18, `${tick * 100}%`, { class: 'tick', 'text-anchor': 'middle' }),
    ]),
    line(x(0), y(0), x(1), y(1), 'due-line'),
    element('path', { class: 'collected-line', d: path.join(' ') }),
    ...marks,
    label(LEFT + side, TOP + side + 38, xName, { class: 'name', 'text-anchor': 'end' }),
  ];
}

function dot(cx: number, cy: number, words: string): Markup {
  return element('circle', { cx, cy, r: MARK_RADIUS, class: 'payment' }, element('title', {}, text(words)));
}
