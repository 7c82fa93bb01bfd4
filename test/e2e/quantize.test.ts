import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { quantizeResultSchema } from '../../src/quantize/quantize-result.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { childrenOf, isRunning, spawnInfer, until } from './spawned-infer.ts';
import type { Spawned } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);

const digits = (name: string) => fileURLToPath(new URL(`../../fixtures/digits/${name}`, import.meta.url));
const usual = [digits('mlp.onnx'), '--int8', '--method', 'dynamic', '--data', digits('test.npz'), '--samples', '64'];

let running: Spawned | null = null;
/** A test that failed leaves nothing behind. */
afterEach(() => {
  if (running?.hasEnded() === false) process.kill(running.pid, 'SIGKILL');
});

/** Two folders of its own: one for what is written, one for what is temporary. */
function freshPlace() {
  const folder = join(files.folder, crypto.randomUUID());
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return { folder, temporary, output: join(folder, 'out.onnx'), env: { ...process.env, TMPDIR: temporary } };
}

describe('infer quantize on a real model', () => {
  it('writes it and prints one result', async () => {
    const { folder, temporary, output, env } = freshPlace();
    const words = ['quantize', ...usual, '-o', output, '--no-bench', '--accept-worse', '--json'];
    const { exitCode, stdout, stderr } = await spawnInfer(words, { env }).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const result = quantizeResultSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ model: { path: digits('mlp.onnx') }, benchFailure: null, interrupted: false });
    expect(result.output?.sizeBytes).toBe(statSync(output).size);
    expect(statSync(output).size).toBeLessThan(0.4 * statSync(digits('mlp.onnx')).size);
    expect(readdirSync(folder).toSorted()).toEqual(['out.onnx', 'tmp']);
    expect(readdirSync(temporary)).toEqual([]);
    const told = await spawnInfer(['inspect', output]).ended;
    expect(told.stdout).toMatch(/^Quantized by infer$/m);
  });
});

/** A measurement without end, once a process of its own is at it. */
async function measuring() {
  const place = freshPlace();
  const words = ['quantize', ...usual, '-o', place.output, '--budget', '10h'];
  const infer = spawnInfer(words, { env: place.env, detached: true });
  running = infer;
  // One computes what is compared; the others measure.
  const children = await until('a measuring process', () => {
    const found = childrenOf(infer.pid);
    return found.length > 1 && found;
  });
  return { ...place, infer, children };
}

describe('an interrupted quantize', () => {
  it.each([
    ['SIGINT', 'group'],
    ['SIGTERM', 'parent'],
  ] as const)('%s to the %s while it measures: exit code 130, no child, no file', async (signal, to) => {
    const { infer, children, folder, temporary } = await measuring();
    process.kill(to === 'group' ? -infer.pid : infer.pid, signal);
    const { exitCode, signal: died, stderr } = await infer.ended;
    expect({ exitCode, died }).toEqual({ exitCode: 130, died: null });
    expect(stderr).not.toMatch(/error|^\s+at /m);
    expect(children.filter(isRunning)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['tmp']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('SIGKILL: its processes end by themselves, and there is no output', async () => {
    const { infer, children, folder } = await measuring();
    process.kill(infer.pid, 'SIGKILL');
    expect((await infer.ended).signal).toBe('SIGKILL');
    await until('the end of the measuring processes', () => !children.some(isRunning));
    expect(readdirSync(folder)).toEqual(['tmp']);
  });
});

describe('an older output', () => {
  it('is whole after an interruption', async () => {
    const { output, env } = freshPlace();
    const first = await spawnInfer(['quantize', ...usual, '-o', output, '--no-bench', '-q'], { env }).ended;
    expect(first.exitCode).toBe(0);
    const before = readFileSync(output);
    const infer = spawnInfer(['quantize', ...usual, '-o', output, '--force', '--budget', '10h'], { env });
    running = infer;
    await until('a measuring process', () => childrenOf(infer.pid).length > 1);
    process.kill(infer.pid, 'SIGINT');
    expect((await infer.ended).exitCode).toBe(130);
    expect(readFileSync(output).equals(before)).toBe(true);
  });
});
