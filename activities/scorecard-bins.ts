import type { PolicyValue } from './policy-value.ts';
import { POINTS_BOUNDS, readNumber } from './scorecard-parts.ts';

const FIGURES = { points: '20', loans: '300', settled: '120' };
const MOST_LOANS = 1_000_000_000;

/** Points of a bin, and the loans of the training that lay in it. */
export function readFigures(value: PolicyValue) {
  return figuresOf(value.fields('a bin', FIGURES));
}

/** Bounds rise; the last bin alone has none. */
export function readNumberBins(value: PolicyValue) {
  const items = value.items('{ below: 0.5, points: 20, loans: 300, settled: 120 }') ?? [];
  const bins = items.map((item) => {
    const fields = item.fields('a bin', FIGURES, { below: '0.5' });
    const { below } = fields;
    const bound = below.isGiven ? readNumber(below, -Number.MAX_VALUE, Number.MAX_VALUE) : null;
    return { below: bound, ...figuresOf(fields) };
  });
  if (value.isGiven && !value.isRefused && bins.length === 0) value.refuse('Give at least one bin.');
  for (const [index, { below }] of bins.entries()) {
    const isLast = index === bins.length - 1;
    const before = bins[index - 1]?.below;
    if (isLast && below !== null) items[index]?.refuse('The last bin has no "below": it takes all that is higher.');
    if (!isLast && below === null) items[index]?.refuse('Only the last bin may be without "below".');
    if (before != null && below != null && below <= before) {
      items[index]?.refuse('Bounds rise: give this bin a higher "below" than the bin above.');
    }
  }
  return bins;
}

/** No value lies in two bins. */
export function readCategoryBins(value: PolicyValue) {
  const seen = new Set<string>();
  return (value.items("{ values: ['1'], points: 20, loans: 300, settled: 120 }") ?? []).map((item) => {
    const { values, ...figures } = item.fields('a bin', { values: "['1']", ...FIGURES });
    const texts = (values.items("'1'") ?? []).map((each) => {
      const text = each.text();
      if (text !== undefined && seen.has(text)) each.refuse(`"${text}" lies in another bin already.`);
      if (text !== undefined) seen.add(text);
      return text;
    });
    return { values: texts, ...figuresOf(figures) };
  });
}

function figuresOf({ points, loans, settled }: Readonly<Record<keyof typeof FIGURES, PolicyValue>>) {
  const read = {
    points: points.integer(POINTS_BOUNDS),
    loans: loans.integer([0, MOST_LOANS]),
    settled: settled.integer([0, MOST_LOANS]),
  };
  if (read.loans !== undefined && read.settled !== undefined && read.settled > read.loans) {
    settled.refuse(`${read.settled} of ${read.loans} loans cannot have settled.`);
  }
  return read;
}
