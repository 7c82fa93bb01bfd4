import { defaultRule } from '../../src/gate/default-rules.ts';
import type { GateBlock, GateCell, GateScenarioResult } from '../../src/gate/gate-result.ts';
import type { GateRule } from '../../src/gate/gate-rule.ts';
import type { GateMetric } from '../../src/gate/gate-vocabulary.ts';
import type { JudgeSettings } from '../../src/gate/judge/judge-cells.ts';
import { judgeCells } from '../../src/gate/judge/judge-cells.ts';

export const settings: JudgeSettings = {
  alpha: 0.01,
  looks: 1,
  confirm: false,
  today: '2026-11-28',
  fingerprint: 'here',
};

export const noFigures: NonNullable<GateScenarioResult['exact']['base']> = {
  'file-size': null,
  parameters: null,
  macs: null,
  nodes: null,
  'cpu-fallback-nodes': null,
  'arena-peak': null,
};

const model = { ref: 'm.onnx', sha256: '0', sizeBytes: 1, commit: null, dirty: null };

type BlockSketch = Pick<GateBlock, 'arm' | 'pair'> & Partial<GateBlock>;

export function sketchBlock(sketch: BlockSketch): GateBlock {
  const latencyMs = sketch.latencyMs ?? [1];
  const sumMs = latencyMs.reduce((sum, ms) => sum + ms, 0);
  return {
    batch: 'main',
    round: sketch.pair,
    order: 2 * sketch.pair + (sketch.arm === 'base' ? 0 : 1),
    latencyMs,
    stride: 1,
    runs: latencyMs.length,
    sumMs,
    minMs: Math.min(...latencyMs),
    maxMs: Math.max(...latencyMs),
    windowMs: sumMs,
    loadMs: 5,
    firstRunMs: 2,
    warmUp: { runs: 3, elapsedMs: 10, settled: true },
    cpuUtilization: null,
    peakRssBytes: 1e6,
    noise: {
      stalledShare: null,
      stealShare: null,
      involuntarySwitchesPerSecond: null,
      throttledPeriods: null,
      clockRatio: null,
      driftRatio: null,
      dirty: [],
      repeated: false,
    },
    ...sketch,
  };
}

/** A block of each arm for each pair of latencies, base first. */
export function pairsOf(latencies: readonly (readonly [number, number])[], batch: GateBlock['batch'] = 'main') {
  return latencies.flatMap(([base, head], pair) => [
    sketchBlock({ arm: 'base', pair, batch, latencyMs: [base] }),
    sketchBlock({ arm: 'head', pair, batch, latencyMs: [head] }),
  ]);
}

/** `pairs` pairs of which the head takes `ratio` times as long, give or take a little. */
export function steadyPairs(pairs: number, ratio: number, batch: GateBlock['batch'] = 'main'): GateBlock[] {
  return pairsOf(
    Array.from({ length: pairs }, (_, pair) => [10, 10 * ratio * (1 + 0.001 * ((pair % 3) - 1))] as const),
    batch,
  );
}

export function sketchScenario(sketch: Partial<GateScenarioResult> = {}): GateScenarioResult {
  const blocks = sketch.blocks ?? [];
  const pairs = new Set(blocks.map(({ pair }) => pair)).size;
  return {
    name: 'small',
    owner: null,
    base: model,
    head: model,
    basis: 'same-job',
    baseFingerprint: 'here',
    ep: 'cpu',
    batch: 1,
    threads: 1,
    instances: 1,
    dims: {},
    inputs: 'synthetic',
    rules: [ruleOf('latency-p50')],
    plan: { pairs, looks: [pairs], pilot: Math.min(5, pairs), runs: 30, minMs: 500 },
    blocks,
    exact: { base: noFigures, head: noFigures },
    untold: [],
    outputs: null,
    quality: null,
    scores: null,
    history: null,
    baseDiffers: [],
    failure: null,
    failedArm: null,
    ...sketch,
  };
}

/** The default rule of a metric, changed. */
export function ruleOf(metric: GateMetric, change: Partial<GateRule> = {}): GateScenarioResult['rules'][number] {
  const rule = { ...defaultRule(metric), ...change };
  return { ...rule, waiver: rule.waiver && { ...rule.waiver } };
}

/** The only cell of one scenario. */
export function judgeOne(sketch: Partial<GateScenarioResult>, change: Partial<JudgeSettings> = {}): GateCell {
  const [cell, ...more] = judgeCells([sketchScenario(sketch)], { ...settings, ...change });
  if (cell === undefined || more.length > 0) throw new Error('not one cell');
  return cell;
}
