import { type Attributes, type Markup, element, text } from '../markup.ts';

/** The size a chart is drawn for: a page has each chart twice and shows the one that fits the screen. */
export interface Frame {
  readonly width: number;
  readonly narrow: boolean;
  /** Makes ids on the page unique. */
  readonly key: 'wide' | 'narrow';
}

const WIDE: Frame = { width: 820, narrow: false, key: 'wide' };
const NARROW: Frame = { width: 360, narrow: true, key: 'narrow' };

/** What a chart is called and says, for those who do not see it. */
export interface Caption {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Draws a chart for wide and for narrow screens. */
export function drawn(caption: Caption, draw: (frame: Frame) => { height: number; body: readonly Markup[] }): Markup {
  return [WIDE, NARROW]
    .map((frame) => {
      const { height, body } = draw(frame);
      const id = `${caption.id}-${frame.key}`;
      return element(
        'svg',
        {
          class: frame.key,
          viewBox: `0 0 ${frame.width} ${Math.ceil(height)}`,
          role: 'img',
          'aria-labelledby': `${id}-title ${id}-text`,
        },
        element('title', { id: `${id}-title` }, text(caption.title)),
        element('desc', { id: `${id}-text` }, text(caption.description)),
        ...body,
      );
    })
    .join('');
}

/** Words in a chart. */
export function label(x: number, y: number, words: string, attributes: Attributes = {}): Markup {
  return element('text', { x, y, ...attributes }, text(words));
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): Markup {
  return element('line', { x1, y1, x2, y2, class: className });
}

/** A rectangle that says what it is when pointed at. */
export function bar(
  box: { x: number; y: number; width: number; height: number },
  className: string,
  tooltip: string,
): Markup {
  return element('rect', { ...box, class: className }, element('title', {}, text(tooltip)));
}

/** Maps a domain onto pixels. */
export function scale(domain: readonly [number, number], range: readonly [number, number]): (value: number) => number {
  const span = domain[1] - domain[0];
  return (value) => range[0] + (span === 0 ? 0 : ((value - domain[0]) / span) * (range[1] - range[0]));
}

/** A coordinate to a tenth of a pixel, for paths. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Round numbers from 0 to at least `max`, about `wanted` steps of 1, 2 or 5 times a power of ten. */
export function ticks(max: number, wanted: number): number[] {
  if (max <= 0) return [0];
  const power = 10 ** Math.floor(Math.log10(max / wanted));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((each) => max / each <= wanted) ?? power);
  return Array.from({ length: Math.ceil(max / step) + 1 }, (_, index) => index * step);
}
