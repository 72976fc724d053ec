import { type Markup, element, text } from './markup.ts';

type Cell = string | number;

/** A part of the page with a heading and a few words. */
export function section(title: string, words: string, ...content: readonly Markup[]): Markup {
  return element('section', {}, element('h2', {}, text(title)), element('p', {}, text(words)), ...content);
}

/** A chart with a caption or legend above it. */
export function figure(caption: Markup, chart: Markup): Markup {
  return element('figure', {}, caption === '' ? '' : element('figcaption', {}, caption), chart);
}

export type LegendItem = readonly [sign: Markup, words: string];

/** A patch of a chart's colour and what it stands for. */
export function swatch(className: string, words: string): LegendItem {
  const box = element('rect', { x: 2, y: 2, width: 12, height: 12, rx: 2, class: className });
  return [element('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, box), words];
}

export function legend(items: readonly LegendItem[]): Markup {
  return element('ul', { class: 'legend' }, ...items.map(([sign, words]) => element('li', {}, sign, text(words))));
}

/** The numbers behind a chart, for those who want to check or copy them. */
export function numbers(head: readonly string[], rows: readonly (readonly Cell[])[], total?: readonly Cell[]): Markup {
  const row = (cells: readonly Cell[], name: 'td' | 'th') =>
    element('tr', {}, ...cells.map((cell) => element(name, {}, text(cell))));
  const table = element(
    'table',
    {},
    element('thead', {}, row(head, 'th')),
    element('tbody', {}, ...rows.map((cells) => row(cells, 'td'))),
    total === undefined ? '' : element('tfoot', {}, row(total, 'th')),
  );
  return element(
    'details',
    {},
    element('summary', {}, text('The numbers')),
    element('div', { class: 'scroll' }, table),
  );
}
