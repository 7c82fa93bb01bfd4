import { describe, expect, it } from 'vitest';
import { ctcGreedy, vocabularyFor, vocabularyLines } from '../../../src/evaluate/metrics/ctc-greedy.ts';
import { exactMatch } from '../../../src/evaluate/metrics/exact-match.ts';
import { metricValue } from '../../../src/evaluate/metric-value.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { floats, longs } from '../../../src/onnx/graph-builder.ts';
import { sampleRows } from '../../../src/evaluate/sample-rows.ts';
import { scoredBatch } from '../tensors.ts';

/** Scores whose best path is the one given: [1, steps, classes]. */
function path(steps: readonly number[], classes: number): DenseTensor {
  const scores = steps.flatMap((best) => Array.from({ length: classes }, (_, at) => (at === best ? 3 : -at)));
  return floats([1, steps.length, classes], scores);
}

function spelled(steps: readonly number[], blank = 0): readonly number[] | null {
  const { data } = path(steps, 5);
  return ctcGreedy({ values: data as Float32Array, from: 0, steps: steps.length, classes: 5 }, blank);
}

describe('ctcGreedy', () => {
  it('merges repeats, drops blanks and keeps what a blank parts', () => {
    expect(spelled([0, 1, 1, 0, 1, 2, 2, 0])).toEqual([1, 1, 2]);
    expect(spelled([0, 0, 0])).toEqual([]);
    expect(spelled([4, 0, 4], 4)).toEqual([0]);
  });
});

describe('vocabularyFor', () => {
  it('adds the blank, and the space of PP-OCR, where the file leaves them out', () => {
    expect(vocabularyFor(['-', 'a', 'b'], 3, 0)).toEqual(['-', 'a', 'b']);
    expect(vocabularyFor(['a', 'b'], 3, 0)).toEqual(['', 'a', 'b']);
    expect(vocabularyFor(['a', 'b'], 3, 2)).toEqual(['a', 'b', '']);
    expect(vocabularyFor(['a', 'b'], 4, 0)).toEqual(['', 'a', 'b', ' ']);
  });

  it('refuses a vocabulary of another model', () => {
    expect(() => vocabularyFor(['a'], 9, 0)).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it('reads lines that are a space', () => {
    expect(vocabularyLines('a\r\n \nb\n')).toEqual(['a', ' ', 'b']);
  });
});

describe('exactMatch', () => {
  it('compares texts by the vocabulary', () => {
    const metric = exactMatch({ blank: 0, vocabulary: ['h', 'i', '!'] });
    metric.add(scoredBatch(path([0, 1, 0, 2, 4], 5), ['hi ']));
    metric.add(scoredBatch(path([1, 2, 3], 5), ['hi']));
    expect(metric.result()).toMatchObject({ name: 'exact-match', scores: { hits: Uint8Array.of(1, 0) } });
  });

  it('reads steps of one sample that lie before its own axis: [steps, 1, classes]', () => {
    const { data } = path([1, 1, 0, 3], 5);
    const metric = exactMatch({ blank: 0, vocabulary: null });
    const rows = sampleRows(
      { type: 'float32', dims: [4, 1, 5], data },
      { batchLength: 1, count: 1 },
      { output: undefined, batchAxis: { kind: 'none' } },
    );
    metric.add({ ...scoredBatch(path([1], 5), [longs([1, 3])]), ...(rows === null ? {} : { rows }) });
    expect(metricValue(metric.result())).toBe(1);
  });

  it('refuses a blank that is no class', () => {
    const metric = exactMatch({ blank: 5, vocabulary: null });
    const add = () => metric.add(scoredBatch(path([1], 5), [longs([1])]));
    expect(add).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it('compares lists of classes', () => {
    const metric = exactMatch({ blank: 0, vocabulary: null });
    metric.add(scoredBatch(path([1, 1, 0, 3], 5), [longs([1, 3])]));
    metric.add(scoredBatch(path([1, 1, 0, 3], 5), [longs([1, 1, 3])]));
    expect(metricValue(metric.result())).toBe(0.5);
  });

  it('tells texts and numbers apart: 1, 11 is not 11, 1', () => {
    const metric = exactMatch({ blank: 0, vocabulary: null });
    metric.add(scoredBatch(path([1, 0, 11], 12), [longs([11, 1])]));
    expect(metricValue(metric.result())).toBe(0);
  });

  it('wants a vocabulary for texts, and classes that there are', () => {
    const metric = exactMatch({ blank: 0, vocabulary: null });
    expect(() => metric.add(scoredBatch(path([1], 5), ['a']))).toThrow(
      expect.objectContaining({ code: 'missing-argument' }),
    );
    expect(() => metric.add(scoredBatch(path([1], 5), [longs([5])]))).toThrow(
      expect.objectContaining({ code: 'label-out-of-range' }),
    );
    expect(() => metric.add(scoredBatch(path([1], 5), [floats([1], [1])]))).toThrow(
      expect.objectContaining({ code: 'label-mismatch' }),
    );
  });
});
