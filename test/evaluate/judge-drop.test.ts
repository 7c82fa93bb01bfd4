import { describe, expect, it } from 'vitest';
import { parseDropLimit, thresholdOf } from '../../src/evaluate/drop-limit.ts';
import { judgeDrop } from '../../src/evaluate/judge-drop.ts';
import type { MetricScores } from '../../src/evaluate/metrics/metric.ts';
import { meanStatistic } from '../../src/stats/bootstrap.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { wilsonInterval } from '../../src/stats/wilson-interval.ts';

const random = createRandom(0, 'drop');

function accuracyOf(hits: Uint8Array): MetricScores {
  return { name: 'accuracy', higherIsBetter: true, isShare: true, scores: { kind: 'proportion', hits } };
}

function meanOf(values: Float64Array, higherIsBetter: boolean): MetricScores {
  const scores = { kind: 'corpus', size: values.length, statistic: meanStatistic(values) } as const;
  return { name: 'mse', higherIsBetter, isShare: false, scores };
}

/** The first `base` of n right; of those the last `lost` lost, and `won` others won. */
function twoModels({ n, base, lost, won }: { n: number; base: number; lost: number; won: number }) {
  const before = Uint8Array.from({ length: n }, (_, i) => (i < base ? 1 : 0));
  const after = before.map((hit, i) => (i >= base - lost && i < base ? 0 : i >= n - won ? 1 : hit));
  return { kind: 'metric', base: accuracyOf(before), head: accuracyOf(after) } as const;
}

describe('parseDropLimit', () => {
  it.each([
    ['0.5pt', { kind: 'points', value: 0.5 }],
    ['1%', { kind: 'relative', value: 0.01 }],
    ['0.01', { kind: 'absolute', value: 0.01 }],
    ['.5 pt', { kind: 'points', value: 0.5 }],
    ['0', { kind: 'absolute', value: 0 }],
  ])('reads %s', (text, limit) => {
    expect(parseDropLimit(text)).toEqual(limit);
  });

  it.each(['', 'pt', '-1pt', '1.2.3', 'a%', '5 %%', 'Infinity', '1pt2'])("refuses '%s'", (text) => {
    expect(() => parseDropLimit(text)).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it('takes a point of a share for a hundredth, and of another metric for its unit', () => {
    expect(thresholdOf({ kind: 'points', value: 0.5 }, true)).toBe(0.005);
    expect(thresholdOf({ kind: 'points', value: 0.5 }, false)).toBe(0.5);
    expect(thresholdOf({ kind: 'absolute', value: 0.5 }, true)).toBe(0.5);
  });
});

describe('judgeDrop', () => {
  const half = parseDropLimit('0.5pt');

  it('passes, fails and leaves open by the paired interval of a proportion', () => {
    const judge = (counts: Parameters<typeof twoModels>[0]) =>
      judgeDrop({ limit: half, evidence: twoModels(counts), random });
    expect(judge({ n: 10_000, base: 9800, lost: 10, won: 5 })).toMatchObject({
      verdict: 'pass',
      of: 'accuracy',
      samples: 10_000,
    });
    expect(judge({ n: 10_000, base: 9800, lost: 200, won: 20 })).toMatchObject({
      verdict: 'fail',
      drop: { value: 0.018 },
    });
    const open = judge({ n: 1000, base: 980, lost: 4, won: 2 });
    expect(open).toMatchObject({ verdict: 'inconclusive', threshold: 0.005, test: { name: 'mcnemar' } });
    expect(open.samplesToDecide).toBeGreaterThan(1000);
    // The same shares at that number of samples do decide, and a few less would not.
    const scale = (open.samplesToDecide ?? 0) / 1000;
    const n = Math.ceil(1000 * scale);
    expect(
      judge({ n, base: Math.round(980 * scale), lost: Math.round(4 * scale), won: Math.round(2 * scale) }).verdict,
    ).toBe('pass');
  });

  it('takes 765 equal answers to be sure of half a point', () => {
    // Tango's upper bound without differing pairs is z^2 / (n + z^2).
    const { samplesToDecide, test } = judgeDrop({
      limit: half,
      evidence: twoModels({ n: 100, base: 90, lost: 0, won: 0 }),
      random,
    });
    expect(samplesToDecide).toBe(765);
    expect(test.p).toBe(1);
  });

  it('is relative to the reference where the limit is', () => {
    const evidence = twoModels({ n: 10_000, base: 5000, lost: 100, won: 0 });
    const points = judgeDrop({ limit: parseDropLimit('1pt'), evidence, random });
    const relative = judgeDrop({ limit: parseDropLimit('1%'), evidence, random });
    expect(points.drop?.value).toBeCloseTo(0.01, 12);
    expect(relative.drop?.value).toBeCloseTo(0.02, 12);
    expect(relative).toMatchObject({ threshold: 0.01, verdict: 'fail' });
  });

  it('cannot be relative to a reference that is never right', () => {
    const evidence = twoModels({ n: 100, base: 0, lost: 0, won: 3 });
    expect(judgeDrop({ limit: parseDropLimit('1%'), evidence, random })).toMatchObject({
      drop: null,
      verdict: 'inconclusive',
    });
    expect(judgeDrop({ limit: parseDropLimit('5pt'), evidence, random }).drop?.value).toBe(-0.03);
  });

  it('takes an increase for a drop where lower is better', () => {
    const base = Float64Array.from({ length: 400 }, () => 1 + random.next());
    const head = base.map((value) => value * 1.05 + 0.01 * random.normal());
    const evidence = { kind: 'metric', base: meanOf(base, false), head: meanOf(head, false) } as const;
    const drop = judgeDrop({ limit: parseDropLimit('10%'), evidence, random });
    expect(drop.drop?.value).toBeCloseTo(0.05, 2);
    expect(drop).toMatchObject({ verdict: 'pass', test: { name: 'paired-bootstrap' } });
    expect(judgeDrop({ limit: parseDropLimit('3%'), evidence, random }).verdict).toBe('fail');
    expect(judgeDrop({ limit: parseDropLimit('0.2'), evidence, random }).drop?.value).toBeCloseTo(0.075, 2);
  });

  it('fails a model whose figure is no number, but not for the sake of the original', () => {
    const sound = Float64Array.of(1, 2, 3);
    const broken = Float64Array.of(1, Number.NaN, 3);
    const judge = (base: Float64Array, head: Float64Array) =>
      judgeDrop({
        limit: half,
        evidence: { kind: 'metric', base: meanOf(base, false), head: meanOf(head, false) },
        random,
      });
    expect(judge(sound, broken)).toMatchObject({ verdict: 'fail', drop: null });
    expect(judge(broken, sound)).toMatchObject({ verdict: 'inconclusive', drop: null });
  });

  it('without labels is the share of other answers, by Wilson', () => {
    const hits = Uint8Array.from({ length: 1000 }, (_, i) => (i < 40 ? 0 : 1));
    const evidence = { kind: 'agreement', agreements: { kind: 'proportion', hits } } as const;
    const drop = judgeDrop({ limit: parseDropLimit('1pt'), evidence, random });
    expect(drop.drop).toEqual(wilsonInterval(40, 1000));
    expect(drop).toMatchObject({ of: 'argmax-agreement', verdict: 'fail', test: { name: 'wilson', p: null } });
  });

  it('without classes is the relative error of all samples together', () => {
    const references = Float64Array.from({ length: 300 }, () => 1 + random.next());
    const errors = references.map((square) => square * 0.0004 * (0.5 + random.next()));
    const drop = judgeDrop({ limit: parseDropLimit('5%'), evidence: { kind: 'error', errors, references }, random });
    expect(drop).toMatchObject({ of: 'relative-error', verdict: 'pass', test: { name: 'bootstrap' } });
    expect(drop.drop?.value).toBeCloseTo(0.02, 3);
    const none = new Float64Array(300);
    const equal = judgeDrop({ limit: half, evidence: { kind: 'error', errors: none, references: none }, random });
    expect(equal).toMatchObject({ verdict: 'pass', drop: { value: 0 } });
    const broken = judgeDrop({
      limit: half,
      evidence: { kind: 'error', errors: errors.with(0, Number.NaN), references },
      random,
    });
    expect(broken).toMatchObject({ verdict: 'fail', drop: null });
  });

  it('of a single sample without spread to tell is open', () => {
    const evidence = { kind: 'error', errors: Float64Array.of(1), references: Float64Array.of(4) } as const;
    expect(judgeDrop({ limit: half, evidence, random })).toMatchObject({
      verdict: 'inconclusive',
      drop: { value: 0.5, low: null, high: null },
      samplesToDecide: null,
    });
  });

  it('is as open for other shares of few equal answers as for accuracy', () => {
    const equal = { kind: 'corpus', size: 5, statistic: () => 1, ofAnswers: true } as const;
    const metric = { name: 'macro-f1', higherIsBetter: true, isShare: true, scores: equal } as const;
    const accuracy = judgeDrop({ limit: half, evidence: twoModels({ n: 5, base: 5, lost: 0, won: 0 }), random });
    for (const limit of [half, parseDropLimit('0.5%')]) {
      const drop = judgeDrop({ limit, evidence: { kind: 'metric', base: metric, head: metric }, random });
      expect(drop).toMatchObject({ verdict: 'inconclusive', drop: accuracy.drop, samplesToDecide: 765 });
    }
    const agreement = judgeDrop({ limit: half, evidence: { kind: 'agreement', agreements: equal }, random });
    expect(agreement).toMatchObject({ verdict: 'inconclusive', drop: wilsonInterval(0, 5) });
  });

  it('of samples on which the two always differ has no end of counts', () => {
    const [base, lost] = [3, 3];
    for (const limit of ['2pt', '37pt', '10%'].map((text) => parseDropLimit(text))) {
      const drop = judgeDrop({ limit, evidence: twoModels({ n: 5, base, lost, won: 2 }), random });
      expect(drop.verdict).toBe('inconclusive');
      expect(drop.drop?.value).toBeCloseTo(limit.kind === 'relative' ? 1 / 3 : 0.2, 12);
    }
  });

  it('refuses scores of different samples', () => {
    const evidence = {
      kind: 'metric',
      base: accuracyOf(new Uint8Array(3)),
      head: accuracyOf(new Uint8Array(4)),
    } as const;
    expect(() => judgeDrop({ limit: half, evidence, random })).toThrow(RangeError);
  });
});
