import { errorOfMoments, layerError } from './layer-error.ts';
import type { LeastSquaresSums, LinearLayer, RefittedLayer } from './least-squares-sums.ts';
import type { OutputMoments } from './output-moments.ts';
import { outputMoments, squaredErrorAt } from './output-moments.ts';

interface Affine {
  readonly scale: number;
  readonly shift: number;
}

/**
 * Scales and shifts each output to the mean and the deviation that it should have (statistics correction of Frantar and
 * Alistarh, "Optimal Brain Compression", 2022), where that brings it closer; else to the mean alone, which always does.
 * Without a bias outputs are scaled to the size that they should have. What is left where a layer cannot be solved, and
 * never worse than before. Throws RangeError for weights of another size than the sums.
 */
export function matchedMoments(
  sums: LeastSquaresSums,
  old: LinearLayer,
  { hasBias = old.bias !== null }: { readonly hasBias?: boolean } = {},
): RefittedLayer {
  const { columns: n } = sums;
  const moments = outputMoments(sums, old.weights);
  const weights = Float32Array.from(old.weights);
  const bias = hasBias ? new Float32Array(moments.sums.length) : null;
  for (let output = 0; output < moments.sums.length; output++) {
    const before = { scale: 1, shift: old.bias?.[output] ?? 0 };
    const { scale, shift } = closest(moments, output, [before, ...candidates(moments, output, hasBias)]);
    for (let i = output * n; i < (output + 1) * n; i++) weights[i] = (weights[i] ?? 0) * scale;
    if (bias !== null) bias[output] = shift;
  }
  const layer = { weights, bias };
  return { ...layer, errorBefore: errorOfMoments(moments, old.bias), errorAfter: layerError(sums, layer) };
}

function candidates(moments: OutputMoments, output: number, hasBias: boolean): readonly Affine[] {
  const { rows } = moments;
  const [square, targetSquare] = [moments.squares[output] ?? 0, moments.targetSquares[output] ?? 0];
  const [sum, target] = [moments.sums[output] ?? 0, moments.targetSums[output] ?? 0];
  if (!hasBias) return square > 0 ? [{ scale: Math.sqrt(targetSquare / square), shift: 0 }] : [];
  const variation = square - sum ** 2 / rows;
  const targetVariation = Math.max(0, targetSquare - target ** 2 / rows);
  const scales = variation > 0 ? [1, Math.sqrt(targetVariation / variation)] : [1];
  return scales.map((scale) => ({ scale, shift: (target - scale * sum) / rows }));
}

function closest(moments: OutputMoments, output: number, choices: readonly Affine[]): Affine {
  let best: Affine = { scale: 1, shift: 0 };
  let least = Infinity;
  for (const choice of choices) {
    const error = squaredErrorAt(moments, output, choice);
    if (error >= least) continue;
    least = error;
    best = choice;
  }
  return best;
}
