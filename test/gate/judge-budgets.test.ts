import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { judgeOne, noFigures, ruleOf, sketchBlock, steadyPairs } from './scenario-sketch.ts';

const budgetAlone = { tolerance: null } as const;

describe('a budget of a measured figure', () => {
  const held = (budget: number, pairs = 10) =>
    judgeOne({ rules: [ruleOf('latency-p50', { ...budgetAlone, budget })], blocks: steadyPairs(pairs, 1.5) });

  it('is kept, broken or not known, by the blocks of the head alone', () => {
    expect(held(20)).toMatchObject({ against: 'budget', verdict: 'pass', budget: 20, tolerance: null, base: null });
    expect(held(14)).toMatchObject({
      verdict: 'fail',
      p: 2 ** -10,
      reason: { code: 'budget-broken', details: { budget: 14 } },
    });
    expect(held(15)).toMatchObject({ verdict: 'inconclusive', reason: { code: 'budget-undecided' } });
    expect(held(14, 6).verdict).toBe('inconclusive');
    expect(held(20).headInterval?.value).toBeCloseTo(15, 1);
  });

  it('is a least where more is better', () => {
    const cell = (budget: number) =>
      judgeOne({ rules: [ruleOf('throughput', { ...budgetAlone, budget })], blocks: steadyPairs(10, 1) });
    expect(cell(90)).toMatchObject({ verdict: 'pass' });
    expect(cell(120)).toMatchObject({ verdict: 'fail' });
    const { low, high } = cell(90).headInterval ?? { low: null, high: null };
    expect(low).toBeLessThan(high ?? 0);
  });

  it('is judged without a base', () => {
    const heads = steadyPairs(10, 1).filter(({ arm }) => arm === 'head');
    const rules = [ruleOf('latency-p50', { ...budgetAlone, budget: 11 })];
    expect(judgeOne({ rules, basis: 'none', base: null, blocks: heads }).verdict).toBe('pass');
  });

  it('must be broken again with --confirm', () => {
    const rules = [ruleOf('latency-p50', { ...budgetAlone, budget: 11 })];
    const main = steadyPairs(10, 1.5);
    const again = (ratio: number) =>
      judgeOne({ rules, blocks: [...main, ...steadyPairs(10, ratio, 'confirm')] }, { confirm: true });
    expect(again(1.5).verdict).toBe('fail');
    expect(again(1).reason.code).toBe('not-confirmed');
  });
});

describe('a budget of an exact figure', () => {
  const held = (budget: number) =>
    judgeOne({
      rules: [ruleOf('parameters', { ...budgetAlone, budget })],
      exact: { base: null, head: { ...noFigures, parameters: 100 } },
    });

  it('holds exactly', () => {
    expect(held(100)).toMatchObject({ verdict: 'pass', reason: { code: 'budget-kept', details: { worst: 100 } } });
    expect(held(99)).toMatchObject({
      verdict: 'fail',
      reason: { code: 'budget-broken', details: { adjustedP: null } },
    });
  });
});

describe('a budget of a percentile', () => {
  /** Latencies of 1 to 2 ms, of which `slow` in a thousand take 30 ms, spread evenly over blocks or all in one. */
  function blocksOf({
    blocks,
    runs,
    slow,
    clustered = false,
  }: {
    blocks: number;
    runs: number;
    slow: number;
    clustered?: boolean;
  }) {
    const random = createRandom(1, 'tail');
    const all = Math.round((blocks * runs * slow) / 1000);
    return Array.from({ length: blocks }, (_, pair) => {
      const here = clustered ? (pair === 0 ? all : 0) : Math.round(all / blocks);
      const latencyMs = random.shuffle(
        Array.from({ length: runs }, (__, run) => (run < here ? 30 : 1 + random.next())),
      );
      return sketchBlock({ arm: 'head', pair, latencyMs });
    });
  }
  const held = (blocks: ReturnType<typeof blocksOf>, budget = 20) =>
    judgeOne({ rules: [ruleOf('latency-p99', { budget })], basis: 'none', base: null, blocks });

  it('passes with few runs beyond it, fails with many', () => {
    expect(held(blocksOf({ blocks: 10, runs: 200, slow: 0 }))).toMatchObject({ against: 'budget', verdict: 'pass' });
    expect(held(blocksOf({ blocks: 10, runs: 200, slow: 30 }))).toMatchObject({
      verdict: 'fail',
      reason: { code: 'budget-broken', details: { value: 30, budget: 20 } },
    });
    expect(held(blocksOf({ blocks: 10, runs: 200, slow: 10 })).reason.code).toBe('budget-undecided');
  });

  it('needs enough runs to tell', () => {
    expect(held(blocksOf({ blocks: 10, runs: 20, slow: 0 }))).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'too-few-runs', details: { runs: 200, needed: 299 } },
    });
  });

  it('does not count the bad luck of one block as that of all its runs', () => {
    expect(held(blocksOf({ blocks: 10, runs: 200, slow: 30, clustered: true })).verdict).toBe('inconclusive');
  });
});
