import { describe, expect, it } from 'vitest';
import type { GateScenarioResult } from '../../src/gate/gate-result.ts';
import { judgeOne, ruleOf, sketchBlock } from './scenario-sketch.ts';

const history = [10, 10.1, 9.9, 10.05, 9.95, 10, 10.1, 9.9, 10.02, 9.98];

function against(latencyMs: number, sketch: Partial<GateScenarioResult> = {}) {
  const blocks = [0, 1, 2].map((pair) => sketchBlock({ arm: 'head', pair, latencyMs: [latencyMs] }));
  return judgeOne({ basis: 'stored', base: null, history: { 'latency-p50': history }, blocks, ...sketch });
}

describe('a stored base', () => {
  it('passes what another run of it may show, and fails what it would hardly', () => {
    expect(against(10)).toMatchObject({
      verdict: 'pass',
      reason: { code: 'within-prediction', details: { runs: 10 } },
    });
    expect(against(10.2).verdict).toBe('pass');
    const slower = against(12);
    expect(slower).toMatchObject({ verdict: 'fail', head: 12, reason: { code: 'beyond-prediction' } });
    expect(slower.base).toBeCloseTo(10, 2);
    expect(slower.ratio?.value).toBeCloseTo(1.2, 2);
    // Beyond the prediction, and within the tolerance: no fail, nor a pass beyond twice of it.
    expect(against(10.49).verdict).toBe('pass');
  });

  it('turns round where less is worse', () => {
    const rules = [ruleOf('throughput')];
    const past = { throughput: history.map((ms) => 1000 / ms) };
    expect(against(12, { rules, history: past })).toMatchObject({ verdict: 'fail' });
    expect(against(8, { rules, history: past })).toMatchObject({ verdict: 'pass' });
    expect(against(12, { rules, history: past }).ratio?.value).toBeCloseTo(1 / 1.2, 2);
  });

  it('does not know where the runs spread too far, or are too few', () => {
    const wide = { 'latency-p50': [5, 20, 8, 15, 10, 12, 7, 18, 9, 11] };
    expect(against(10, { history: wide })).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'history-too-wide' },
    });
    expect(against(99, { history: { 'latency-p50': history.slice(0, 7) } })).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'history-too-short', details: { runs: 7, needed: 8 } },
    });
    expect(against(10, { history: {} }).reason.details).toEqual({ runs: 0, needed: 8 });
  });

  it('looks at the last twenty runs', () => {
    const old = Array.from({ length: 20 }, () => 100);
    const long = { 'latency-p50': [...old, ...history, ...history] };
    expect(against(10, { history: long })).toMatchObject({ verdict: 'pass', reason: { details: { runs: 20 } } });
  });

  it('compares nothing with another machine or other conditions', () => {
    expect(against(10, { baseFingerprint: 'there' })).toMatchObject({
      verdict: 'incomparable',
      reason: { code: 'other-machine', details: { base: 'there', head: 'here' } },
    });
    expect(against(10, { baseDiffers: ['threads'] })).toMatchObject({
      verdict: 'incomparable',
      reason: { code: 'other-conditions', details: { differs: ['threads'] } },
    });
  });
});
