import type { BlockFormat } from './block-format.ts';
import type { BlockSlot, FitBlock } from './block-slot.ts';
import { encodeBlock } from './block-slot.ts';
import { fitOf } from './fits.ts';

/** Ranges tried: 1, 0.95 … 0.55 of the block's own. */
const steps = 10;

export interface ClipFitOptions {
  /** `X^T X`, `[K, K]`. */
  readonly gram: Float64Array;
  /** What the weights' channels were multiplied by, `[K]`. */
  readonly scales: Float32Array;
  readonly format: BlockFormat;
}

/** Finds the part of a block's range that makes the least error in the layer's output, the other blocks being exact. */
export function clipFit({ gram, scales, format }: ClipFitOptions): FitBlock {
  const nearest = fitOf('rtn', format.symmetric);
  const q = new Uint8Array(format.blockSize);
  const errors = new Float64Array(format.blockSize);
  return (slot) => {
    nearest(slot);
    const { scale } = slot;
    let least = Infinity;
    let best = scale;
    for (let step = 0; step < steps; step++) {
      slot.scale = Math.fround(scale * (1 - step / 20));
      encodeBlock(slot, q, 0);
      setErrors(errors, slot, { q, scales });
      const error = energyOf(errors, slot, gram);
      if (error < least) {
        least = error;
        best = slot.scale;
      }
    }
    slot.scale = best;
  };
}

/** Errors of the block's weights as the inputs meet them, before their channels were scaled. */
function setErrors(
  errors: Float64Array,
  { values, start, end, column, scale, zeroPoint }: BlockSlot,
  { q, scales }: { readonly q: Uint8Array; readonly scales: Float32Array },
): void {
  for (let i = 0; i < end - start; i++) {
    const error = ((q[i] ?? 0) - zeroPoint) * scale - (values[start + i] ?? 0);
    errors[i] = error / (scales[column + i] ?? 1);
  }
}

/** `e^T H e` over the block's part of H. */
function energyOf(errors: Float64Array, { start, end, column }: BlockSlot, gram: Float64Array): number {
  const k = Math.sqrt(gram.length);
  let sum = 0;
  for (let i = 0; i < end - start; i++) {
    const line = (column + i) * k + column;
    let product = (errors[i] ?? 0) * (gram[line + i] ?? 0);
    for (let j = 0; j < i; j++) product += 2 * (errors[j] ?? 0) * (gram[line + j] ?? 0);
    sum += product * (errors[i] ?? 0);
  }
  return sum;
}
