import type { Rates } from './thread-rates.ts';
import type { RooflineShares, Work } from './translation.ts';

export interface RateChange {
  readonly from: Rates;
  readonly to: Rates;
  /** What overhead is multiplied by. */
  readonly overhead: number;
}

export interface RooflineFactor {
  /** One, or without shares two that the truth lies between or near: of all compute, and of all memory. */
  readonly factors: readonly number[];
  /** Of each share; null without shares. */
  readonly ratios: RooflineShares | null;
}

/**
 * What times are multiplied by where rates change: compute, memory and overhead each by their own ratio, by their share
 * of the measured time (roofline; Williams, Waterman and Patterson, Communications of the ACM 52, 2009).
 */
export function rooflineFactor(
  { from, to, overhead }: RateChange,
  { work, shares }: { readonly work: Work | null; readonly shares: RooflineShares | null },
): RooflineFactor {
  const isInt8 = work?.isInt8 === true;
  const compute = isInt8 ? from.int8Gops / to.int8Gops : from.floatGops / to.floatGops;
  const memory = from.gbPerSecond / to.gbPerSecond;
  if (shares === null) return { factors: [compute, memory], ratios: null };
  const factor = shares.compute * compute + shares.memory * memory + shares.overhead * overhead;
  return { factors: [factor], ratios: { compute, memory, overhead } };
}
