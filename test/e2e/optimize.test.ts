import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { optimizeResultSchema } from '../../src/optimize/optimize-result.ts';
import { classifier } from '../cli/real-models.ts';
import { loopModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { smallModel, writeLargeModel } from './large-model.ts';
import { binary, childrenOf, isRunning, spawnInfer, spawnProgram, until } from './spawned-infer.ts';
import type { Spawned } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);

let running: Spawned | null = null;
/** A test that failed leaves nothing behind. */
afterEach(() => {
  if (running?.hasEnded() === false) process.kill(running.pid, 'SIGKILL');
});

function freshFolder(): string {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  return folder;
}

describe('infer optimize on a real model', () => {
  it('writes it, measures both and prints one result', async () => {
    const output = join(freshFolder(), 'clean.onnx');
    const report = join(freshFolder(), 'report.json');
    const words = ['--shape', 'x=1x3x48x192', '--bench', '--budget', '1s', '--report', report];
    const { exitCode, stdout, stderr } = await spawnInfer(['optimize', classifier, '-o', output, ...words]).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Speedup +[\d.]+x \[/m);
    const result = optimizeResultSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    expect(result).toMatchObject({ ok: true, verification: { status: 'equal', inputs: 3 } });
    expect(result.speedup?.ratio.value).toBeGreaterThan(0);
    expect(result.output?.sizeBytes).toBe(statSync(output).size);
    expect(readdirSync(join(output, '..'))).toEqual(['clean.onnx']);
    expect((await spawnInfer(['report', report]).ended).stdout).toBe(stdout);
  });

  it('finds model and data through a config above, from its own folder', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'small.onnx'), smallModel());
    writeFileSync(join(folder, 'infer.config.json'), '{"optimize":{"models":["small.onnx"],"format":"json"}}');
    mkdirSync(join(folder, 'below'));
    const script = 'cd "$1"; shift; exec "$@"';
    const words = ['-c', script, 'sh', join(folder, 'below'), process.execPath, binary, 'optimize'];
    const { exitCode, stdout } = await spawnProgram('sh', words).ended;
    expect(exitCode).toBe(0);
    expect(optimizeResultSchema.parse(JSON.parse(stdout)).output?.path).toBe('../small.optimized.onnx');
    expect(readdirSync(folder)).toContain('small.optimized.onnx');
  });
});

describe('an interrupted optimize', () => {
  it.each([
    ['SIGINT', 'group'],
    ['SIGTERM', 'parent'],
  ] as const)('%s to the %s while a model runs: exit code 130, no child, no file', async (signal, to) => {
    const folder = freshFolder();
    const endless = join(folder, 'endless.onnx');
    writeFileSync(endless, loopModel(2n ** 40n));
    const infer = spawnInfer(['optimize', endless], { detached: true });
    running = infer;
    const children = await until('a process that runs the model', () => {
      const found = childrenOf(infer.pid);
      return found.length > 0 && found;
    });
    process.kill(to === 'group' ? -infer.pid : infer.pid, signal);
    const ended = await infer.ended;
    const stderr = 'interrupted before there was a result\n';
    expect(ended).toEqual({ exitCode: 130, signal: null, stdout: '', stderr });
    expect(children.filter(isRunning)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['endless.onnx']);
  });
});

describe('a save of 200 MB that is cut short', () => {
  const folder = freshFolder();
  const [source, output] = [join(folder, 'large.onnx'), join(folder, 'out.onnx')];
  beforeAll(() => writeLargeModel(source, 200));

  /** Stops a save halfway; tries again should one be through before it is hit. */
  async function cutShort(signal: NodeJS.Signals) {
    for (let attempt = 0; attempt < 20; attempt++) {
      writeFileSync(output, smallModel());
      const infer = spawnInfer(['optimize', source, '-o', output, '--force', '--no-verify']);
      running = infer;
      await until('a file that grows', () => infer.hasEnded() || temporaryBytes() > 2 ** 20);
      if (!infer.hasEnded()) process.kill(infer.pid, signal);
      const ended = await infer.ended;
      if (ended.exitCode !== 0) return ended;
    }
    throw new Error('every save was through before it was hit');
  }

  function temporaryBytes(): number {
    const name = readdirSync(folder).find((entry) => entry.endsWith('.tmp'));
    // It may be renamed in between.
    return name === undefined ? 0 : (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  }

  it('by Ctrl-C: the older output is whole, nothing else is left', async () => {
    const { exitCode, signal } = await cutShort('SIGINT');
    expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null });
    expect(readFileSync(output).equals(smallModel())).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['large.onnx', 'out.onnx']);
  });

  it('by SIGKILL: the older output is whole, and the next save goes through', async () => {
    expect((await cutShort('SIGKILL')).signal).toBe('SIGKILL');
    expect(readFileSync(output).equals(smallModel())).toBe(true);
    const again = await spawnInfer(['optimize', source, '-o', output, '--force', '--no-verify', '--json']).ended;
    expect(again.exitCode).toBe(0);
    const result = optimizeResultSchema.parse(JSON.parse(again.stdout));
    // The Identity is gone; the tensor is not.
    expect(result).toMatchObject({ after: { nodes: 1, constantBytes: 200 * 2 ** 20 } });
    expect(statSync(output).size).toBe(result.output?.sizeBytes);
  });
});
