import { afterAll, describe, expect, it } from 'vitest';
import { summarizeLoad } from '../../../src/bench/load/summarize-load.ts';
import { createProcessRuntime } from '../../../src/runtime/process-runtime.ts';
import type { LoadedServer, ServerOptions } from '../../../src/runtime/serve/loaded-server.ts';
import { linearModel, loopModel } from '../../models/small-models.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const runtime = createProcessRuntime();
const options: ServerOptions = {
  modelPath: files.write('linear.onnx', linearModel()),
  provider: 'cpu',
  threads: 1,
  optimization: 'all',
  strictProvider: false,
  timeoutMs: 20_000,
  instances: 1,
};
const feeds = { x: { type: 'float32', dims: [1, 4], data: new Float32Array([1, 2, 3, 4]) } } as const;

/** Of the models with a loop. */
const one = { x: { type: 'float32', dims: [1], data: new Float32Array(1) } } as const;

/** `count` arrivals, one every so many ms. */
const every = (ms: number, count: number) => Float64Array.from({ length: count }, (_, index) => index * ms);

async function withServer<T>(sketch: Partial<ServerOptions>, use: (server: LoadedServer) => Promise<T>): Promise<T> {
  const server = await runtime.openServer({ ...options, ...sketch });
  try {
    await server.setInputs([sketch.modelPath === undefined ? feeds : one]);
    await server.warmUp({ minRuns: 3, minMs: 1, maxMs: 100, tolerance: 0.5 });
    return await use(server);
  } finally {
    await server.close();
  }
}

/** Whether a process is there: signal 0 only asks. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a server in processes', () => {
  it('answers every request after it was issued, in order, again and again', async () => {
    const pids = await withServer({}, async (server) => {
      for (const count of [200, 50]) {
        const arrivalsMs = every(2, count);
        const { issuedMs, startsMs, endsMs } = await server.serve({ arrivalsMs, drainMs: 5000, maySpin: false });
        for (const [request, arrivalMs] of arrivalsMs.entries()) {
          expect(issuedMs[request]).toBeGreaterThanOrEqual(arrivalMs);
          // Two processes read one clock: begun after it was due, for issuing ends after the other side may have begun.
          expect(startsMs[request]).toBeGreaterThan(arrivalMs);
          expect(endsMs[request]).toBeGreaterThan(startsMs[request] ?? 0);
          expect(startsMs[request]).toBeGreaterThanOrEqual(endsMs[request - 1] ?? 0);
        }
      }
      return [...server.pids, server.generatorPid];
    });
    expect(pids).toHaveLength(2);
    expect(pids.some(isAlive)).toBe(false);
  });

  it('divides requests among its processes', async () => {
    await withServer({ instances: 2, modelPath: files.write('slow.onnx', loopModel(20_000n)) }, async (server) => {
      // Pairs of requests of one moment: what one process would do one after another, two do side by side.
      const arrivalsMs = Float64Array.from({ length: 40 }, (_, index) => Math.floor(index / 2) * 60);
      const { startsMs, endsMs } = await server.serve({ arrivalsMs, drainMs: 20_000, maySpin: false });
      expect(endsMs.every((endMs) => endMs > 0)).toBe(true);
      const overlapping = Array.from({ length: 20 }, (_, pair) => pair).filter(
        (pair) =>
          Math.max(startsMs[2 * pair] ?? 0, startsMs[2 * pair + 1] ?? 0) <
          Math.min(endsMs[2 * pair] ?? 0, endsMs[2 * pair + 1] ?? 0),
      );
      expect(overlapping.length).toBeGreaterThan(0);
    });
  });

  it('stops at the end of the time, and knows the next schedule from what was left', async () => {
    const long = files.write('long.onnx', loopModel(20_000n));
    await withServer({ modelPath: long }, async (server) => {
      const first = await server.serve({ arrivalsMs: every(1, 1000), drainMs: 10, maySpin: false });
      const answered = first.endsMs.filter((endMs) => endMs > 0).length;
      expect(answered).toBeGreaterThan(0);
      expect(answered).toBeLessThan(1000);
      expect(first.issuedMs.every((ms) => ms >= 0)).toBe(true);
      const second = await server.serve({ arrivalsMs: every(1, 2), drainMs: 60_000, maySpin: false });
      expect([...second.endsMs].every((endMs) => endMs > 0)).toBe(true);
    });
  });

  it.skipIf(process.platform === 'win32')('is found out when its generator is held up', async () => {
    await withServer({}, async (server) => {
      const arrivalsMs = every(5, 300);
      const serving = server.serve({ arrivalsMs, drainMs: 5000, maySpin: false });
      await new Promise((resolve) => setTimeout(resolve, 400));
      process.kill(server.generatorPid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 400));
      process.kill(server.generatorPid, 'SIGCONT');
      const run = summarizeLoad({ arrivalsMs, offeredPerSecond: 200 }, await serving, {
        asked: '200/s',
        arrivals: 'constant',
        objective: { percentile: 99, limitMs: 1000 },
        disturbed: [],
      });
      expect(run).toMatchObject({ requests: 300, answered: 300, valid: false, meetsObjective: 'undecided' });
      expect(run.generatorLatenessMs.max).toBeGreaterThan(300);
      expect(run.latencyMs?.max).toBeGreaterThan(300);
    });
  });

  it.skipIf(process.platform === 'win32')('shows a stall of the process that answers', async () => {
    await withServer({}, async (server) => {
      const arrivalsMs = every(5, 300);
      const serving = server.serve({ arrivalsMs, drainMs: 5000, maySpin: false });
      const [pid = 0] = server.pids;
      await new Promise((resolve) => setTimeout(resolve, 400));
      process.kill(pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 500));
      process.kill(pid, 'SIGCONT');
      const run = summarizeLoad({ arrivalsMs, offeredPerSecond: 200 }, await serving, {
        asked: '200/s',
        arrivals: 'constant',
        objective: null,
        disturbed: [],
      });
      // A third of the requests came in while nothing was answered.
      expect(run.latencyMs?.p99?.value).toBeGreaterThan(400);
      expect(run.serviceMs?.p50?.value).toBeLessThan(100);
    });
  });

  it('reports the process that died', async () => {
    const killed = (pick: (server: LoadedServer) => number) =>
      withServer({}, async (server) => {
        const serving = server.serve({ arrivalsMs: every(10, 500), drainMs: 1000, maySpin: false });
        setTimeout(() => process.kill(pick(server), 'SIGKILL'), 200);
        return serving;
      });
    await expect(killed(({ pids }) => pids[0] ?? 0)).rejects.toMatchObject({ code: 'process-crashed' });
    await expect(killed(({ generatorPid }) => generatorPid)).rejects.toMatchObject({ code: 'process-crashed' });
  });

  it('ends when it is interrupted', async () => {
    const interruption = new AbortController();
    const server = await runtime.openServer(options, interruption.signal);
    await server.setInputs([feeds]);
    const serving = server.serve({ arrivalsMs: every(10, 5000), drainMs: 1000, maySpin: false });
    setTimeout(() => interruption.abort(), 100);
    await expect(serving).rejects.toMatchObject({ name: 'AbortError' });
    await server.close();
    expect([...server.pids, server.generatorPid].some(isAlive)).toBe(false);
  });

  it('leaves nothing behind when the model cannot be loaded', async () => {
    const broken = files.write('broken.onnx', new Uint8Array([1, 2, 3]));
    await expect(runtime.openServer({ ...options, instances: 2, modelPath: broken })).rejects.toMatchObject({
      name: 'ModelError',
    });
  });
});
