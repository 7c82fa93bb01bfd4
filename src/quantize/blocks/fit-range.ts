import { clamp, roundHalfAway } from '../numeric/rounding.ts';
import type { BlockSlot } from './block-slot.ts';

/**
 * Round to nearest, symmetric: the weight of the largest magnitude becomes the integer 0, the end that has one integer
 * more, so that the scale is negative where it is positive (onnxruntime, mlas/lib/q4_dq.cpp, range2scale).
 */
export function fitSymmetric(slot: BlockSlot): void {
  const { min, max } = rangeOf(slot);
  const extreme = Math.abs(max) > Math.abs(min) ? max : min;
  slot.scale = Math.fround(-extreme / slot.middle);
  slot.zeroPoint = slot.middle;
}

/** Round to nearest, asymmetric: the range with 0 in it over all integers (q4_dq.cpp, range2scalezp). */
export function fitAsymmetric(slot: BlockSlot): void {
  const range = rangeOf(slot);
  const min = Math.min(range.min, 0);
  const max = Math.max(range.max, 0);
  const scale = Math.fround(Math.fround(max - min) / slot.most);
  const zeroPoint = scale === 0 ? 0 : Math.fround(-Math.fround(min / scale));
  slot.scale = scale;
  slot.zeroPoint = roundHalfAway(clamp(zeroPoint, 0, slot.most));
}

/** Least and greatest weight of a block. */
export function rangeOf({ values, start, end }: BlockSlot): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = start; i < end; i++) {
    const value = values[i] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
