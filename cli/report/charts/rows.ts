import { type Markup, element, text } from '../markup.ts';
import { type Frame, bar, label } from './frame.ts';

/** A stretch of a bar. */
export interface Segment {
  readonly value: number;
  readonly className: string;
  readonly tooltip: string;
  /** What may be written into the stretch, the longest first: the first that has room is. */
  readonly words: readonly string[];
}

/** A labelled bar; the words at its right say its figures. */
export interface Row {
  readonly name: string;
  /** Said beside the name, less loudly. */
  readonly aside?: string;
  readonly figures: string;
  readonly segments: readonly Segment[];
  /** The value at which this row's bar is full. */
  readonly whole: number;
}

const PITCH = 56;
const BAR_TOP = 22;
const BAR_HEIGHT = 18;
const CHAR_WIDTH = 7.4;

/** Horizontal bars under their labels, so that long names need no margin and narrow screens lose nothing. */
export function barRows(frame: Frame, rows: readonly Row[]): { height: number; body: Markup[] } {
  const body = rows.flatMap((row, index) => {
    const top = index * PITCH;
    let x = 0;
    const track = bar({ x: 0, y: top + BAR_TOP, width: frame.width, height: BAR_HEIGHT }, 'track', row.figures);
    const segments = row.segments.flatMap((segment) => {
      const width = row.whole === 0 ? 0 : (segment.value / row.whole) * frame.width;
      if (width === 0) return [];
      const left = x;
      x += width;
      const words = segment.words.find((each) => width > (each.length + 1) * CHAR_WIDTH);
      return [
        bar({ x: left, y: top + BAR_TOP, width, height: BAR_HEIGHT }, `segment ${segment.className}`, segment.tooltip),
        ...(words === undefined ? [] : [label(left + 6, top + BAR_TOP + 13.5, words, { class: 'inside' })]),
      ];
    });
    return [
      nameLabel(top + 14, row),
      label(frame.width, top + 14, row.figures, { class: 'figure', 'text-anchor': 'end' }),
      track,
      ...segments,
    ];
  });
  return { height: rows.length * PITCH - 10, body };
}

function nameLabel(y: number, { name, aside }: Row): Markup {
  const words = [element('tspan', { class: 'name' }, text(name))];
  if (aside !== undefined) words.push(element('tspan', { dx: 8 }, text(aside)));
  return element('text', { x: 0, y }, ...words);
}
