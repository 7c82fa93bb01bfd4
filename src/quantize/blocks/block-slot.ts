import type { BlockBits } from './block-format.ts';
import { middleOf, mostOf } from './block-format.ts';

/** One block under way. Mutable and used again from block to block: a large weight has millions of them. */
export interface BlockSlot {
  /** Holds the block's weights at `start … end - 1`. */
  values: Float32Array;
  start: number;
  end: number;
  /** Place of the first of them along K. */
  column: number;
  /** How much each squared error counts, by the place along K; null for all the same. */
  importance: Float64Array | null;
  /** A float32 number; may be negative, 0 for a block of zeros. */
  scale: number;
  zeroPoint: number;
  /** The largest integer. */
  readonly most: number;
  /** Zero point of symmetric blocks. */
  readonly middle: number;
}

/** Finds a block's scale and zero point. */
export type FitBlock = (slot: BlockSlot) => void;

/** A slot for blocks of so many bits. */
export function blockSlot(bits: BlockBits, values: Float32Array): BlockSlot {
  return {
    values,
    start: 0,
    end: 0,
    column: 0,
    importance: null,
    scale: 0,
    zeroPoint: middleOf(bits),
    most: mostOf(bits),
    middle: middleOf(bits),
  };
}

/**
 * The block's integers by its scale and zero point: `roundf(w * (1 / scale) + zeroPoint)` in float32, half away from
 * zero, saturated (onnxruntime, mlas/lib/q4_dq.cpp). A scale of 0 gives the zero point.
 */
export function encodeBlock(slot: BlockSlot, q: Uint8Array, at: number): void {
  const { values, start, end, scale, zeroPoint, most } = slot;
  const reciprocal = scale === 0 ? 0 : Math.fround(1 / scale);
  const shift = at - start;
  for (let i = start; i < end; i++) {
    const x = Math.fround(Math.fround((values[i] ?? 0) * reciprocal) + zeroPoint);
    // Half away from zero is half up between the bounds, which are not negative.
    q[i + shift] = x <= 0 ? 0 : x >= most ? most : Math.floor(x + 0.5);
  }
}

/** Weights between two looks at the limit. */
const stretch = 16;

/**
 * Squared error of the block under its scale and zero point, each weighed by its importance. Stops early with
 * a number above the limit once it is passed.
 */
export function blockError(slot: BlockSlot, limit: number): number {
  const { start, end, scale, importance, column } = slot;
  const reciprocal = scale === 0 ? 0 : 1 / scale;
  let sum = 0;
  for (let from = start; from < end && sum <= limit; from += stretch) {
    const to = Math.min(from + stretch, end);
    sum +=
      importance === null
        ? plainError(slot, reciprocal, { from, to })
        : weighedError(slot, reciprocal, { from, to, importance, shift: column - start });
  }
  return sum;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function plainError({ values, scale, zeroPoint, most }: BlockSlot, reciprocal: number, { from, to }: Stretch): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] ?? 0;
    const x = value * reciprocal + zeroPoint;
    const q = x <= 0 ? 0 : x >= most ? most : Math.floor(x + 0.5);
    const error = value - (q - zeroPoint) * scale;
    sum += error * error;
  }
  return sum;
}

function weighedError(
  { values, scale, zeroPoint, most }: BlockSlot,
  reciprocal: number,
  { from, to, importance, shift }: Stretch & { readonly importance: Float64Array; readonly shift: number },
): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] ?? 0;
    const x = value * reciprocal + zeroPoint;
    const q = x <= 0 ? 0 : x >= most ? most : Math.floor(x + 0.5);
    const error = value - (q - zeroPoint) * scale;
    sum += error * error * (importance[i + shift] ?? 0);
  }
  return sum;
}
