import { binomialAtMost } from './binomial.ts';

/**
 * Smallest number of samples from which a percentile can be told with confidence: the smallest n for which
 * P[Binomial(n, 1 - percentile) <= overs] <= 1 - confidence, MLPerf's early-stopping rule (LoadGen). With fewer, no
 * more than `overs` samples above the percentile are a likely accident.
 *
 * @param percentile fraction in (0, 1): 0.99 for p99
 * @param overs samples that lie above the percentile
 * @throws RangeError when `percentile` or `confidence` is outside (0, 1) or `overs` is not a natural number
 */
export function minimumSamples(percentile: number, overs = 0, confidence = 0.95): number {
  if (!(percentile > 0 && percentile < 1)) throw new RangeError(`a percentile lies in (0, 1), got ${percentile}`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies in (0, 1), got ${confidence}`);
  if (!(Number.isSafeInteger(overs) && overs >= 0)) throw new RangeError(`overs is a natural number, got ${overs}`);
  const enough = (n: number): boolean => binomialAtMost(overs, { n, p: 1 - percentile }) <= 1 - confidence;
  let tooFew = overs;
  let high = overs + 1;
  while (!enough(high)) {
    tooFew = high;
    high *= 2;
  }
  while (high - tooFew > 1) {
    const middle = Math.floor((tooFew + high) / 2);
    if (enough(middle)) high = middle;
    else tooFew = middle;
  }
  return high;
}
