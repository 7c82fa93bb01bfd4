import type { Statistic } from './bootstrap.ts';

/** Values by rank: which distinct value each sample has, counted from the smallest. */
interface Levels {
  readonly levelOf: Uint32Array;
  readonly count: number;
}

/**
 * Spearman's rank correlation of two numbers a sample, ties sharing the mean of their ranks (Spearman, American Journal
 * of Psychology 15, 1904; Kendall, Rank Correlation Methods, 1970, 3.8): Pearson's correlation of the ranks. NaN where
 * one side is the same for all samples. As a statistic to be resampled: values are sorted once, each resample is then
 * ranked by counting.
 * @throws RangeError when there are not as many of the one as of the other
 */
export function spearmanStatistic(x: Float64Array, y: Float64Array): Statistic {
  if (x.length !== y.length) throw new RangeError(`a correlation needs pairs, got ${x.length} and ${y.length} values`);
  if (x.some(Number.isNaN) || y.some(Number.isNaN)) return () => Number.NaN;
  const [first, second] = [levels(x), levels(y)];
  const all = Uint32Array.from(x.keys());
  return (picked) => correlation(ranks(first, picked ?? all), ranks(second, picked ?? all));
}

function levels(values: Float64Array): Levels {
  const order = Uint32Array.from(values.keys()).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const levelOf = new Uint32Array(values.length);
  let level = -1;
  let last = Number.NaN;
  for (const index of order) {
    const value = values[index] ?? 0;
    if (value !== last) level++;
    last = value;
    levelOf[index] = level;
  }
  return { levelOf, count: level + 1 };
}

/** Rank of each picked sample among them, from 1. */
function ranks({ levelOf, count }: Levels, picked: Uint32Array): Float64Array {
  const members = new Uint32Array(count);
  for (const index of picked) members[levelOf[index] ?? 0] = (members[levelOf[index] ?? 0] ?? 0) + 1;
  const rankOf = new Float64Array(count);
  let before = 0;
  for (let level = 0; level < count; level++) {
    const here = members[level] ?? 0;
    rankOf[level] = before + (here + 1) / 2;
    before += here;
  }
  return Float64Array.from(picked, (index) => rankOf[levelOf[index] ?? 0] ?? 0);
}

/** Pearson's correlation of ranks, whose mean is (n + 1) / 2. */
function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (x.length + 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] ?? 0) - mean;
    const dy = (y[i] ?? 0) - mean;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx === 0 || yy === 0 ? Number.NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}
