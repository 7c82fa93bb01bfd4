import { clamp, roundHalfToEven } from '../numeric/rounding.ts';
import type { BlockSlot } from './block-slot.ts';
import { rangeOf } from './fit-range.ts';

/** Number of scales tried. */
const steps = 20;

interface Line {
  readonly scale: number;
  /** What the integer 0 stands for. */
  readonly min: number;
}

/**
 * k-quant (llama.cpp's make_qkx2_quants, as in onnxruntime's weight_only quantizer): the line through weights and
 * integers of the least squared error, large weights counting more, for 20 spacings; its offset rounded to a zero
 * point. For asymmetric blocks.
 */
export function fitKQuant(slot: BlockSlot): void {
  const { min, max } = rangeOf(slot);
  if (max === min) {
    setLine(slot, { scale: Math.abs(min), min: Math.min(min, 0) });
    return;
  }
  const level = levelOf(slot);
  let best: Line = { scale: (max - min) / slot.most, min };
  let least = errorOf(sumsOf(slot, best, level), best);
  for (let step = 0; step < steps; step++) {
    const spacing = { scale: (max - best.min) / (slot.most - 1 + 0.1 * step), min: best.min };
    const sums = sumsOf(slot, spacing, level);
    const line = regression(sums);
    if (line === null) continue;
    const error = errorOf(sums, line);
    if (error < least) {
      least = error;
      best = line;
    }
  }
  setLine(slot, best);
}

function setLine(slot: BlockSlot, { scale, min }: Line): void {
  slot.scale = Math.fround(scale);
  slot.zeroPoint = slot.scale === 0 ? 0 : clamp(roundHalfToEven(-min / scale), 0, slot.most);
}

/** Root of the mean square: what every weight counts beside its own magnitude. */
function levelOf({ values, start, end }: BlockSlot): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += (values[i] ?? 0) ** 2;
  return Math.sqrt(sum / (end - start));
}

/** Weighted sums over weights x and their integers q: what a regression needs. */
interface Sums {
  readonly w: number;
  readonly x: number;
  readonly xx: number;
  readonly q: number;
  readonly qq: number;
  readonly xq: number;
}

function sumsOf({ values, start, end, most }: BlockSlot, { scale, min }: Line, level: number): Sums {
  const reciprocal = 1 / scale;
  let w = 0;
  let x = 0;
  let xx = 0;
  let q = 0;
  let qq = 0;
  let xq = 0;
  for (let i = start; i < end; i++) {
    const value = values[i] ?? 0;
    const weight = level + Math.abs(value);
    const place = (value - min) * reciprocal;
    const integer = place <= 0 ? 0 : place >= most ? most : roundHalfToEven(place);
    const weighted = weight * value;
    w += weight;
    x += weighted;
    xx += weighted * value;
    q += weight * integer;
    qq += weight * integer * integer;
    xq += weighted * integer;
  }
  return { w, x, xx, q, qq, xq };
}

/** Weighted squared distance of the weights from a line over their integers. */
function errorOf({ w, x, xx, q, qq, xq }: Sums, { scale, min }: Line): number {
  return scale * scale * qq + min * min * w + xx + 2 * (scale * min * q - scale * xq - min * x);
}

/** The line closest to the weights; null where all integers are the same or it would fall. */
function regression({ w, x, q, qq, xq }: Sums): Line | null {
  const determinant = w * qq - q * q;
  if (!(determinant > 0)) return null;
  const scale = (w * xq - x * q) / determinant;
  return scale > 0 ? { scale, min: (qq * x - q * xq) / determinant } : null;
}
