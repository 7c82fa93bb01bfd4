import type { LeastSquaresSums, LinearLayer } from './least-squares-sums.ts';
import type { OutputMoments } from './output-moments.ts';
import { outputMoments, squaredErrorAt } from './output-moments.ts';

/**
 * Squared error of a layer's outputs over the variation of what they should be, both summed over outputs, in closed form
 * from the sums: 0 is exact, 1 is as good as the mean. Where the targets do not vary it is relative to their squares.
 */
export function layerError(sums: LeastSquaresSums, layer: LinearLayer): number {
  return errorOfMoments(outputMoments(sums, layer.weights), layer.bias);
}

/** The same from moments of the layer's weights. */
export function errorOfMoments(moments: OutputMoments, bias: Float32Array | null): number {
  let error = 0;
  for (let output = 0; output < moments.sums.length; output++)
    error += Math.max(0, squaredErrorAt(moments, output, { scale: 1, shift: bias?.[output] ?? 0 }));
  return error / errorScale(moments);
}

/** Sums of squares hold 15 digits: variation below is rounding. */
const roundingShare = 1e-12;

function errorScale({ rows, targetSums, targetSquares }: OutputMoments): number {
  let [variation, energy] = [0, 0];
  for (let output = 0; output < targetSums.length; output++) {
    const square = targetSquares[output] ?? 0;
    energy += square;
    variation += Math.max(0, square - (targetSums[output] ?? 0) ** 2 / rows);
  }
  if (variation > roundingShare * energy) return variation;
  return energy > 0 ? energy : 1;
}
