/**
 * As how many independent samples a series counts whose neighbors are alike: n (1 - r) / (1 + r) with the lag-1
 * autocorrelation r (Bayley and Hammersley, "The 'Effective' Number of Independent Observations in an Autocorrelated
 * Time Series", Supplement to the Journal of the Royal Statistical Society 8, 1946, for a first-order process). An
 * autocorrelation below 0 counts as 0: no series is worth more than its length.
 *
 * @param values in the order they were taken
 * @returns between 1 and the number of values, seldom whole
 * @throws RangeError when there are no values or one is not finite
 */
export function effectiveSamples(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('effective samples need at least one value');
  const r = Math.max(0, lagOne(values));
  return Math.max(1, (values.length * (1 - r)) / (1 + r));
}

/** How many values lie above a limit, and as how many independent ones all of them count. */
export interface CountedOvers {
  readonly overs: number;
  readonly effectiveSamples: number;
}

/**
 * The same for whether values lie above a limit, 1 or 0 each: those of a queue do so in a row.
 *
 * @param values in the order they were taken; infinite ones are above any limit
 * @throws RangeError when there are no values
 */
export function countOvers(values: Float64Array, limit: number): CountedOvers {
  const n = values.length;
  if (n === 0) throw new RangeError('effective samples need at least one value');
  let overs = 0;
  for (const value of values) if (value > limit) overs += 1;
  if (overs === 0 || overs === n) return { overs, effectiveSamples: n };
  const mean = overs / n;
  let products = 0;
  let before = 0;
  for (const value of values) {
    const off = (value > limit ? 1 : 0) - mean;
    products += off * before;
    before = off;
  }
  const r = Math.max(0, products / (n * mean * (1 - mean)));
  return { overs, effectiveSamples: Math.max(1, (n * (1 - r)) / (1 + r)) };
}

/**
 * The same for samples that come in blocks, each a process with a level of its own: neighbors alone do not show that
 * hundreds of them share it. The fewer of two counts: that of the lag-1 autocorrelation within blocks, and n over
 * Kish's design effect 1 + (size - 1) rho (Survey Sampling, 1965, 5.4), with the intraclass correlation rho by analysis
 * of variance (Donner, International Statistical Review 54, 1986), sizes being unequal.
 *
 * @param blocks each in the order it was taken, none empty
 * @throws RangeError when there is no block, a block is empty or a value is not finite
 */
export function effectiveSamplesOfBlocks(blocks: readonly (readonly number[])[]): number {
  if (blocks.length === 0) throw new RangeError('effective samples need at least one block');
  const within = blocks.reduce((sum, block) => sum + effectiveSamples(block), 0);
  return Math.max(1, Math.min(within, withinDesignEffect(blocks)));
}

function lagOne(values: readonly number[]): number {
  const mean = meanOf(values);
  let products = 0;
  let squares = 0;
  let before = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`effective samples need finite values, got ${value}`);
    const off = value - mean;
    products += off * before;
    squares += off * off;
    before = off;
  }
  return squares === 0 ? 0 : products / squares;
}

function withinDesignEffect(blocks: readonly (readonly number[])[]): number {
  const n = blocks.reduce((sum, block) => sum + block.length, 0);
  const groups = blocks.length;
  if (groups === 1 || n === groups) return n;
  const means = blocks.map(meanOf);
  const total = blocks.reduce((sum, block, i) => sum + block.length * (means[i] ?? 0), 0) / n;
  const between = blocks.reduce((sum, block, i) => sum + block.length * ((means[i] ?? 0) - total) ** 2, 0);
  const inside = blocks.reduce((sum, block, i) => sum + squaresAbout(block, means[i] ?? 0), 0);
  const betweenMean = between / (groups - 1);
  const insideMean = inside / (n - groups);
  const squaredSizes = blocks.reduce((sum, block) => sum + block.length ** 2, 0);
  const usualSize = (n - squaredSizes / n) / (groups - 1);
  const spread = betweenMean + (usualSize - 1) * insideMean;
  const rho = spread === 0 ? 0 : Math.max(0, (betweenMean - insideMean) / spread);
  return n / (1 + (squaredSizes / n - 1) * rho);
}

function squaresAbout(values: readonly number[], center: number): number {
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
