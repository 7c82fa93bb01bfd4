import { describe, expect, it } from 'vitest';
import { gateVerdict } from '../../src/gate/gate-verdict.ts';
import type { GateScenarioResult } from '../../src/gate/gate-result.ts';
import { judgeOne, noFigures, ruleOf, sketchScenario } from './scenario-sketch.ts';

function sizes(base: number | null, head: number | null): GateScenarioResult['exact'] {
  return { base: { ...noFigures, 'file-size': base }, head: { ...noFigures, 'file-size': head } };
}

const rules = [ruleOf('file-size')];

describe('an exact figure', () => {
  it.each([
    [1000, 1000, 'pass', 'not-worse', { change: 0 }],
    [1000, 900, 'pass', 'not-worse', { change: -100 }],
    [1000, 2024, 'pass', 'within-exact-tolerance', { change: 1024, allowed: 1024 }],
    [1000, 2025, 'fail', 'worse', { change: 1025, allowed: 1024 }],
  ])('%d to %d: %s', (base, head, verdict, code, details) => {
    const cell = judgeOne({ rules, exact: sizes(base, head) });
    expect(cell).toMatchObject({
      verdict,
      base,
      head,
      unit: 'bytes',
      p: null,
      adjustedP: null,
      reason: { code, details },
    });
    expect(cell.ratio).toEqual({ value: head / base, low: null, high: null });
  });

  it('takes the larger of tolerance and floor', () => {
    const wide = [ruleOf('file-size', { tolerance: 0.1 })];
    expect(judgeOne({ rules: wide, exact: sizes(1e6, 1.1e6) }).verdict).toBe('pass');
    expect(judgeOne({ rules: wide, exact: sizes(1e6, 1.1e6 + 1) }).verdict).toBe('fail');
  });

  it('has no ratio to a base of 0, and fails from there', () => {
    const exact = { base: { ...noFigures, 'cpu-fallback-nodes': 0 }, head: { ...noFigures, 'cpu-fallback-nodes': 1 } };
    expect(judgeOne({ rules: [ruleOf('cpu-fallback-nodes')], exact })).toMatchObject({ verdict: 'fail', ratio: null });
  });

  it('is not known where one side does not tell it', () => {
    const untold = [{ arm: 'head' as const, metric: 'macs' as const, cause: 'unknown-macs' as const }];
    const exact = { base: { ...noFigures, macs: 1 }, head: noFigures };
    expect(judgeOne({ rules: [ruleOf('macs')], exact, untold })).toMatchObject({
      verdict: 'inconclusive',
      reason: { code: 'untold', details: { side: 'head', cause: 'unknown-macs' } },
    });
    expect(judgeOne({ rules, basis: 'stored', exact: sizes(null, 1) }).reason).toEqual({
      code: 'untold',
      details: { side: 'base', cause: 'not-in-base' },
    });
  });

  it('is compared with a base of another machine, but for what the arena holds', () => {
    const elsewhere = { basis: 'stored', baseFingerprint: 'there' } as const;
    expect(judgeOne({ ...elsewhere, rules, exact: sizes(1000, 5000) }).verdict).toBe('fail');
    const exact = { base: { ...noFigures, 'arena-peak': 1 }, head: { ...noFigures, 'arena-peak': 2 } };
    expect(judgeOne({ ...elsewhere, rules: [ruleOf('arena-peak')], exact })).toMatchObject({
      verdict: 'incomparable',
      reason: { code: 'other-machine', details: { base: 'there', head: 'here' } },
    });
  });

  it('is new without a base', () => {
    expect(judgeOne({ rules, basis: 'none', base: null, exact: sizes(null, 5) })).toMatchObject({
      verdict: 'new',
      head: 5,
    });
  });
});

describe('outputs', () => {
  const outputs = { equal: true, maxAbs: 1e-6, maxRel: 1e-5, finite: true, output: null, problem: null };
  const judge = (change: object) => judgeOne({ rules: [ruleOf('outputs')], outputs: { ...outputs, ...change } });

  it('are equal, differ, are not finite, or cannot be compared', () => {
    expect(judge({})).toMatchObject({ verdict: 'pass', reason: { code: 'outputs-equal', details: { maxAbs: 1e-6 } } });
    expect(judge({ equal: false, output: 'y' })).toMatchObject({
      verdict: 'fail',
      reason: { code: 'outputs-differ', details: { output: 'y' } },
    });
    expect(judge({ equal: false, finite: false, output: 'y' }).reason).toEqual({
      code: 'outputs-not-finite',
      details: { output: 'y' },
    });
    const details = { output: 'y', base: 'float32[1, 10]', head: 'float32[1, 11]' };
    expect(judge({ equal: false, problem: { code: 'outputs-unlike', details } })).toMatchObject({
      verdict: 'fail',
      reason: { code: 'outputs-unlike', details },
    });
    const inputs = { input: 'x', base: 'float32[4]', head: 'missing' };
    expect(judge({ equal: false, problem: { code: 'inputs-unlike', details: inputs } }).reason.details).toEqual(inputs);
  });

  it('are not known of a stored base, nor of a model that does not run', () => {
    const rulesOfOutputs = [ruleOf('outputs')];
    expect(judgeOne({ rules: rulesOfOutputs, basis: 'stored' }).reason.code).toBe('untold');
    const failure = { code: 'run-failed', details: {} };
    expect(judgeOne({ rules: rulesOfOutputs, failure, failedArm: 'head' }).verdict).toBe('fail');
  });
});

describe('quality', () => {
  const drop = {
    of: 'accuracy',
    drop: { value: 0.002, low: -0.001, high: 0.004 },
    limit: { kind: 'points' as const, value: 0.5 },
    threshold: 0.005,
    verdict: 'pass' as const,
    samples: 1000,
    samplesToDecide: null,
    test: { name: 'mcnemar' as const, p: 0.5 },
  };
  const judge = (change: object) =>
    judgeOne({
      rules: [ruleOf('quality')],
      quality: { ...drop, ...change },
      scores: { base: 0.97, head: 0.968 },
    });

  it('is what the drop says', () => {
    expect(judge({})).toMatchObject({ verdict: 'pass', base: 0.97, head: 0.968, tolerance: 0.005 });
    expect(judge({ verdict: 'fail' })).toMatchObject({ verdict: 'fail', reason: { code: 'quality-dropped' } });
    expect(judge({ verdict: 'fail', drop: null }).reason.details).toMatchObject({ drop: null });
    expect(judge({ verdict: 'inconclusive', samplesToDecide: 3000 }).reason).toMatchObject({
      code: 'quality-undecided',
      details: { samplesToDecide: 3000 },
    });
    expect(judge({ verdict: 'inconclusive', drop: null }).reason.code).toBe('quality-untold');
  });

  it('fails where the outputs are others', () => {
    const details = { output: 'y', base: 'float32[1, 10]', head: 'missing' };
    const outputs = {
      equal: false,
      maxAbs: null,
      maxRel: null,
      finite: true,
      output: null,
      problem: { code: 'outputs-unlike', details },
    };
    expect(judgeOne({ rules: [ruleOf('quality')], outputs })).toMatchObject({ verdict: 'fail', reason: { details } });
  });
});

describe('the verdict of a gate', () => {
  const verdictOf = (...verdicts: Parameters<typeof gateVerdict>[0]) => gateVerdict(verdicts);
  const cell = (verdict: Parameters<typeof gateVerdict>[0][number]['verdict'], severity: 'fail' | 'warn' = 'fail') => ({
    verdict,
    severity,
  });

  it('is the gravest one that counts', () => {
    expect(verdictOf(cell('pass'), cell('new'), cell('incomparable'), cell('inconclusive'), cell('fail'))).toBe('fail');
    expect(verdictOf(cell('pass'), cell('new'), cell('incomparable'), cell('inconclusive'))).toBe('inconclusive');
    expect(verdictOf(cell('pass'), cell('new'), cell('incomparable'))).toBe('incomparable');
    expect(verdictOf(cell('pass'), cell('new'))).toBe('new');
    expect(verdictOf(cell('pass'), cell('waived'))).toBe('pass');
  });

  it('counts no cell that only warns, and passes nothing where nothing was judged', () => {
    expect(verdictOf(cell('fail', 'warn'), cell('pass'))).toBe('pass');
    expect(gateVerdict([])).toBe('inconclusive');
    expect(sketchScenario().rules).toHaveLength(1);
  });
});
