import { describe, expect, it } from 'vitest';
import { countKernelEvents, runsOfProfile } from '../../src/runtime/kernel-events.ts';
import { nodeProfiles, profileOf } from '../../src/runtime/node-profile.ts';
import { linearModel, loopModel } from '../models/small-models.ts';

interface Told {
  readonly op?: string;
  readonly startUs: number;
  readonly durationUs: number;
}

function kernel(name: string, { op = 'Add', startUs, durationUs }: Told): string {
  const args = `{"op_name" : "${op}","provider" : "CPUExecutionProvider","output_type_shape" : [{"float":[1,3]},{"int64":[]}],"node_index" : "1"}`;
  return `{"cat" : "Node","pid" :1,"tid" :1,"dur" :${durationUs},"ts" :${startUs},"ph" : "X","name" :"${name}_kernel_time","args" : ${args}}`;
}

const runEnd = '{"cat" : "Session","pid" :1,"tid" :1,"dur" :9,"ts" :9,"ph" : "X","name" :"model_run","args" : {}}';

const profileText = (...lines: string[]) => `[\n${lines.join(',\n')}`;
const told = {
  provider: 'CPUExecutionProvider',
  outputs: [
    { type: 'float32', dims: [1, 3] },
    { type: 'int64', dims: [] },
  ],
};

/** Sizes that no event of these tells. */
const untold = { parameterBytes: null, activationBytes: null, outputBytes: null, inUseBytes: null, peakBytes: null };

describe('runsOfProfile', () => {
  it('reads the events of every run that ended', () => {
    const text = profileText(
      kernel('a/b', { startUs: 1, durationUs: 6 }),
      kernel('c', { op: 'MatMul', startUs: 7, durationUs: 2 }),
      runEnd,
      kernel('a/b', { startUs: 21, durationUs: 5 }),
      runEnd,
      kernel('a/b', { startUs: 31, durationUs: 5 }),
      '{"cat" : "Node","name" :"c_kernel_ti',
    );
    const first = { name: 'a/b', op: 'Add', startUs: 1, durationUs: 6, index: 1, inputs: [], waitUs: null, ...told };
    expect(runsOfProfile(text)).toEqual([
      {
        startUs: 9,
        durationUs: 9,
        events: [
          { ...first, ...untold },
          { ...first, ...untold, name: 'c', op: 'MatMul', startUs: 7, durationUs: 2 },
        ],
      },
      { startUs: 9, durationUs: 9, events: [{ ...first, ...untold, startUs: 21, durationUs: 5 }] },
    ]);
    expect(countKernelEvents(text)).toBe(4);
    expect(runsOfProfile('')).toEqual([]);
  });
});

describe('nodeProfiles', () => {
  it('takes the median over runs of what a node took in one, branches and subgraphs apart', () => {
    const run = (factor: number, ...more: string[]) => [
      kernel('inner', { startUs: 12, durationUs: 2 * factor }),
      kernel('inner', { startUs: 20, durationUs: 3 * factor }),
      kernel('loop', { op: 'Loop', startUs: 10, durationUs: 9 * factor }),
      ...more,
      runEnd,
    ];
    const branch = kernel('branch', { startUs: 90, durationUs: 7 });
    const runs = runsOfProfile(profileText(...run(1), ...run(10, branch), ...run(3)));
    expect(nodeProfiles(runs)).toEqual([
      { name: 'inner', op: 'Add', runs: 3, medianMs: 0.015, ...told },
      { name: 'loop', op: 'Loop', runs: 3, medianMs: 0.012, ...told },
      { name: 'branch', op: 'Add', runs: 1, medianMs: 0.007, ...told },
    ]);
  });
});

const options = { modelPath: '', provider: 'cpu', threads: 1, strictProvider: false } as const;

describe('profileOf', () => {
  it('times the nodes of the optimized graph', async () => {
    const feeds = { x: { type: 'float32', dims: [2, 4], data: new Float32Array(8) } } as const;
    const alive: number[] = [];
    const request = { feeds, runs: 5, onAlive: (nowMs: number) => alive.push(nowMs) };
    const [gemm, ...others] = await profileOf({ ...options, bytes: linearModel(), optimization: 'all' }, request);
    expect(gemm).toMatchObject({
      name: 'matmul/MatMulAddFusion',
      op: 'Gemm',
      provider: 'CPUExecutionProvider',
      runs: 5,
      outputs: [{ type: 'float32', dims: [2, 3] }],
    });
    expect(gemm?.medianMs).toBeGreaterThanOrEqual(0);
    expect(others).toEqual([]);
    // One run to count the events, two to warm up, five to measure.
    expect(alive).toHaveLength(8);
  });

  it('makes fewer runs where each has very many events', async () => {
    const feeds = { x: { type: 'float32', dims: [1], data: new Float32Array(1) } } as const;
    const model = { ...options, bytes: loopModel(20n), optimization: 'all' } as const;
    // Two events a trip, one of the loop and two of the run itself: 43, of which 250 hold five, two of them to warm up.
    const nodes = await profileOf(model, { feeds, runs: 50, mostEvents: 250 });
    expect(nodes.map(({ op, runs }) => [op, runs])).toEqual([
      ['Add', 3],
      ['Identity', 3],
      ['Loop', 3],
    ]);
    const least = await profileOf(model, { feeds, runs: 50, mostEvents: 1 });
    expect(least.map(({ runs }) => runs)).toEqual([1, 1, 1]);
  });
});
