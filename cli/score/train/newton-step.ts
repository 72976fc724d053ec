/** A step this often halved leads nowhere: the place is as good as it gets. */
const MOST_HALVINGS = 30;

/** Where a step of Newton's method leads, halved until it is no worse than where it began: a full one may overshoot. */
export function improved(
  from: readonly number[],
  move: readonly number[],
  lossOf: (place: readonly number[]) => number,
): number[] {
  const least = lossOf(from);
  for (let halving = 0; halving < MOST_HALVINGS; halving += 1) {
    const place = from.map((value, index) => value + (move[index] ?? 0) / 2 ** halving);
    if (lossOf(place) <= least) return place;
  }
  return [...from];
}

/** How unlikely an outcome was, as minus the logarithm of its probability; never infinite. */
export function surprisal(logOdds: number, settled: boolean): number {
  const towards = settled ? logOdds : -logOdds;
  return towards > 0 ? Math.log1p(Math.exp(-towards)) : Math.log1p(Math.exp(towards)) - towards;
}
