import type { Measured } from '../../../domain/score/characteristics.ts';
import { type Cutting, binCount, binIndex } from './cutting.ts';
import { type Design, type Penalties, fitLogOdds } from './penalised-fit.ts';

/** What each bin adds to the log odds of settling, in the order of the cutting's bins, and how many loans it holds. */
export interface Effects {
  readonly cutting: Cutting;
  readonly logOdds: readonly number[];
  readonly loans: readonly number[];
  readonly settled: readonly number[];
}

export interface Fitted {
  /** Log odds that all loans share. */
  readonly base: number;
  readonly effects: readonly Effects[];
}

/** Fits all characteristics together. @param measures values of each characteristic, loan by loan. */
export function fitEffects(
  cuttings: readonly Cutting[],
  measures: ReadonlyMap<string, readonly Measured[]>,
  settled: readonly boolean[],
  penalties: Penalties,
): Fitted {
  const { starts, parameters } = layout(cuttings);
  const places = cuttings.map((cutting) =>
    (measures.get(cutting.planned.id) ?? []).map((value) => binIndex(cutting, value)),
  );
  const rows = settled.map((_, loan) => [0, ...starts.map((start, index) => start + (places[index]?.[loan] ?? 0))]);
  const design: Design = { rows, parameters, neighbours: neighboursOf(cuttings, starts) };
  const logOdds = fitLogOdds(design, settled, penalties);
  const effects = cuttings.map((cutting, index) => {
    const start = starts[index] ?? 0;
    const counts = Array.from({ length: binCount(cutting) }, () => ({ loans: 0, settled: 0 }));
    for (const [loan, place] of (places[index] ?? []).entries()) {
      const count = counts[place];
      if (count === undefined) continue;
      count.loans += 1;
      if (settled[loan] === true) count.settled += 1;
    }
    return {
      cutting,
      logOdds: logOdds.slice(start, start + binCount(cutting)),
      loans: counts.map((count) => count.loans),
      settled: counts.map((count) => count.settled),
    };
  });
  return { base: logOdds[0] ?? 0, effects };
}

function layout(cuttings: readonly Cutting[]): { starts: number[]; parameters: number } {
  let parameters = 1;
  const starts = cuttings.map((cutting) => {
    const start = parameters;
    parameters += binCount(cutting);
    return start;
  });
  return { starts, parameters };
}

/** Bins of numbers next to one another; what is not known lies beside none. */
function neighboursOf(cuttings: readonly Cutting[], starts: readonly number[]): [number, number][] {
  return cuttings.flatMap((cutting, index) => {
    const start = starts[index] ?? 0;
    if (cutting.kind === 'category') return [];
    return cutting.bounds.map((_, bin): [number, number] => [start + bin, start + bin + 1]);
  });
}
