import { describe, expect, it } from 'vitest';
import type { ServiceCurve, TimeByBatch } from '../../../src/cost/service/service-curve.ts';
import type { CurvedOption } from '../../../src/cost/whatif/paired-ratio.ts';
import { pairedRatio, savingOf } from '../../../src/cost/whatif/paired-ratio.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { exact, sketchOption } from './sketch-option.ts';

const scaled = (times: (batch: number) => number, factor: number): TimeByBatch => ({
  msAt: (batch) => times(batch) * factor,
});

/** A curve of which each draw is off by a factor. */
function curve(times: (batch: number) => number, factors: readonly number[]): ServiceCurve {
  return {
    kind: 'linear',
    points: [],
    smallestBatch: 1,
    largestBatch: 8,
    tau0Ms: 0,
    alphaMs: 0,
    largestResidual: 0,
    ratios: Float64Array.of(1),
    msAt: times,
    draws: factors.map((factor) => scaled(times, factor)),
  };
}

const random = createRandom(1, 'moods');
/** What slowed the rounds that both were measured in: by up to a third. */
const moods = Array.from({ length: 400 }, () => Math.exp(0.3 * random.normal()));
/** What is each model's own. */
const own = Array.from({ length: 400 }, () => Math.exp(0.01 * random.normal()));

const slow = (batch: number) => 3.5 + 1.25 * batch;
const fast = (batch: number) => 2 + 0.5 * batch;
const costOf = (times: (batch: number) => number) => exact((0.357 / 3.6 / 0.6) * (times(8) / 8));

function curved(times: typeof slow, factors: readonly number[], changes = {}): CurvedOption {
  const option = sketchOption({ usdPerMillion: costOf(times), ...changes });
  return { option, curve: curve(times, factors), result: 'bench.json' };
}

describe('pairedRatio', () => {
  const first = curved(slow, moods);
  const other = curved(
    fast,
    moods.map((mood, index) => mood * (own[index] ?? 1)),
  );

  it('leaves out what both share', () => {
    const ratio = pairedRatio(other, first);
    const truth = 6 / 13.5;
    expect(ratio?.value).toBeCloseTo(truth, 12);
    // 1.96 standard deviations of what is not shared, not of the moods.
    expect(Math.log((ratio?.low ?? 0) / truth)).toBeCloseTo(-0.0196, 2);
    expect(Math.log((ratio?.high ?? 0) / truth)).toBeCloseTo(0.0196, 2);
  });

  it.each([
    ['another result', { ...other, result: 'other.json' }],
    ['another machine', curved(fast, moods, { instance: 'c7i.xlarge' })],
    ['another way to buy', curved(fast, moods, { purchase: 'spot' })],
    ['no draws', curved(fast, [])],
    ['a fleet between time and cost', curved(fast, moods, { usdPerMillion: exact(0.2) })],
  ])('pairs nothing with %s', (_, unlike) => {
    expect(pairedRatio(unlike, first)).toBeNull();
  });
});

describe('savingOf', () => {
  it('holds every corner', () => {
    const saving = savingOf({ value: 10, low: 8, high: 12 }, { value: 0.5, low: 0.4, high: 1.1 });
    expect(saving.value).toBe(5);
    expect(saving.low).toBeCloseTo(-1.2, 12);
    expect(saving.high).toBeCloseTo(7.2, 12);
  });
});
