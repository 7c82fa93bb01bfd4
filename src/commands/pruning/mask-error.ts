import { isFloatType } from '../../onnx/data-type.ts';
import type { Model } from '../../onnx/model.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import { outputsOf } from '../trials/outputs-of.ts';
import { feedsOf } from '../trials/trial-noise.ts';
import type { PruneWork } from './work.ts';

/** Samples that both models are run on. */
const checkedSamples = 4;

/** Beyond this it is more than float32 sums in another order. */
export const mostMaskError = 1e-4;

/** Of outputs: below, saturating ones such as a sigmoid's magnify rounding. */
const leastScale = 0.1;

/**
 * Largest difference between a model without units and one in which nobody reads them, over the largest output: what
 * tells whether all that belongs together went together.
 */
export async function maskErrorOf(
  work: PruneWork,
  { removed, masked }: { readonly removed: Model; readonly masked: Model },
): Promise<number> {
  const feeds = await feedsOf(work, work.feeds.part(checkedSamples));
  // As they are written: two graphs are not optimized alike.
  const running = { feeds, optimization: 'disabled' } as const;
  const [a, b] = [await outputsOf(work, removed, running), await outputsOf(work, masked, running)];
  let [difference, largest] = [0, 0];
  for (const [i, outputs] of b.entries()) {
    for (const [name, tensor] of Object.entries(outputs)) {
      const other = a[i]?.[name];
      if (other === undefined || !isFloatType(tensor.type)) continue;
      const [x, y] = [numbersOf(other), numbersOf(tensor)];
      for (const [at, value] of y.entries()) {
        difference = Math.max(difference, Math.abs((x[at] ?? Infinity) - value));
        largest = Math.max(largest, Math.abs(value));
      }
    }
  }
  return difference / Math.max(largest, leastScale);
}
