import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { parseCoresList, parseLatencyLimit } from '../../src/cli/bench-syntax.ts';
import type { ScriptedRun } from '../../src/runtime/scripted.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const model = files.write('linear.onnx', linearModel());
/** Two threads are 1.25 times as fast as one: two instances of one are better for throughput, one of two for latency. */
const runMs = ({ options }: ScriptedRun) => (options.threads === 2 ? 8 : 10);

function bench(words: readonly string[]) {
  return runInfer(['bench', model, ...words], { runtime: scriptedRuntime({ runMs }) });
}
const fitting = ['--instances', '1-N', '--threads', '1-N', '--fit-cores'];

async function resultOf(words: readonly string[]) {
  return benchResultSchema.parse(JSON.parse((await bench([...words, '--json'])).stdout));
}

describe('infer bench over instances and threads', () => {
  it('measures what fits two cores and tells the better for throughput, with its interval', async () => {
    const { points, best } = await resultOf(fitting);
    expect(points.map(({ instances, threads }) => [instances, threads])).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
    ]);
    expect(points.map(({ throughput }) => Math.round(throughput?.itemsPerSecond.value ?? 0))).toEqual([100, 200, 125]);
    expect(best).toMatchObject({ throughput: 1, latency: 2 });
    const { stdout } = await bench(fitting);
    expect(stdout).toMatch(/Best throughput +1 thread, 2 instances: 200 items\/s \(200 to 200\)/);
  });

  it('tells the best within a limit on latency', async () => {
    const { exitCode, stdout } = await bench([...fitting, '--max-latency', 'p99=9ms']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Within p99 9.00 ms +2 threads, 1 instance: 125 items\/s .* at p99 8.00 ms/);
    const { best, settings } = await resultOf([...fitting, '--max-latency', '9ms']);
    expect(best).toMatchObject({ throughput: 1, withinLimit: 2 });
    expect(settings.maxLatency).toEqual({ percentile: 'p99', limitMs: 9 });
  });

  it('ends with 1 and names the nearest when nothing keeps the limit', async () => {
    const { exitCode, stdout } = await bench([...fitting, '--max-latency', 'p50=7ms']);
    expect(exitCode).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'no point surely keeps it; the nearest is 2 threads, 1 instance with 8.00 ms',
    );
  });

  it('has no p99 to hold against the limit in too few runs', async () => {
    const few = ['--budget', '1s', '--rounds', '1', '--max-rounds', '1', '--min-runs', '5', '--min-time', '10ms'];
    const { exitCode, stdout } = await bench([...few, '--max-latency', '1s']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('no point has the runs that p99 needs; raise --budget');
  });

  it('refuses a sweep of which nothing fits', async () => {
    const { exitCode, stderr } = await bench(['--instances', '2', '--threads', '2', '--fit-cores']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the fewest threads asked for are 4, on 2 usable cores');
  });
});

describe('the syntax', () => {
  it('reads N as the usable cores', () => {
    expect(parseCoresList({ flag: '--threads', text: '1-N' })(3)).toEqual([1, 2, 3]);
    expect(parseCoresList({ flag: '--threads', text: '1,N' })(8)).toEqual([1, 8]);
    expect(parseCoresList({ flag: '--threads', text: '1-N*2' })(8)).toEqual([1, 2, 4, 8]);
  });

  it('refuses at once what is no list with any number of cores', () => {
    expect(() => parseCoresList({ flag: '--threads', text: '1-M' })).toThrow(/bad-list/);
    expect(() => parseCoresList({ flag: '--threads', text: '2NN' })).toThrow(/bad-list/);
  });

  it('reads a limit, of the 99th percentile unless it says otherwise', () => {
    expect(parseLatencyLimit({ flag: '--max-latency', text: '20ms' })).toEqual({ percentile: 'p99', limitMs: 20 });
    expect(parseLatencyLimit({ flag: '--max-latency', text: 'p50 <= 2s' })).toEqual({
      percentile: 'p50',
      limitMs: 2000,
    });
  });

  it.each(['20', 'p42=20ms', 'p99=', 'soon', '0ms'])('refuses %j', (text) => {
    expect(() => parseLatencyLimit({ flag: '--max-latency', text })).toThrow(/bad-value/);
  });
});
