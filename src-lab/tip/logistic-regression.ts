/** A linear classifier on standardised features. */
export interface LogisticModel {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** One weight a feature, and the constant last. */
  readonly weights: Float64Array;
}

/** Steps of Newton's method: it converges in fewer. */
const STEPS = 12;
/** Ridge that keeps the weights finite where features tell all or nothing; per row. */
const RIDGE = 1e-3;

/**
 * Fits a logistic regression by Newton's method (iteratively reweighted least squares).
 * @param rows features, all of one length
 * @param labels 0 or 1, one a row
 */
export function fitLogistic(
  rows: readonly Float64Array[],
  labels: readonly number[],
): LogisticModel {
  const count = rows[0]?.length ?? 0;
  const means = Float64Array.from({ length: count }, (_, f) => meanOf(rows, f));
  const deviations = Float64Array.from({ length: count }, (_, f) => {
    const mean = means[f] ?? 0;
    const variance = rows.reduce((sum, row) => sum + ((row[f] ?? 0) - mean) ** 2, 0) / rows.length;
    return Math.max(1e-9, Math.sqrt(variance));
  });
  const model = { means, deviations, weights: new Float64Array(count + 1) };
  const inputs = rows.map((row) => standardised(model, row));
  for (let step = 0; step < STEPS; step++) newtonStep(model.weights, inputs, labels);
  return model;
}

/** Log odds of a row's label being 1. */
export function logOdds(model: LogisticModel, row: Float64Array): number {
  return dot(model.weights, standardised(model, row));
}

function newtonStep(
  weights: Float64Array,
  inputs: readonly Float64Array[],
  labels: readonly number[],
): void {
  const size = weights.length;
  const gradient = weights.map((weight) => -RIDGE * inputs.length * weight);
  const hessian = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => (i === j ? RIDGE * inputs.length : 0)),
  );
  inputs.forEach((input, at) => {
    const p = 1 / (1 + Math.exp(-dot(weights, input)));
    const error = (labels[at] ?? 0) - p;
    const weight = Math.max(1e-9, p * (1 - p));
    for (let i = 0; i < size; i++) {
      gradient[i] = (gradient[i] ?? 0) + error * (input[i] ?? 0);
      const row = hessian[i];
      if (row === undefined) continue;
      for (let j = 0; j < size; j++) {
        row[j] = (row[j] ?? 0) + weight * (input[i] ?? 0) * (input[j] ?? 0);
      }
    }
  });
  solve(hessian, gradient).forEach((change, i) => {
    weights[i] = (weights[i] ?? 0) + change;
  });
}

/** Solves a small symmetric positive system by elimination; `matrix` and `right` are used up. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const cell = (i: number, j: number): number => matrix[i]?.[j] ?? 0;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let i = pivot + 1; i < size; i++) {
      const share = cell(i, pivot) / cell(pivot, pivot);
      const row = matrix[i];
      if (row === undefined || share === 0) continue;
      for (let j = pivot; j < size; j++) row[j] = (row[j] ?? 0) - share * cell(pivot, j);
      right[i] = (right[i] ?? 0) - share * (right[pivot] ?? 0);
    }
  }
  const solution = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let sum = right[i] ?? 0;
    for (let j = i + 1; j < size; j++) sum -= cell(i, j) * (solution[j] ?? 0);
    solution[i] = sum / cell(i, i);
  }
  return solution;
}

function standardised({ means, deviations }: LogisticModel, row: Float64Array): Float64Array {
  const input = new Float64Array(row.length + 1);
  row.forEach((value, f) => {
    input[f] = (value - (means[f] ?? 0)) / (deviations[f] ?? 1);
  });
  input[row.length] = 1;
  return input;
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

const meanOf = (rows: readonly Float64Array[], f: number): number =>
  rows.reduce((sum, row) => sum + (row[f] ?? 0), 0) / Math.max(1, rows.length);
