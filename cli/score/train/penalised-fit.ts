import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Loans by the parameters that count for them, one a characteristic; parameter 0 counts for all. */
export interface Design {
  readonly rows: readonly (readonly number[])[];
  readonly parameters: number;
  /** Pairs of parameters of neighbouring bins. */
  readonly neighbours: readonly (readonly [number, number])[];
}

export interface Penalties {
  /** Pulls neighbouring bins together. */
  readonly smoothing: number;
  /** Pulls every bin towards no effect. */
  readonly shrinkage: number;
}

const MOST_STEPS = 30;
const CLOSE_ENOUGH = 1e-6;
/** Of the parameter that all loans share, which is not to be shrunk. */
const BARELY = 1e-9;
/** Keeps the weight of a loan that is all but certain above zero. */
const LEAST_WEIGHT = 1e-6;

/**
 * Logistic regression on bins with a quadratic penalty, by Newton's method. The problem is convex: there is one answer,
 * and no chance in finding it.
 * @returns log odds a parameter.
 */
export function fitLogOdds(design: Design, settled: readonly boolean[], penalties: Penalties): number[] {
  const penalty = penaltyMatrix(design, penalties);
  let logOdds = Array.from({ length: design.parameters }, () => 0);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { curvature, gradient } = derivatives(design, settled, logOdds, penalty);
    const move = new CholeskyDecomposition(curvature).solve(Matrix.columnVector(gradient)).to1DArray();
    logOdds = logOdds.map((value, index) => value + (move[index] ?? 0));
    if (move.every((value) => Math.abs(value) < CLOSE_ENOUGH)) break;
  }
  return logOdds;
}

function penaltyMatrix({ parameters, neighbours }: Design, { smoothing, shrinkage }: Penalties): Matrix {
  const penalty = Matrix.diag([BARELY, ...Array.from({ length: parameters - 1 }, () => shrinkage)]);
  const add = (row: number, column: number, value: number) =>
    penalty.set(row, column, penalty.get(row, column) + value);
  for (const [one, other] of neighbours) {
    add(one, one, smoothing);
    add(other, other, smoothing);
    add(one, other, -smoothing);
    add(other, one, -smoothing);
  }
  return penalty;
}

/** Of the penalised log likelihood: the direction upwards, and how sharply it bends. */
function derivatives({ rows, parameters }: Design, settled: readonly boolean[], logOdds: number[], penalty: Matrix) {
  const gradient = penalty.mmul(Matrix.columnVector(logOdds)).neg().to1DArray();
  // One flat array: this loop is where a training spends its time.
  const curvature = new Float64Array(parameters * parameters);
  for (const [index, row] of rows.entries()) {
    const probability = 1 / (1 + Math.exp(-row.reduce((sum, parameter) => sum + (logOdds[parameter] ?? 0), 0)));
    const weight = Math.max(probability * (1 - probability), LEAST_WEIGHT);
    const surprise = (settled[index] === true ? 1 : 0) - probability;
    for (const one of row) {
      gradient[one] = (gradient[one] ?? 0) + surprise;
      const start = one * parameters;
      for (const other of row) curvature[start + other] = (curvature[start + other] ?? 0) + weight;
    }
  }
  return { curvature: Matrix.from1DArray(parameters, parameters, [...curvature]).add(penalty), gradient };
}
