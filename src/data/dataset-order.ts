import { UsageError } from '../errors.ts';
import { createRandom, type Random } from '../stats/seeded-random.ts';

export interface OrderOptions {
  readonly seed: number;
  /** How many samples to use in all, chosen at random; null or more than there are: all. */
  readonly samples?: number | null;
  /** Part of the used samples to hold out: a fraction below 1, or a number of samples from 1 on. */
  readonly holdout?: number | null;
}

/** Positions of samples. Four bytes a sample: a dataset may have many millions. */
export interface DatasetOrder {
  readonly chosen: Uint32Array;
  /** Held out: none of them is among the chosen. */
  readonly held: Uint32Array;
}

/**
 * Which samples to use, in which order: that of the files, or shuffled by the seed where only some are wanted or some
 * are held out. With the same seed, more samples include those of fewer.
 * @throws UsageError `bad-value` when holding out leaves nothing to use
 */
export function datasetOrder(size: number, { seed, samples = null, holdout = null }: OrderOptions): DatasetOrder {
  const all = Uint32Array.from({ length: size }, (_, i) => i);
  if (samples === null && holdout === null) return { chosen: all, held: new Uint32Array() };
  const used = shuffled(all, createRandom(seed, 'dataset')).subarray(0, samples ?? size);
  const kept = used.length - heldCount(used.length, holdout);
  return { chosen: used.slice(0, kept), held: used.slice(kept) };
}

/** The same samples in another order for each epoch; the same seed and epoch give the same order. */
export function epochOrder(
  indices: Uint32Array,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): Uint32Array {
  return shuffled(indices, createRandom(seed, 'epoch', epoch));
}

function heldCount(size: number, holdout: number | null): number {
  if (holdout === null) return 0;
  const count = holdout < 1 ? Math.max(1, Math.round(size * holdout)) : holdout;
  if (holdout > 0 && Number.isSafeInteger(count) && count < size) return count;
  throw new UsageError('bad-value', {
    flag: '--holdout',
    value: String(holdout),
    expected: `a fraction or number that leaves some of ${size} samples`,
  });
}

/** Fisher and Yates, as in Knuth, The Art of Computer Programming 2, algorithm 3.4.2 P. */
function shuffled(indices: Uint32Array, random: Random): Uint32Array {
  const order = indices.slice();
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const index = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = index;
  }
  return order;
}
