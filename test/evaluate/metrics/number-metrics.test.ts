import { describe, expect, it } from 'vitest';
import { perplexity } from '../../../src/evaluate/metrics/perplexity.ts';
import { rankCorrelation } from '../../../src/evaluate/metrics/rank-correlation.ts';
import { meanCosine, meanSquaredError } from '../../../src/evaluate/metrics/row-metrics.ts';
import { metricValue } from '../../../src/evaluate/metric-value.ts';
import { tokenWindows } from '../../../src/evaluate/token-windows.ts';
import { floats } from '../../../src/onnx/graph-builder.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { ids, matrix, rowsOfTensor, scoredBatch } from '../tensors.ts';

describe('meanSquaredError', () => {
  it('is the mean over samples of the mean over elements', () => {
    const metric = meanSquaredError();
    metric.add(
      scoredBatch(
        matrix([
          [1, 2],
          [0, 0],
        ]),
        [floats([2], [1, 4]), floats([2], [3, 0])],
      ),
    );
    expect(metricValue(metric.result())).toBeCloseTo((2 + 4.5) / 2, 12);
  });

  it('refuses a label of another length', () => {
    const add = () => meanSquaredError().add(scoredBatch(matrix([[1, 2]]), [floats([3], [1, 2, 3])]));
    expect(add).toThrow(expect.objectContaining({ code: 'label-mismatch' }));
  });
});

describe('meanCosine', () => {
  it('is 1, 0 and -1 along, across and against', () => {
    const metric = meanCosine();
    const labels = [floats([2], [2, 0]), floats([2], [0, 5]), floats([2], [-1, 0])];
    metric.add(
      scoredBatch(
        matrix([
          [1, 0],
          [1, 0],
          [1, 0],
        ]),
        labels,
      ),
    );
    expect(metricValue(metric.result())).toBeCloseTo(0, 12);
  });
});

describe('rankCorrelation', () => {
  const labels = [1, 2, 3, 4].map((value) => floats([], [value]));

  it('correlates scores with labels', () => {
    const metric = rankCorrelation();
    metric.add(scoredBatch(floats([4, 1], [0.1, 0.4, 0.3, 0.9]), labels));
    // 1 - 6 * 2 / (4 * 15)
    expect(metricValue(metric.result())).toBeCloseTo(0.8, 12);
  });

  it('correlates the cosines of pairs of embeddings', () => {
    const metric = rankCorrelation();
    const first = matrix([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    const second = matrix([
      [0, 1],
      [0.5, 1],
      [1, 1],
      [9, 1],
    ]);
    const pair = { rows: rowsOfTensor(second), feeds: {}, firstTarget: 1 };
    metric.add(scoredBatch(first, labels, { pair }));
    expect(metricValue(metric.result())).toBeCloseTo(1, 12);
  });

  it('means embeddings of tokens where the mask leaves them in', () => {
    const metric = rankCorrelation();
    // Two tokens a text; the second ones, against which the order would turn, are masked.
    const tokens = floats([4, 2, 2], [0, 1, 99, 0, 0.5, 1, 9, 0, 1, 1, 0, 9, 9, 1, 0, 99]);
    const feeds = {
      attention_mask: ids([
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 0],
      ]),
    };
    const first = floats([4, 2, 2], [1, 0, 0, 9, 1, 0, 0, 9, 1, 0, 0, 9, 1, 0, 0, 9]);
    const pair = { rows: rowsOfTensor(tokens), feeds, firstTarget: 1 };
    metric.add(scoredBatch(first, labels, { feeds, pair }));
    expect(metricValue(metric.result())).toBeCloseTo(1, 12);
  });
});

describe('perplexity', () => {
  it('of a model that knows nothing is the size of its vocabulary', () => {
    const metric = perplexity();
    const feeds = { input_ids: ids([[1, 2, 3, 4]]) };
    metric.add(
      scoredBatch(
        floats(
          [1, 4, 7],
          Array.from({ length: 28 }, () => 0.3),
        ),
        null,
        { feeds },
      ),
    );
    expect(metricValue(metric.result())).toBeCloseTo(7, 6);
  });

  it('weighs tokens, not sequences, and predicts the next token from each', () => {
    const metric = perplexity();
    const certain = [0, Math.log(3)];
    // After 0 comes 1 with 3/4: right once in the first sequence, wrong once in the second; the last step counts for nothing.
    metric.add(scoredBatch(floats([1, 2, 2], [...certain, 9, -9]), null, { feeds: { input_ids: ids([[0, 1]]) } }));
    metric.add(
      scoredBatch(floats([1, 3, 2], [...certain, ...certain, 5, 5]), null, { feeds: { input_ids: ids([[1, 0, 1]]) } }),
    );
    const nll = [0.75, 0.25, 0.75].reduce((sum, p) => sum - Math.log(p), 0);
    expect(metricValue(metric.result())).toBeCloseTo(Math.exp(nll / 3), 6);
  });

  it('leaves out what the mask does, and tells sequences without a token to predict', () => {
    const metric = perplexity();
    const feeds = { input_ids: ids([[0, 1, 1]]), attention_mask: ids([[1, 1, 0]]) };
    metric.add(scoredBatch(floats([1, 3, 2], [0, Math.log(3), 0, 9, 0, 0]), null, { feeds }));
    expect(metricValue(metric.result())).toBeCloseTo(4 / 3, 6);
    metric.add(scoredBatch(floats([1, 1, 2], [0, 0]), null, { feeds: { input_ids: ids([[0]]) } }));
    expect(metric.unscored?.()).toBe(1);
  });

  it('refuses a token that the vocabulary lacks', () => {
    const add = () =>
      perplexity().add(scoredBatch(floats([1, 2, 2], [0, 0, 0, 0]), null, { feeds: { input_ids: ids([[0, 2]]) } }));
    expect(add).toThrow(expect.objectContaining({ code: 'label-out-of-range' }));
  });

  it('by windows counts each token once: a model that looks one token back gives the same', () => {
    const random = createRandom(0, 'windows');
    const table = Array.from({ length: 25 }, () => random.normal());
    const bigram = (tokens: readonly number[]) =>
      floats(
        [1, tokens.length, 5],
        tokens.flatMap((token) => table.slice(token * 5, token * 5 + 5)),
      );
    const tokens = Array.from({ length: 37 }, () => random.integer(5));
    const whole = perplexity();
    whole.add(scoredBatch(bigram(tokens), null, { feeds: { input_ids: ids([tokens]) } }));
    for (const context of [2, 5, 8, 36, 37, 100]) {
      const runs = tokenWindows({ input_ids: ids([tokens]) }, context).map(({ feeds, firstTarget }) => {
        const part = Array.from(feeds['input_ids']?.data ?? [], Number);
        expect(part.length).toBeLessThanOrEqual(context);
        return { rows: rowsOfTensor(bigram(part)), feeds, firstTarget };
      });
      const [first, ...windows] = runs;
      const metric = perplexity();
      metric.add({ ...scoredBatch(bigram([0]), null), ...first, windows });
      expect(metricValue(metric.result())).toBeCloseTo(metricValue(whole.result()), 9);
    }
  });
});

describe('tokenWindows', () => {
  it('cuts masks with the tokens, begins positions anew and leaves a cache alone', () => {
    const feeds = {
      input_ids: ids([
        [1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10],
      ]),
      attention_mask: ids([
        [1, 1, 1, 1, 1],
        [1, 1, 1, 1, 0],
      ]),
      position_ids: ids([
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4],
      ]),
      'past_key_values.0.key': floats([2, 1, 0, 4], []),
    };
    const windows = tokenWindows(feeds, 4);
    expect(windows.map(({ firstTarget }) => firstTarget)).toEqual([1, 2]);
    expect(windows[1]?.feeds).toEqual({
      input_ids: ids([
        [3, 4, 5],
        [8, 9, 10],
      ]),
      attention_mask: ids([
        [1, 1, 1],
        [1, 1, 0],
      ]),
      position_ids: ids([
        [0, 1, 2],
        [0, 1, 2],
      ]),
      'past_key_values.0.key': feeds['past_key_values.0.key'],
    });
  });
});
