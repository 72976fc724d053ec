import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { improved, surprisal } from './newton-step.ts';

/** Loans by the parameters that count for them, one a characteristic, in rising order; parameter 0 counts for all. */
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
const CLOSE_ENOUGH = 1e-4;
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
    logOdds = improved(logOdds, move, (candidate) => lossOf(design, settled, candidate, penalty));
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

/** What is to be as small as possible: how unlikely the outcomes are, and the penalty. */
function lossOf({ rows }: Design, settled: readonly boolean[], logOdds: readonly number[], penalty: Matrix): number {
  const unlikely = rows.reduce((sum, row, index) => sum + surprisal(sumOver(row, logOdds), settled[index] === true), 0);
  const vector = Matrix.columnVector([...logOdds]);
  return unlikely + vector.transpose().mmul(penalty).mmul(vector).get(0, 0) / 2;
}

function sumOver(row: readonly number[], logOdds: readonly number[]): number {
  return row.reduce((sum, parameter) => sum + (logOdds[parameter] ?? 0), 0);
}

/** Of the penalised log likelihood: the direction upwards, and how sharply it bends. */
function derivatives({ rows, parameters }: Design, settled: readonly boolean[], logOdds: number[], penalty: Matrix) {
  const gradient = penalty.mmul(Matrix.columnVector(logOdds)).neg().to1DArray();
  // One flat array: this loop is where a training spends its time.
  const curvature = new Float64Array(parameters * parameters);
  for (const [index, row] of rows.entries()) {
    const probability = 1 / (1 + Math.exp(-sumOver(row, logOdds)));
    const weight = Math.max(probability * (1 - probability), LEAST_WEIGHT);
    const surprise = (settled[index] === true ? 1 : 0) - probability;
    for (let one = 0; one < row.length; one += 1) {
      const parameter = row[one] ?? 0;
      gradient[parameter] = (gradient[parameter] ?? 0) + surprise;
      for (let other = one; other < row.length; other += 1) {
        const cell = parameter * parameters + (row[other] ?? 0);
        curvature[cell] = (curvature[cell] ?? 0) + weight;
      }
    }
  }
  return { curvature: symmetric(curvature, parameters).add(penalty), gradient };
}

/** A matrix of which the upper half is given. */
function symmetric(upper: Float64Array, size: number): Matrix {
  const matrix = Matrix.zeros(size, size);
  for (let row = 0; row < size; row += 1) {
    for (let column = row; column < size; column += 1) {
      const value = upper[row * size + column] ?? 0;
      matrix.set(row, column, value);
      matrix.set(column, row, value);
    }
  }
  return matrix;
}
