import { describe, expect, it } from 'vitest';
import { accuracy } from '../../../src/evaluate/metrics/accuracy.ts';
import { binaryLog, multiClassLog } from '../../../src/evaluate/metrics/class-decisions.ts';
import { macroF1 } from '../../../src/evaluate/metrics/macro-f1.ts';
import { topK } from '../../../src/evaluate/metrics/top-k.ts';
import { metricValue } from '../../../src/evaluate/metric-value.ts';
import { floats, long, longs } from '../../../src/onnx/graph-builder.ts';
import { classes, matrix, scoredBatch } from '../tensors.ts';

const scores = matrix([
  [0.1, 0.7, 0.2],
  [0.5, 0.3, 0.2],
  [0.2, 0.2, 0.6],
  [0.4, 0.4, 0.2],
]);

describe('accuracy', () => {
  it('counts the highest class, the first of equals', () => {
    const metric = accuracy(multiClassLog());
    metric.add(scoredBatch(scores, classes(1, 2, 2, 0)));
    expect(metric.result().scores).toEqual({ kind: 'proportion', hits: Uint8Array.of(1, 0, 1, 1) });
  });

  it('takes an integer output for the class itself', () => {
    const metric = accuracy(multiClassLog());
    metric.add(scoredBatch(longs([4, 7]), classes(4, 6)));
    expect(metricValue(metric.result())).toBe(0.5);
  });

  it('counts NaN as a miss, whatever the label', () => {
    const metric = accuracy(multiClassLog());
    metric.add(
      scoredBatch(
        matrix([
          [Number.NaN, 5],
          [5, Number.NaN],
        ]),
        classes(1, 0),
      ),
    );
    expect(metricValue(metric.result())).toBe(0);
  });

  it('leaves out the rows that only fill a batch up', () => {
    const metric = accuracy(multiClassLog());
    const batch = scoredBatch(scores, classes(1, 2));
    metric.add({ ...batch, rows: { ...batch.rows, count: 2 } });
    expect(metric.result().scores).toEqual({ kind: 'proportion', hits: Uint8Array.of(1, 0) });
  });

  it('of one column is at 0.5 for probabilities and at 0 for logits', () => {
    const probabilities = accuracy(binaryLog());
    probabilities.add(scoredBatch(floats([3, 1], [0.2, 0.6, 0.9]), classes(0, 1, 0)));
    expect(metricValue(probabilities.result())).toBeCloseTo(2 / 3, 12);
    const logits = accuracy(binaryLog());
    logits.add(scoredBatch(floats([3, 1], [0.2, -0.6, 3]), classes(1, 0, 1)));
    expect(metricValue(logits.result())).toBe(1);
  });

  it('takes whole numbers for classes also where they are stored as floats', () => {
    const metric = accuracy(multiClassLog());
    metric.add(
      scoredBatch(
        matrix([
          [0, 2],
          [0, 2],
        ]),
        [floats([], [1]), floats([], [0])],
      ),
    );
    expect(metricValue(metric.result())).toBe(0.5);
  });

  it.each([
    [long(3), 'label-out-of-range'],
    [long(-1), 'label-out-of-range'],
    [floats([], [1.5]), 'label-mismatch'],
    [floats([], [4]), 'label-out-of-range'],
    [longs([0, 1]), 'label-mismatch'],
    ['cat', 'label-mismatch'],
  ])('refuses label %#, naming the sample', (label, code) => {
    const metric = accuracy(multiClassLog());
    const add = () => metric.add(scoredBatch(scores, [long(0), label, long(0), long(0)]));
    expect(add).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ path: 'data.npz, row 1' }) }),
    );
  });
});

describe('topK', () => {
  it('counts a class among the k highest, of equals the lower class first', () => {
    const metric = topK(2);
    metric.add(scoredBatch(scores, classes(2, 2, 1, 1)));
    expect(metric.result()).toMatchObject({ name: 'top2', scores: { hits: Uint8Array.of(1, 0, 0, 1) } });
  });

  it('finds nothing among NaN', () => {
    const metric = topK(3);
    metric.add(scoredBatch(matrix([[1, Number.NaN, 2]]), classes(2)));
    expect(metricValue(metric.result())).toBe(0);
  });
});

describe('macroF1', () => {
  // scikit-learn's documentation of f1_score: y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1] gives 0.26.
  const predicted = [0, 2, 1, 0, 0, 1];
  const actual = [0, 1, 2, 0, 1, 2];
  const metric = macroF1(multiClassLog());
  metric.add(
    scoredBatch(matrix(predicted.map((name) => [0, 1, 2].map((at) => (at === name ? 1 : 0)))), classes(...actual)),
  );

  it('is that of scikit-learn’s example', () => {
    // Class 0: 2 * 2 / (2 * 2 + 1), the others 0.
    expect(metricValue(metric.result())).toBeCloseTo(0.8 / 3, 12);
  });

  it('of a resample is that of the samples picked', () => {
    const { scores } = metric.result();
    // Samples 0 and 1: 0 is right, 1 is taken for 2. Three classes occur, one of them with F1 1.
    const picked = scores.kind === 'corpus' ? scores.statistic(Uint32Array.of(0, 0, 1)) : Number.NaN;
    expect(picked).toBeCloseTo(1 / 3, 12);
  });

  it('counts NaN as a prediction of nothing', () => {
    const metric = macroF1(multiClassLog());
    metric.add(
      scoredBatch(
        matrix([
          [Number.NaN, 0],
          [0, 1],
        ]),
        classes(0, 1),
      ),
    );
    expect(metricValue(metric.result())).toBeCloseTo(0.5, 12);
  });
});
