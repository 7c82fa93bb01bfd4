import { quadraticForms } from '../../stats/quadratic-forms.ts';
import type { LeastSquaresSums } from './least-squares-sums.ts';
import { sumsOfGroup } from './least-squares-sums.ts';

/** Sums over the rows for each output y = w·x, without a bias, and its target z: `[groups * outputs]` each. */
export interface OutputMoments {
  readonly rows: number;
  /** Of y², y z, y, z² and z. */
  readonly squares: Float64Array;
  readonly products: Float64Array;
  readonly sums: Float64Array;
  readonly targetSquares: Float64Array;
  readonly targetSums: Float64Array;
}

/** What the outputs of weights `[groups, outputs, columns]` add up to. Throws RangeError for weights of another size. */
export function outputMoments(sums: LeastSquaresSums, weights: Float32Array): OutputMoments {
  const { groups, columns: n, outputs: m } = sums;
  if (weights.length !== groups * m * n) throw new RangeError(`${weights.length} weights, not ${groups * m * n}`);
  const moments = {
    rows: sums.rows,
    squares: new Float64Array(groups * m),
    products: new Float64Array(groups * m),
    sums: new Float64Array(groups * m),
    targetSquares: sums.targetSquares,
    targetSums: sums.targetSums,
  };
  for (let group = 0; group < groups; group++) {
    const own = sumsOfGroup(sums, group);
    const rows = Float64Array.from(weights.subarray(group * m * n, (group + 1) * m * n));
    moments.squares.set(quadraticForms({ rows, count: m, k: n }, own.gram), group * m);
    for (let output = 0; output < m; output++) {
      let [product, sum] = [0, 0];
      for (let i = 0; i < n; i++) {
        const weight = rows[output * n + i] ?? 0;
        product += weight * (own.cross[i * m + output] ?? 0);
        sum += weight * (own.inputSums[i] ?? 0);
      }
      moments.products[group * m + output] = product;
      moments.sums[group * m + output] = sum;
    }
  }
  return moments;
}

/** Squared error over the rows of `scale * y + shift` as the target of one output. */
export function squaredErrorAt(
  moments: OutputMoments,
  output: number,
  { scale, shift }: { readonly scale: number; readonly shift: number },
): number {
  const sum = moments.sums[output] ?? 0;
  const target = moments.targetSums[output] ?? 0;
  return (
    (moments.targetSquares[output] ?? 0) +
    scale * (scale * (moments.squares[output] ?? 0) - 2 * (moments.products[output] ?? 0)) +
    shift * (moments.rows * shift + 2 * (scale * sum - target))
  );
}
