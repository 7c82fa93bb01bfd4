import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import type { Script } from '../../src/runtime/scripted.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { parseCsv } from '../report/csv-parser.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const model = files.write('linear.onnx', linearModel());
const twoProcessors = { possible: true, processors: [6, 7] } as const;

function pin(words: readonly string[], script: Partial<Script> = { pinning: twoProcessors }) {
  return runInfer(['bench', model, '--pin', ...words], { runtime: scriptedRuntime(script) });
}

describe('infer bench --pin', () => {
  it('holds the processes and says so in the table, the JSON and the CSV', async () => {
    const words = ['--threads', '1', '--instances', '2'];
    expect((await pin(words)).stdout).toMatch(/Pinned +to processors 6 and 7, read back from the kernel/);
    const json = benchResultSchema.parse(JSON.parse((await pin([...words, '--json'])).stdout));
    expect(json.points[0]?.pinned).toEqual({ processors: [[6], [7]], held: true });
    const [header = [], row = []] = parseCsv((await pin([...words, '--format', 'csv'])).stdout);
    expect(row[header.indexOf('pinnedTo')]).toBe('6;7');
    expect(row[header.indexOf('pinHeld')]).toBe('true');
  });

  it('tells the points apart when they are pinned differently', async () => {
    const { stdout } = await pin(['--threads', '1,2']);
    expect(stdout).toMatch(/Pinned +1 thread: to processor 6, read back/);
    expect(stdout).toMatch(/^ +2 threads: to processors 6, 7, read back/m);
  });

  it('tells the energy of the processor for an item where the system does', async () => {
    // 20 W over runs of 1 ms.
    const energyAt = (atMs: number) => [{ name: 'package-0', microjoules: atMs * 20_000, rangeMicrojoules: 1e12 }];
    const { stdout } = await pin(['--threads', '1'], {
      pinning: twoProcessors,
      noise: (atMs) => ({ energy: energyAt(atMs) }),
    });
    expect(stdout).toMatch(/CPU energy +.*: 20\.0 mJ an item \(20\.0 to 20\.0\), of the whole processor/);
  });

  it.each([
    ['system', /Linux alone; leave --pin out/],
    ['no-taskset', /install it \(Debian and Ubuntu: package util-linux\)/],
    ['refused', /sched_setaffinity is permitted/],
  ] as const)('refuses where it is not possible: %s', async (problem, sentence) => {
    const { exitCode, stdout, stderr } = await pin([], { pinning: { possible: false, problem } });
    expect(exitCode).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
  });
});
