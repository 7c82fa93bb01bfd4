import { describe, expect, it } from 'vitest';
import { OutputComparison } from '../../src/evaluate/closeness.ts';
import { judgeSqnr } from '../../src/evaluate/judge-sqnr.ts';
import { summarizeCloseness } from '../../src/evaluate/summarize-closeness.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { floats, longs } from '../../src/onnx/graph-builder.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { matrix, rowsOfTensor } from './tensors.ts';

const random = () => createRandom(0, 'closeness');

function compared(found: DenseTensor, reference: DenseTensor) {
  const comparison = new OutputComparison('y');
  comparison.add(rowsOfTensor(found), rowsOfTensor(reference));
  return comparison.records();
}

function summarized(found: DenseTensor, reference: DenseTensor) {
  return summarizeCloseness(compared(found, reference), random());
}

describe('summarizeCloseness', () => {
  const reference = matrix([
    [1, -2, 3],
    [0.5, 4, -1],
  ]);

  it('of an output that is off by a hundredth is 40 dB, by definition', () => {
    const found = {
      ...reference,
      type: 'float64' as const,
      data: Float64Array.from(numbersOf(reference), (value) => value * 1.01),
    };
    const closeness = summarized(found, reference);
    expect(closeness.sqnrDb?.value).toBeCloseTo(40, 9);
    expect(closeness.cosine?.value).toBeCloseTo(1, 12);
    expect(closeness).toMatchObject({ exact: false, argmaxAgreement: { value: 1 } });
    expect(closeness.maxAbs).toBeCloseTo(0.04, 9);
    expect(closeness.maxRel).toBeCloseTo(0.01, 9);
  });

  it('of equal outputs is exact', () => {
    expect(summarized(reference, reference)).toMatchObject({
      exact: true,
      sqnrDb: null,
      maxAbs: 0,
      maxRel: 0,
      kl: { value: 0 },
    });
  });

  it('takes equal masks of -infinity for equal, one-sided NaN for no closeness', () => {
    const masked = matrix([[1, -Infinity]]);
    expect(summarized(masked, masked)).toMatchObject({ exact: true, maxAbs: 0 });
    const broken = summarized(matrix([[1, Number.NaN]]), matrix([[1, 2]]));
    expect(broken).toMatchObject({ exact: false, sqnrDb: null, maxAbs: null, argmaxAgreement: { value: 0 } });
  });

  it('has the KL divergence of two coins, from logits and from probabilities', () => {
    const divergence = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5);
    expect(summarized(matrix([[7, 7]]), matrix([[Math.log(3), 0]])).kl?.value).toBeCloseTo(divergence, 6);
    expect(summarized(matrix([[0.5, 0.5]]), matrix([[0.75, 0.25]])).kl?.value).toBeCloseTo(divergence, 6);
  });

  it('tells classes by the last axis, by channels in pictures, by 0.5 in one column', () => {
    const steps = summarized(floats([1, 2, 2], [1, 0, 0, 1]), floats([1, 2, 2], [2, 0, 1, 0]));
    expect(steps.argmaxAgreement?.value).toBe(0.5);
    // [1, 2 channels, 1, 2]: the first pixel is class 0 in both, the second is not.
    const picture = summarized(floats([1, 2, 1, 2], [5, 0, 1, 1]), floats([1, 2, 1, 2], [4, 2, 1, 1]));
    expect(picture.argmaxAgreement?.value).toBe(0.5);
    const column = summarized(matrix([[0.4], [0.7]]), matrix([[0.1], [0.2]]));
    expect(column).toMatchObject({ argmaxAgreement: { value: 0.5 }, kl: null });
    expect(summarized(matrix([[4]]), matrix([[-3]])).argmaxAgreement).toBeNull();
  });

  it('keeps shares of positions where the last sequence has a single one', () => {
    const comparison = new OutputComparison('y');
    const [two, one] = [floats([1, 2, 2], [2, 0, 1, 0]), floats([1, 1, 2], [1, 0])];
    comparison.add(rowsOfTensor(floats([1, 2, 2], [1, 0, 0, 1])), rowsOfTensor(two));
    comparison.add(rowsOfTensor(one), rowsOfTensor(one));
    expect(summarizeCloseness(comparison.records(), random()).argmaxAgreement?.value).toBe(0.75);
  });

  it('counts equal elements of integers', () => {
    const closeness = summarized({ ...longs([1, 2, 3, 4]), dims: [2, 2] }, { ...longs([1, 2, 3, 9]), dims: [2, 2] });
    expect(closeness).toMatchObject({ equalElements: { value: 0.75 }, sqnrDb: null, cosine: null, maxAbs: 5 });
  });
});

describe('judgeSqnr', () => {
  const source = createRandom(3, 'noise');
  const references = Float64Array.from({ length: 200 }, () => 1 + source.next());
  const errors = references.map((reference) => reference * 1e-3 * (0.5 + source.next()));

  it('passes, fails or leaves open by the interval', () => {
    const judge = (minDb: number) => judgeSqnr(minDb, { output: 'y', errors, references }, random());
    expect(judge(25)).toMatchObject({ verdict: 'pass', exact: false, samplesToDecide: null });
    expect(judge(35)).toMatchObject({ verdict: 'fail', output: 'y' });
    const { sqnrDb } = judge(30);
    expect(judge((sqnrDb?.value ?? 0) + 0.02)).toMatchObject({ verdict: 'inconclusive' });
    expect(judge((sqnrDb?.value ?? 0) + 0.02).samplesToDecide).toBeGreaterThan(200);
    expect(sqnrDb?.low).toBeLessThan(sqnrDb?.value ?? 0);
    expect(sqnrDb?.high).toBeGreaterThan(sqnrDb?.value ?? 0);
  });

  it('passes what is equal and fails what is no number', () => {
    const none = new Float64Array(200);
    expect(judgeSqnr(90, { output: 'y', errors: none, references }, random())).toMatchObject({
      verdict: 'pass',
      exact: true,
    });
    const broken = errors.with(7, Number.NaN);
    expect(judgeSqnr(1, { output: 'y', errors: broken, references }, random())).toMatchObject({
      verdict: 'fail',
      sqnrDb: null,
    });
  });

  it('stands noise in one sample alone', () => {
    const one = new Float64Array(200).with(3, 0.5);
    const { sqnrDb, verdict } = judgeSqnr(10, { output: 'y', errors: one, references }, random());
    expect(verdict).toBe('pass');
    expect(sqnrDb?.high).toBeNull();
  });
});
