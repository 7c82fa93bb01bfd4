import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import { DataError } from '../../errors.ts';
import { growingNumbers } from '../growing-array.ts';
import type { Statistic } from '../../stats/bootstrap.ts';
import { ratioStatistic } from '../ratio-statistic.ts';
import type { SampleRows } from '../sample-rows.ts';
import { tokenInput } from '../token-input.ts';
import type { Metric, ScoredBatch, ScoredRun } from './metric.ts';

/**
 * exp of the mean negative log-likelihood, in nats, of each token after the tokens before it, over all tokens of the
 * corpus (Jelinek et al., 1977). The first token of a sequence is given, as are tokens that the mask leaves out.
 */
export function perplexity(): Metric {
  const sums = growingNumbers();
  const counts = growingNumbers();
  return {
    add(batch) {
      const tally = { sums: new Float64Array(batch.rows.count), counts: new Float64Array(batch.rows.count) };
      for (const run of [batch, ...batch.windows]) addTokens(tally, run, batch.originOf);
      for (const [sample, sum] of tally.sums.entries()) {
        sums.push(sum);
        counts.push(tally.counts[sample] ?? 0);
      }
    },
    unscored: () => counts.view().filter((count) => count === 0).length,
    result() {
      const meanLogLoss = ratioStatistic(sums.view(), counts.view());
      const tokens = counts.view().reduce((sum, count) => sum + count, 0);
      const statistic: Statistic = (picked) => (tokens === 0 ? Number.NaN : Math.exp(meanLogLoss(picked)));
      const scores = { kind: 'corpus', size: sums.size, statistic } as const;
      return { name: 'perplexity', higherIsBetter: false, isShare: false, scores };
    },
  };
}

/** Of each sample of a batch. */
interface Tally {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

function addTokens({ sums, counts }: Tally, { rows, feeds, firstTarget }: ScoredRun, originOf: Origin): void {
  const [length = 0, vocabulary = 0] = rows.dims.slice(-2);
  const tokens = tokenInput(feeds);
  if (tokens === null) return;
  const ids = numbersOf(tokens);
  const isGiven = tokenMask(feeds, length);
  for (let sample = 0; sample < sums.length; sample++) {
    for (let target = firstTarget; target < length; target++) {
      if (!isGiven(sample, target) || !isGiven(sample, target - 1)) continue;
      const token = ids[sample * length + target] ?? -1;
      if (token < 0 || token >= vocabulary) {
        throw new DataError('label-out-of-range', { path: originOf(sample), label: token, classes: vocabulary });
      }
      const from = sample * rows.rowLength + (target - 1) * vocabulary;
      sums[sample] = (sums[sample] ?? 0) + negativeLogLikelihood(rows, { from, vocabulary, token });
      counts[sample] = (counts[sample] ?? 0) + 1;
    }
  }
}

type Origin = ScoredBatch['originOf'];

function negativeLogLikelihood(
  { values }: SampleRows,
  { from, vocabulary, token }: { readonly from: number; readonly vocabulary: number; readonly token: number },
): number {
  let largest = -Infinity;
  for (let i = from; i < from + vocabulary; i++) largest = Math.max(largest, values[i] ?? Number.NaN);
  let sum = 0;
  for (let i = from; i < from + vocabulary; i++) sum += Math.exp((values[i] ?? Number.NaN) - largest);
  return largest + Math.log(sum) - (values[from + token] ?? Number.NaN);
}

/** Whether the mask leaves a token in. Its entries for a past stand before those for the tokens. */
function tokenMask(feeds: ScoredRun['feeds'], length: number): (sample: number, token: number) => boolean {
  const mask = feeds['attention_mask'];
  const width = mask?.dims[1];
  if (mask === undefined || width === undefined || width < length) return () => true;
  const values = numbersOf(mask);
  return (sample, token) => values[(sample + 1) * width - length + token] !== 0;
}
