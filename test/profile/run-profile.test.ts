import { describe, expect, it } from 'vitest';
import { copyModel } from '../../src/compute/copy-model.ts';
import type { OptimizedGraph } from '../../src/compute/optimized-graph.ts';
import { markNodes } from '../../src/compute/owners/mark-nodes.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { ProfileOptions, SubjectPlan } from '../../src/profile/profile-options.ts';
import { runProfile } from '../../src/profile/run-profile.ts';
import type { RunProfile } from '../../src/runtime/run-profile.ts';
import { sketchProfile } from './sketch-profile.ts';

/** The same of Relu(x·W). */
function linear() {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2, 2]);
  const product = g.op('MatMul', [x, g.constant('w', floats([2, 2], [1, 2, 3, 4]))], { name: 'product', as: 'xw' });
  const relu = g.op('Relu', [product], { name: 'relu', as: 'r' });
  g.output(g.op('Identity', [relu], { name: 'same', as: 'i' }), 'y');
  return g.model();
}

const optimized: OptimizedGraph = {
  nodes: [
    { name: 'fused @0@', op: 'FusedGemm', domain: 'com.microsoft', inputs: ['x', 'w'], outputs: ['r'], bodies: [] },
    { name: 'ReorderOutput', op: 'ReorderOutput', domain: '', inputs: ['r'], outputs: ['y'], bodies: [] },
  ],
  constants: ['w'],
};

const profiled = (gemm: number, more: Partial<RunProfile> = {}) =>
  sketchProfile(
    [
      { name: 'fused @0@', op: 'FusedGemm', us: gemm },
      { name: 'ReorderOutput', op: 'ReorderOutput', us: 100 - gemm },
    ],
    more,
  );

interface Sketch {
  readonly plainMs?: (round: number) => number;
  readonly profile?: (taken: number) => RunProfile;
  readonly graph?: OptimizedGraph | null;
}

function subject({ plainMs = () => 0.05, profile = () => profiled(75), graph = optimized }: Sketch = {}) {
  const original = linear();
  const marked = copyModel(original);
  markNodes(marked);
  const asked: (number | null)[] = [];
  const plan: SubjectPlan = {
    facts: {
      model: { path: 'a.onnx', sha256: '', sizeBytes: 1 },
      ep: 'cpu',
      threads: 1,
      batch: null,
      dims: {},
      macs: 8,
    },
    provider: 'CPUExecutionProvider',
    file: {
      original,
      marked,
      optimized: graph,
      costOf: ({ op }) => ({ macs: op === 'MatMul' ? 8 : 0, bytes: 48, constantBytes: op === 'MatMul' ? 16 : 0 }),
    },
    blocks: {
      plain: (round) => Promise.resolve(plainMs(round)),
      profiled: ({ eventsPerRun }) => {
        asked.push(eventsPerRun);
        return Promise.resolve(profile(asked.length - 1));
      },
    },
  };
  return { plan, asked };
}

function options(plans: readonly SubjectPlan[], rest: Partial<ProfileOptions> = {}): ProfileOptions {
  return {
    subjects: plans,
    nowMs: () => 0,
    rounds: 3,
    minRounds: 3,
    budgetMs: 1000,
    runs: 4,
    mostEvents: 1000,
    roofsFor: null,
    advise: () => [],
    onEvent: () => undefined,
    ...rest,
  };
}

describe('runProfile', () => {
  it('scales shares to the plain median, so that kernels, nodes and operators each add up to it', async () => {
    const { first, other, ratio } = await runProfile(options([subject().plan]));
    expect([other, ratio]).toEqual([null, null]);
    expect(first.latencyMs.value).toBeCloseTo(0.05);
    const total = (rows: readonly { timeMs: { value: number } | number }[]) =>
      rows.reduce((sum, { timeMs }) => sum + (typeof timeMs === 'number' ? timeMs : timeMs.value), 0);
    expect(total(first.kernels)).toBeCloseTo(0.05);
    expect(total(first.operators)).toBeCloseTo(0.05);
    // What was added is nobody's.
    expect(total(first.nodes)).toBeCloseTo(first.kernels[0]?.timeMs.value ?? 0);
    expect([first.coverage, first.profiledMs, first.profiledRuns]).toEqual([1, 0.1, 12]);
  });

  it('ties kernels to the file and gives every node a fate', async () => {
    const { first } = await runProfile(options([subject().plan]));
    expect(first.kernels.map(({ name, added, fileNodes }) => [name, added, fileNodes])).toEqual([
      ['fused product', null, [0, 1]],
      ['ReorderOutput', 'layout', []],
    ]);
    expect(first.nodes.map(({ name, fate, kernels }) => [name, fate, kernels])).toEqual([
      ['product', 'ran', [0]],
      ['relu', 'fused', [0]],
      ['same', 'dropped', []],
    ]);
    const [gemm] = first.kernels;
    // 8 MACs; 32 bytes of activations, 16 of weights that were packed, 16 made.
    expect([gemm?.macs, gemm?.bytes, gemm?.intensity]).toEqual([8, 64, 0.25]);
    expect(gemm?.gflopPerSecond).toBeCloseTo(16 / ((gemm?.timeMs.value ?? 0) * 1e6));
  });

  it('has intervals over rounds, and none of one round', async () => {
    const noisy = subject({ profile: (taken) => profiled(70 + 5 * taken), plainMs: (round) => 0.1 + round / 100 });
    const { first } = await runProfile(options([noisy.plan]));
    const { value, low, high } = first.kernels[0]?.share ?? { value: 0, low: null, high: null };
    expect(value).toBeCloseTo(0.75);
    // Shares of 0.70, 0.75 and 0.80: a standard error of 0.05 over the root of 3.
    expect(low).toBeCloseTo(0.75 - (4.302653 * 0.05) / Math.sqrt(3), 4);
    expect(high).toBeCloseTo(0.75 + (4.302653 * 0.05) / Math.sqrt(3), 4);
    const once = await runProfile(options([subject().plan], { rounds: 1, minRounds: 1 }));
    expect(once.first.kernels[0]?.share).toEqual({ value: expect.any(Number), low: null, high: null });
  });

  it('interleaves blocks, reversed from round to round, and asks for the events of a run once', async () => {
    const { plan, asked } = subject();
    const other = subject({ plainMs: () => 0.1 });
    const events: string[] = [];
    const { ratio } = await runProfile(
      options([plan, other.plan], {
        rounds: 2,
        minRounds: 2,
        onEvent: (event) => {
          if (event.kind === 'block') events.push(`${event.round}${event.profiled ? 'p' : 'u'}${event.subject}`);
        },
      }),
    );
    expect(events).toEqual(['0u0', '0u1', '0p0', '0p1', '1p1', '1p0', '1u1', '1u0']);
    expect(asked).toEqual([null, 2]);
    expect(ratio?.value).toBeCloseTo(0.5);
  });

  it('ends with the budget, but not before the fewest rounds', async () => {
    let nowMs = 0;
    const slow = subject({ plainMs: () => ((nowMs += 300), 1) });
    const { rounds } = await runProfile(options([slow.plan], { nowMs: () => nowMs, rounds: 9, budgetMs: 1300 }));
    expect(rounds).toBe(4);
    const least = await runProfile(options([slow.plan], { nowMs: () => nowMs, rounds: 9, budgetMs: 1 }));
    expect(least.rounds).toBe(3);
  });

  it('tells of finished rounds when it is interrupted, and throws before there is one', async () => {
    const controller = new AbortController();
    const { plan } = subject({
      profile: (taken) => {
        if (taken === 1) controller.abort();
        return profiled(75);
      },
    });
    const { rounds, warnings } = await runProfile(options([plan], { signal: controller.signal }));
    expect([rounds, warnings]).toEqual([1, [{ code: 'few-rounds', details: { rounds: 1, wanted: 3 } }]]);
    const before = runProfile(options([plan], { signal: AbortSignal.abort() }));
    await expect(before).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['no-kernels', subject({ profile: () => sketchProfile([]) })],
    ['graph-unreadable', subject({ graph: null })],
    ['profile-cut-off', subject({ profile: () => profiled(75, { isCutOff: true }) })],
    ['low-coverage', subject({ profile: () => sketchProfile([{ name: '@0@', us: 10 }], { besideUs: 90 }) })],
    ['kernels-unattributed', subject({ profile: () => sketchProfile([{ name: 'who', us: 10 }]) })],
    ['fell-back', subject({ profile: () => sketchProfile([{ name: '@0@', us: 10, provider: 'Other' }]) })],
  ])('warns of %s', async (code, { plan }) => {
    const { warnings } = await runProfile(options([plan]));
    expect(warnings.map((warning) => warning.code)).toContain(code);
  });

  it('goes by names where the graph cannot be read', async () => {
    const { first } = await runProfile(options([subject({ graph: null }).plan]));
    expect(first.kernels[0]?.fileNodes[0]).toBe(0);
    expect(first.kernels[1]?.fileNodes).toEqual([]);
    expect(first.nodes[0]?.fate).toBe('ran');
  });

  it('compares kernels with roofs, and goes without where they cannot be measured', async () => {
    const roofs = {
      provider: 'cpu',
      threads: 1,
      gflopPerSecond: 1e-3,
      gbPerSecond: 1,
      ridge: 1e-3,
      measuredAt: '',
      cached: false,
    };
    const found = await runProfile(options([subject().plan], { roofsFor: () => Promise.resolve(roofs) }));
    expect(found.first.kernels[0]).toMatchObject({ bound: 'compute' });
    // 16 FLOP take 16 us at that roof.
    expect(found.first.kernels[0]?.roofShare).toBeCloseTo(0.016 / (found.first.kernels[0]?.timeMs.value ?? 0));
    expect(found.first.nodes[0]?.bound).toBe('compute');
    const failed = new RuntimeError('run-failed', { model: 'roof', provider: 'cpu', problem: '' });
    const without = await runProfile(options([subject().plan], { roofsFor: () => Promise.reject(failed) }));
    expect(without.first.roofs).toBeNull();
    expect(without.warnings).toEqual([{ code: 'no-roofs', details: { problem: 'run-failed' } }]);
  });
});
