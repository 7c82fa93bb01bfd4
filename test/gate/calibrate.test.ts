import { describe, expect, it } from 'vitest';
import { calibrationCells } from '../../src/gate/calibrate.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { pairsOf, ruleOf, sketchScenario, steadyPairs } from './scenario-sketch.ts';

const settings = { alpha: 0.01, tests: 1, pairs: 20, roundMs: 1000 };

function noisy(sd: number) {
  const random = createRandom(3, 'noise');
  return pairsOf(Array.from({ length: 20 }, () => [10, 10 * Math.exp(sd * random.normal())] as const));
}

function calibrate(sd: number, tolerance: number | null) {
  const rules = [ruleOf('latency-p50', { tolerance, budget: 20 }), ruleOf('file-size')];
  const [cell, ...more] = calibrationCells([sketchScenario({ rules, blocks: noisy(sd) })], settings);
  expect(more).toEqual([]);
  if (cell === undefined) throw new Error('no cell');
  return cell;
}

describe('a calibration', () => {
  it('tells the noise, and a tolerance of which twice as much is found', () => {
    const quiet = calibrate(0.01, 0.05);
    expect(quiet).toMatchObject({ metric: 'latency-p50', pairs: 20, resolvable: true, tolerance: 0.05 });
    expect(quiet.sd).toBeGreaterThan(0.007);
    expect(quiet.sd).toBeLessThan(quiet.sdUpper ?? 0);
    expect(quiet.smallestTolerance).toBeLessThan(0.02);
    // Three looks share alpha.
    expect(quiet.neededPairs).toBe(9);
    expect(quiet.neededBudgetMs).toBe(9000);
    // Found at the smallest tolerance is just twice of it.
    const at = quiet.smallestTolerance ?? 0;
    expect(calibrate(0.01, at).detectable).toBeCloseTo(2 * at, 10);
  });

  it('refuses a tolerance that the budget cannot tell, and says which could', () => {
    const loud = calibrate(0.2, 0.05);
    expect(loud.resolvable).toBe(false);
    expect(loud.neededPairs).toBeGreaterThan(100);
    expect(calibrate(0.2, (loud.smallestTolerance ?? 0) * 1.01).resolvable).toBe(true);
    expect(calibrate(3, 0.05).smallestTolerance).toBeNull();
  });

  it('asks nothing of a budget, and knows nothing without blocks', () => {
    expect(calibrate(0.2, null)).toMatchObject({ resolvable: true, detectable: null, neededPairs: null });
    const scenario = sketchScenario({ blocks: steadyPairs(1, 1) });
    expect(calibrationCells([scenario], settings)[0]).toMatchObject({ resolvable: false, sd: null, value: null });
  });
});
