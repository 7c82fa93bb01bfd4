import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCells } from '../../src/gate/judge/judge-cells.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { judgeOne, pairsOf, ruleOf, settings, sketchBlock, sketchScenario, steadyPairs } from './scenario-sketch.ts';

describe('a measured figure against the base', () => {
  it('fails beyond the tolerance, with the exact p of all pairs on one side', () => {
    const cell = judgeOne({ blocks: steadyPairs(10, 1.2) });
    expect(cell).toMatchObject({
      verdict: 'fail',
      base: 10,
      pairs: 10,
      p: 2 ** -10,
      adjustedP: 2 ** -10,
      waived: null,
    });
    expect(cell.ratio?.value).toBeCloseTo(1.2, 3);
    expect(cell.reason).toMatchObject({
      code: 'beyond-tolerance',
      details: { limit: 1.05, alpha: 0.01, confirmed: false },
    });
  });

  it('passes where the interval ends within twice the tolerance', () => {
    const cell = judgeOne({ blocks: steadyPairs(10, 1.02) });
    expect(cell).toMatchObject({ verdict: 'pass', reason: { code: 'within-tolerance' } });
    expect(cell.reason.details['limit']).toBeCloseTo(1.1, 12);
    expect(cell.reason.details['worst']).toBeCloseTo(1.021, 3);
  });

  it('passes what is faster, and what changed by less than twice the tolerance but is no proven fail', () => {
    expect(judgeOne({ blocks: steadyPairs(10, 0.5) }).verdict).toBe('pass');
    expect(judgeOne({ blocks: steadyPairs(10, 1.05) }).verdict).toBe('pass');
  });

  it('does not know where the noise reaches beyond twice the tolerance', () => {
    const blocks = pairsOf([0.8, 1.25, 0.9, 1.3, 0.75, 1.2, 1.1, 0.95, 1.15, 1].map((ratio) => [10, 10 * ratio]));
    expect(judgeOne({ blocks })).toMatchObject({ verdict: 'inconclusive', reason: { code: 'too-noisy' } });
  });

  it('says how many pairs a significant result takes where there are too few, and passes by the interval all the same', () => {
    expect(judgeOne({ blocks: steadyPairs(6, 1.2) })).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'too-few-pairs', details: { pairs: 6, needed: 7 } },
    });
    expect(judgeOne({ blocks: steadyPairs(6, 1) }).verdict).toBe('pass');
    // The interval of five pairs is unbounded.
    expect(judgeOne({ blocks: steadyPairs(5, 1) }).reason.code).toBe('too-few-pairs');
  });

  it('turns round where less is worse', () => {
    const rules = [ruleOf('throughput')];
    const slower = judgeOne({ rules, batch: 4, blocks: steadyPairs(10, 1.25) });
    expect(slower).toMatchObject({ verdict: 'fail', base: 400, unit: 'per-second' });
    expect(slower.ratio?.value).toBeCloseTo(0.8, 3);
    expect(slower.reason.details['limit']).toBeCloseTo(1 / 1.05, 12);
    const { low, value, high } = slower.ratio ?? { low: null, value: 0, high: null };
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(judgeOne({ rules, blocks: steadyPairs(10, 0.8) }).verdict).toBe('pass');
  });

  it('lets pass what is smaller than the floor, whatever its ratio', () => {
    const blocks = steadyPairs(10, 1.5);
    expect(judgeOne({ blocks, rules: [ruleOf('latency-p50', { floor: 4 })] }).verdict).toBe('fail');
    const below = judgeOne({ blocks, rules: [ruleOf('latency-p50', { floor: 6 })] });
    expect(below).toMatchObject({ verdict: 'pass', reason: { code: 'below-floor', details: { floor: 6 } } });
    expect(below.reason.details['difference']).toBeCloseTo(5, 1);
    // A floor above the figure itself: no loss of throughput is one.
    const none = judgeOne({ blocks, rules: [ruleOf('throughput', { floor: 1000 })] });
    expect(none.verdict).toBe('pass');
  });

  it('counts complete pairs alone', () => {
    const blocks = [...steadyPairs(10, 1), sketchBlock({ arm: 'base', pair: 10, latencyMs: [99] })];
    expect(judgeOne({ blocks })).toMatchObject({ pairs: 10, verdict: 'pass' });
  });

  it('needs a figure: peak memory is not told everywhere', () => {
    const blocks = steadyPairs(10, 1).map((block) => ({ ...block, peakRssBytes: null }));
    expect(judgeOne({ blocks, rules: [ruleOf('peak-memory')] })).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'not-measured' },
    });
  });

  it('reckons what could be detected before, from the pilot, and after, from all pairs', () => {
    const { detectable } = judgeOne({ blocks: steadyPairs(10, 1) });
    expect(detectable.before).toBeGreaterThan(0.05);
    expect(detectable.before).toBeLessThan(0.06);
    expect(detectable.after).toBeLessThan(detectable.before ?? 0);
    expect(judgeOne({ blocks: steadyPairs(6, 1) }).detectable).toEqual({ before: null, after: null });
  });

  it('is new without a base, and tells a model that does not run', () => {
    const heads = steadyPairs(3, 1).filter(({ arm }) => arm === 'head');
    expect(judgeOne({ basis: 'none', base: null, blocks: heads })).toMatchObject({ verdict: 'new', head: 10 });
    const failure = { code: 'run-failed', details: {} };
    expect(judgeOne({ failure, failedArm: 'head' })).toMatchObject({
      verdict: 'fail',
      reason: { code: 'head-failed', details: { failure: 'run-failed' } },
    });
    expect(judgeOne({ failure, failedArm: 'base' })).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'base-failed' },
    });
    expect(judgeOne({})).toMatchObject({ verdict: 'inconclusive', reason: { code: 'interrupted' } });
  });
});

describe('several tests', () => {
  it('share alpha by Holm, over all scenarios', () => {
    const rules = [ruleOf('latency-p50')];
    const two = [
      sketchScenario({ name: 'a', rules, blocks: steadyPairs(8, 1.2) }),
      sketchScenario({ name: 'b', rules, blocks: steadyPairs(8, 1.2) }),
    ];
    const cells = judgeCells(two, settings);
    expect(cells.map(({ p }) => p)).toEqual([2 ** -8, 2 ** -8]);
    expect(cells.map(({ adjustedP }) => adjustedP)).toEqual([2 ** -7, 2 ** -7]);
    expect(cells.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
    const four = [...two, ...two.map((scenario) => ({ ...scenario, name: `${scenario.name}2` }))];
    expect(judgeCells(four, settings).map(({ reason }) => reason)).toEqual(
      Array.from({ length: 4 }, () => ({ code: 'too-few-pairs', details: { pairs: 8, needed: 9 } })),
    );
  });

  it('do not count exact cells, which have no p', () => {
    const rules = [ruleOf('latency-p50'), ruleOf('file-size'), ruleOf('macs'), ruleOf('outputs')];
    const [latency] = judgeCells([sketchScenario({ rules, blocks: steadyPairs(7, 1.2) })], settings);
    expect(latency).toMatchObject({ verdict: 'fail', adjustedP: 2 ** -7 });
  });

  it('divide alpha by the looks', () => {
    expect(judgeOne({ blocks: steadyPairs(8, 1.2) }, { looks: 3 }).verdict).toBe('inconclusive');
    expect(judgeOne({ blocks: steadyPairs(9, 1.2) }, { looks: 3 })).toMatchObject({
      verdict: 'fail',
      reason: { details: { alpha: 0.01 / 3 } },
    });
  });
});

describe('--confirm', () => {
  const main = steadyPairs(10, 1.2);

  it('keeps a fail that an independent batch finds again', () => {
    const cell = judgeOne({ blocks: [...main, ...steadyPairs(10, 1.2, 'confirm')] }, { confirm: true });
    expect(cell).toMatchObject({ verdict: 'fail', pairs: 10, reason: { details: { confirmed: true } } });
  });

  it('does not know of a fail that it does not find again, or that was not looked for', () => {
    const blocks = [...main, ...steadyPairs(10, 1, 'confirm')];
    expect(judgeOne({ blocks }, { confirm: true })).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'not-confirmed', details: { adjustedP: 2 ** -10, confirmP: 1, alpha: 0.01 } },
    });
    expect(judgeOne({ blocks: main }, { confirm: true }).reason).toMatchObject({
      code: 'not-confirmed',
      details: { confirmP: null },
    });
  });

  it('leaves passes and exact fails alone', () => {
    expect(judgeOne({ blocks: steadyPairs(10, 1) }, { confirm: true }).verdict).toBe('pass');
    const exact = {
      base: { ...sketchScenario().exact.head, nodes: 1 },
      head: { ...sketchScenario().exact.head, nodes: 2 },
    };
    expect(judgeOne({ rules: [ruleOf('nodes')], exact }, { confirm: true }).verdict).toBe('fail');
  });
});

describe('a waiver', () => {
  const waiver = { until: '2026-11-28', reason: 'known', link: 'https://example.com/7' };
  const fails = { blocks: steadyPairs(10, 1.2), rules: [ruleOf('latency-p50', { waiver })] };

  it('holds until its day, that day included, and says what the verdict would be', () => {
    expect(judgeOne(fails)).toMatchObject({ verdict: 'waived', waived: 'fail', waiver });
    expect(judgeOne(fails, { today: '2026-11-29' })).toMatchObject({ verdict: 'fail', waived: null });
    expect(judgeOne({ ...fails, blocks: steadyPairs(10, 1) })).toMatchObject({ verdict: 'pass', waived: null });
  });
});

describe('the same blocks', () => {
  it('give the same cells, in whatever order they are told and after being saved', () => {
    const seeds = fc.integer({ min: 0, max: 1e6 });
    const ratios = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ratios, seeds, (all, seed) => {
        const blocks = pairsOf(all.map((ratio) => [10, 10 * ratio]));
        const scenario = sketchScenario({
          blocks,
          rules: [ruleOf('latency-p50'), ruleOf('throughput', { budget: 90 })],
        });
        const cells = judgeCells([scenario], settings);
        const shuffled = { ...scenario, blocks: createRandom(seed, 'order').shuffle(blocks) };
        expect(judgeCells([JSON.parse(JSON.stringify(shuffled))], settings)).toEqual(cells);
      }),
      { numRuns: 50 },
    );
  });

  it('fail the more the slower the head is', () => {
    const ratios = fc.array(fc.double({ min: 0.9, max: 1.3, noNaN: true }), { minLength: 7, maxLength: 12 });
    fc.assert(
      fc.property(ratios, fc.double({ min: 1, max: 2, noNaN: true }), (all, slower) => {
        const p = (factor: number) =>
          judgeOne({ blocks: pairsOf(all.map((ratio) => [10, 10 * ratio * factor])) }).p ?? Number.NaN;
        expect(p(slower)).toBeLessThanOrEqual(p(1) + 1e-12);
      }),
      { numRuns: 50 },
    );
  });
});
