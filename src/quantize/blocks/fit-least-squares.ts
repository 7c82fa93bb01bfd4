import type { BlockSlot } from './block-slot.ts';
import { blockError } from './block-slot.ts';
import { fitAsymmetric, fitSymmetric } from './fit-range.ts';

/** Scales tried, as parts of the one that round to nearest takes: 1.1 to 0.6, in steps of 1/40. */
const factors = Float64Array.from({ length: 21 }, (_, step) => 1.1 - step / 40);

/** Turns of the regression after the search. */
const regressions = 3;

/**
 * The scale with the least squared error among those near round to nearest's and their negatives, refined by
 * regression on the integers. Symmetric blocks.
 */
export function fitSymmetricLeastSquares(slot: BlockSlot): void {
  fitSymmetric(slot);
  const base = slot.scale;
  if (base === 0) return;
  const best = new Best(slot);
  for (const factor of factors) {
    best.offer(Math.fround(base * factor), slot.middle);
    best.offer(Math.fround(-base * factor), slot.middle);
  }
  best.refine();
}

/** The same for asymmetric blocks: also with zero points beside round to nearest's. */
export function fitAsymmetricLeastSquares(slot: BlockSlot): void {
  fitAsymmetric(slot);
  const { scale: base, zeroPoint: middle, most } = slot;
  if (base === 0) return;
  const best = new Best(slot);
  const last = Math.min(most, middle + 1);
  for (let zeroPoint = Math.max(0, middle - 1); zeroPoint <= last; zeroPoint++)
    for (const factor of factors) best.offer(Math.fround(base * factor), zeroPoint);
  best.refine();
}

/** The best scale and zero point so far, which the slot has in the end. */
class Best {
  readonly #slot: BlockSlot;
  #scale: number;
  #zeroPoint: number;
  #error: number;

  constructor(slot: BlockSlot) {
    this.#slot = slot;
    this.#scale = slot.scale;
    this.#zeroPoint = slot.zeroPoint;
    this.#error = blockError(slot, Infinity);
  }

  offer(scale: number, zeroPoint: number): boolean {
    const slot = this.#slot;
    slot.scale = scale;
    slot.zeroPoint = zeroPoint;
    const error = blockError(slot, this.#error);
    if (!(error < this.#error)) return false;
    this.#scale = scale;
    this.#zeroPoint = zeroPoint;
    this.#error = error;
    return true;
  }

  refine(): void {
    const slot = this.#slot;
    for (let turn = 0; turn < regressions; turn++) {
      slot.scale = this.#scale;
      slot.zeroPoint = this.#zeroPoint;
      const scale = Math.fround(regressedScale(slot));
      if (scale === 0 || !Number.isFinite(scale) || !this.offer(scale, this.#zeroPoint)) break;
    }
    slot.scale = this.#scale;
    slot.zeroPoint = this.#zeroPoint;
  }
}

/** The scale that suits the block's present integers best: a regression through zero. */
function regressedScale({ values, start, end, scale, zeroPoint, most, importance, column }: BlockSlot): number {
  const reciprocal = 1 / scale;
  const shift = column - start;
  let product = 0;
  let square = 0;
  for (let i = start; i < end; i++) {
    const value = values[i] ?? 0;
    const x = value * reciprocal + zeroPoint;
    const q = (x <= 0 ? 0 : x >= most ? most : Math.floor(x + 0.5)) - zeroPoint;
    const weight = importance === null ? 1 : (importance[i + shift] ?? 0);
    product += weight * q * value;
    square += weight * q * q;
  }
  return square === 0 ? 0 : product / square;
}
