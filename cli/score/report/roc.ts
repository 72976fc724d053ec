import type { Outcome } from '../train/quality.ts';

/** Of the loans above some probability: the share of all settled ones, and of all open ones. */
export interface RocPoint {
  readonly settled: number;
  readonly open: number;
}

/** A page needs no more of them than it has pixels. */
const MOST_POINTS = 400;

/** From nobody to everybody, by falling probability; loans of equal probability come together. */
export function rocOf(judged: readonly Outcome[]): RocPoint[] {
  const sorted = judged.toSorted((a, b) => b.probability - a.probability);
  const all = {
    settled: judged.filter((each) => each.settled).length,
    open: judged.filter((each) => !each.settled).length,
  };
  const points: RocPoint[] = [{ settled: 0, open: 0 }];
  let [settled, open] = [0, 0];
  for (const [index, each] of sorted.entries()) {
    if (each.settled) settled += 1;
    else open += 1;
    const isTie = sorted[index + 1]?.probability === each.probability;
    if (!isTie) points.push({ settled: settled / Math.max(all.settled, 1), open: open / Math.max(all.open, 1) });
  }
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}
