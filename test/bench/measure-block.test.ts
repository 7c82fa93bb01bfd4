import { describe, expect, it } from 'vitest';
import type { BlockRequest } from '../../src/bench/measure-block.ts';
import { measureBlock } from '../../src/bench/measure-block.ts';
import { sessionOptions } from '../../src/bench/session-options.ts';
import type { MeasuringPoint } from '../../src/bench/point-state.ts';
import { takeBlock } from '../../src/bench/take-block.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { MeasureRule, Session, SessionOptions } from '../../src/runtime/runtime.ts';
import { ScriptedRuntime } from '../../src/runtime/scripted.ts';
import { benchOptions, floats, scripted } from './scripted-bench.ts';

const rule = {
  warmUp: { minRuns: 3, minMs: 0, maxMs: 100, tolerance: 0.02 },
  measure: { minRuns: 10, minMs: 0, maxMs: 1000, floorRuns: 5 },
};
const failure = new RuntimeError('run-failed', { model: 'a.onnx', provider: 'cpu', problem: 'scripted' });

function request(runtime: ScriptedRuntime, rest: Partial<BlockRequest> = {}): BlockRequest {
  return {
    runtime,
    session: sessionOptions(benchOptions(), { path: 'a.onnx', ep: 'cpu', threads: 1 }),
    instances: 1,
    pool: [{ x: floats(1) }, { x: floats(2) }],
    rule,
    usableCores: 2,
    earlierSwitchesPerSecond: [],
    ...rest,
  };
}

/** Instances that pass the barrier one after another, each so much later. */
class StaggeredRuntime extends ScriptedRuntime {
  lagMs = 0;
  #behindMs = 0;

  override async open(options: SessionOptions, signal?: AbortSignal): Promise<Session> {
    const session = await super.open(options, signal);
    const measure = session.measure.bind(session);
    const late = (atOnce: MeasureRule) => {
      const startAtMs = atOnce.startAtMs + this.#behindMs;
      this.#behindMs += this.lagMs;
      return measure({ ...atOnce, startAtMs });
    };
    return Object.assign(session, { measure: late });
  }
}

describe('measureBlock', () => {
  it('loads, runs once, warms up, and measures in the window of all instances', async () => {
    // The first run takes 50 ms, the three of the warm-up 5, and each after them 2.
    const runtime = scripted({ loadMs: 7, runMs: ({ run }) => (run === 0 ? 50 : run < 4 ? 5 : 2) });
    const block = await measureBlock(request(runtime, { instances: 2 }));
    expect(block).toMatchObject({
      loadMs: 7,
      firstRunMs: 50,
      warmUp: { runs: 3, elapsedMs: 15, settled: true },
      runs: 20,
      windowMs: 20,
      sumMs: 40,
      cpuUtilization: 1,
      peakRssBytes: 2048,
    });
    expect(block.latencyMs).toEqual(Array(20).fill(2));
    expect(runtime.openSessions).toBe(0);
  });

  it('cycles through the pool', async () => {
    const seen: unknown[] = [];
    const runtime = scripted({
      runMs: ({ run, feeds }) => {
        if (run > 3) seen.push(feeds['x']?.data[0]);
        return 1;
      },
    });
    await measureBlock(request(runtime));
    expect(seen).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  });

  it('says whether the threads are more than the cores', async () => {
    const stalled = scripted({ noise: (atMs) => ({ stalledMs: atMs }) });
    expect((await measureBlock(request(stalled, { instances: 2 }))).noise.dirty).toEqual(['stalled']);
    expect((await measureBlock(request(stalled, { instances: 3 }))).noise.dirty).toEqual([]);
  });

  it('counts a late instance from its own start, and fails when the instances never met', async () => {
    const runtime = new StaggeredRuntime(scripted().script);
    runtime.lagMs = 4;
    // From 4 to 10 of ten runs each: six of the first and six of the second.
    expect(await measureBlock(request(runtime, { instances: 2 }))).toMatchObject({ windowMs: 6, runs: 12 });
    runtime.lagMs = 10;
    await expect(measureBlock(request(runtime, { instances: 2 }))).rejects.toMatchObject({ code: 'instances-apart' });
    expect(runtime.openSessions).toBe(0);
  });

  it.each([0, 2, 6])('leaves no session behind when run %i fails', async (failing) => {
    const runtime = scripted({
      runMs: ({ run, opened }) => {
        if (run === failing && opened === 1) throw failure;
        return 1;
      },
    });
    await expect(measureBlock(request(runtime, { instances: 3 }))).rejects.toBe(failure);
    expect(runtime.openSessions).toBe(0);
  });

  it('closes the instances that opened when another does not', async () => {
    let opening = 0;
    const { signature } = scripted().script;
    const runtime = scripted({
      signature: (options) => {
        if (opening++ === 1) throw failure;
        return signature(options);
      },
    });
    await expect(measureBlock(request(runtime, { instances: 3 }))).rejects.toBe(failure);
    expect(runtime.opened).toHaveLength(3);
    expect(runtime.openSessions).toBe(0);
  });

  it('needs inputs', async () => {
    await expect(measureBlock(request(scripted(), { pool: [] }))).rejects.toThrow(RangeError);
  });
});

describe('takeBlock', () => {
  const state: MeasuringPoint = {
    status: 'measuring',
    point: { modelIndex: 0, ep: 'cpu', threads: 1, instances: 1, dims: {}, batch: null },
    probe: {
      status: 'ready',
      inputs: { pool: [{ x: floats(1) }], expected: [null], dims: {}, notes: [], batch: 1 },
      runMs: 1,
      overheadMs: 1,
      versusCpu: null,
      versusExpected: null,
      placement: null,
      copies: null,
    },
    rounds: [],
    cost: { overheadMs: 1, runMs: 1 },
  };

  /** Takes a block on a machine where each of these blocks was stalled for so many ms of its 25; the runs tell them apart. */
  async function take(stalledMs: readonly number[], mayRepeat = true) {
    let reading = 0;
    const totals = stalledMs.flatMap((ms, at) => {
      const before = stalledMs.slice(0, at).reduce((total, one) => total + one, 0);
      return [before, before + ms];
    });
    const runtime = scripted({
      noise: () => ({ stalledMs: totals[reading++] ?? null }),
      runMs: ({ opened }) => opened + 1,
    });
    const task = { state, rule, round: 4, order: 9, mayRepeat: () => mayRepeat };
    const round = await takeBlock(task, benchOptions({ runtime }));
    return { round, blocks: runtime.opened.length };
  }

  it('keeps a clean block', async () => {
    const { round, blocks } = await take([1, 20]);
    expect(blocks).toBe(1);
    expect(round).toMatchObject({
      round: 4,
      order: 9,
      latencyMs: Array(10).fill(1),
      noise: { dirty: [], repeated: false },
    });
  });

  it('repeats a dirty block and keeps the second', async () => {
    const { round, blocks } = await take([20, 0]);
    expect(blocks).toBe(2);
    expect(round).toMatchObject({
      round: 4,
      order: 9,
      latencyMs: Array(10).fill(2),
      noise: { dirty: [], repeated: true },
    });
  });

  it('repeats once only, and keeps the second even when it is dirty too', async () => {
    const { round, blocks } = await take([20, 20, 0]);
    expect(blocks).toBe(2);
    expect(round).toMatchObject({ latencyMs: Array(10).fill(2), noise: { dirty: ['stalled'], repeated: true } });
  });

  it('keeps a dirty block when there is no time to repeat it', async () => {
    const { round, blocks } = await take([20, 0], false);
    expect(blocks).toBe(1);
    expect(round).toMatchObject({ latencyMs: Array(10).fill(1), noise: { dirty: ['stalled'], repeated: false } });
  });
});
