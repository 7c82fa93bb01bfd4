import { describe, expect, it } from 'vitest';
import { runsOfProfile } from '../../src/runtime/kernel-events.ts';
import { profileRuns, summarizeRuns } from '../../src/runtime/profile-runs.ts';
import { linearModel, loopModel } from '../models/small-models.ts';

interface Told {
  readonly op?: string;
  readonly at: number;
  readonly took: number;
  readonly waited?: number;
  readonly peak?: number;
}

function kernel(name: string, { op = 'Add', at, took, waited, peak = 64 }: Told): string {
  const threads = waited === undefined ? '""' : `{"main_thread": {"Run": 1, "Wait": ${waited}}, "sub_threads": {}}`;
  const sizes = `"parameter_size" : "8","activation_size" : "12","output_size" : "16","mem_bytes_in_use" : "32","mem_in_use_peak" : "${peak}"`;
  const args = `{"op_name" : "${op}","provider" : "CPU","node_index" : "7",${sizes},"input_type_shape" : [{"float":[2]}],"output_type_shape" : [{"int64":[]}],"thread_scheduling_stats" : ${threads}}`;
  return `{"cat" : "Node","dur" :${took},"ts" :${at},"ph" : "X","name" :"${name}_kernel_time","args" : ${args}}`;
}

const run = (at: number, took: number) =>
  `{"cat" : "Session","dur" :${took},"ts" :${at},"ph" : "X","name" :"model_run","args" : {}}`;

function summary(...lines: string[]) {
  return summarizeRuns(runsOfProfile(`[\n${lines.join(',\n')}`));
}

describe('summarizeRuns', () => {
  it('sums up own times, calls and waits of each kernel by run', () => {
    const { kernels, runsUs } = summary(
      kernel('a', { at: 1, took: 5, waited: 2 }),
      kernel('b', { at: 7, took: 3 }),
      run(0, 12),
      kernel('a', { at: 21, took: 6, waited: 1, peak: 99 }),
      run(20, 9),
    );
    expect(runsUs).toEqual([12, 9]);
    expect(kernels).toEqual([
      {
        name: 'a',
        op: 'Add',
        provider: 'CPU',
        index: 7,
        within: null,
        inputs: [{ type: 'float32', dims: [2] }],
        outputs: [{ type: 'int64', dims: [] }],
        parameterBytes: 8,
        activationBytes: 12,
        outputBytes: 16,
        inUseBytes: 32,
        peakBytes: 99,
        selfUs: [5, 6],
        calls: [1, 1],
        waitUs: [2, 1],
      },
      expect.objectContaining({ name: 'b', selfUs: [3, 0], calls: [1, 0], waitUs: null }),
    ]);
  });

  it('keeps kernels of bodies apart by the node that holds them, and takes their time off it', () => {
    const { kernels } = summary(
      kernel('x', { at: 2, took: 2 }),
      kernel('x', { at: 5, took: 3 }),
      kernel('first', { op: 'Loop', at: 1, took: 9 }),
      kernel('x', { at: 12, took: 4 }),
      kernel('second', { op: 'If', at: 11, took: 6 }),
      run(0, 20),
    );
    const told = kernels.map(({ name, within, selfUs, calls }) => [name, within, selfUs[0], calls[0]]);
    expect(told).toEqual([
      ['x', 1, 5, 2],
      ['first', null, 4, 1],
      ['x', 3, 4, 1],
      ['second', null, 2, 1],
    ]);
  });

  it('tells the run of the middle, from its beginning', () => {
    const { typical } = summary(
      ...[30, 10, 20].flatMap((took, at) => [kernel('a', { at: 100 * at + 3, took: took - 4 }), run(100 * at, took)]),
    );
    expect(typical).toEqual({ durationUs: 20, events: [{ kernel: 0, startUs: 3, durationUs: 16 }] });
    expect(summary().typical).toBeNull();
  });
});

const options = { modelPath: '', provider: 'cpu', threads: 1, strictProvider: false, optimization: 'all' } as const;
const feeds = { x: { type: 'float32', dims: [2, 4], data: new Float32Array(8) } } as const;

describe('profileRuns', () => {
  it('profiles the runs that were asked for', async () => {
    const request = { feeds, runs: 5, mostEvents: 1000, eventsPerRun: null };
    const { kernels, runsUs, eventsPerRun, isCutOff } = await profileRuns(
      { ...options, bytes: linearModel() },
      request,
    );
    expect([runsUs.length, eventsPerRun, isCutOff]).toEqual([5, 1, false]);
    // A bias of 3, for the weights were packed; two rows of 4, two of 3.
    const sizes = { parameterBytes: 4 * 3, activationBytes: 4 * 8, outputBytes: 4 * 6 };
    expect(kernels).toEqual([expect.objectContaining({ op: 'Gemm', ...sizes, calls: [1, 1, 1, 1, 1], waitUs: null })]);
    expect(kernels[0]?.peakBytes).toBeGreaterThan(0);
  });

  it('makes fewer of a model with many executions, and tells what the body of a loop took', async () => {
    const x = { x: { type: 'float32', dims: [1], data: new Float32Array(1) } } as const;
    const bytes = loopModel(100n);
    const request = { feeds: x, runs: 20, mostEvents: 1000, eventsPerRun: null };
    const profile = await profileRuns({ ...options, bytes }, request);
    expect(profile.isCutOff).toBe(true);
    expect(profile.runsUs.length).toBeLessThan(8);
    expect((profile.runsUs.length + 2) * profile.eventsPerRun).toBeLessThanOrEqual(1000);
    const loop = profile.kernels.findIndex(({ op }) => op === 'Loop');
    const inner = profile.kernels.find(({ op }) => op === 'Add');
    expect(inner?.within).toBe(loop);
    expect(inner?.calls[0]).toBe(100);
  });
});
