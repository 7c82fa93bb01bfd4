import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { distillResultSchema } from '../../src/distill/distill-result.ts';
import { perceptronBytes, writeRows } from '../distill/small-students.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { childrenOf, isRunning, spawnInfer, until } from '../e2e/spawned-infer.ts';
import type { Spawned } from '../e2e/spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);

let running: Spawned | null = null;
/** A test that failed leaves nothing behind. */
afterEach(() => {
  if (running?.hasEnded() === false) process.kill(running.pid, 'SIGKILL');
});

/** A folder with models and data, and the words that train on them for epochs that can be interrupted. */
async function setUp() {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  const write = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const teacher = write('teacher.onnx', perceptronBytes({ seed: 1, inputs: 64, hidden: 256, deviation: 0.2 }));
  const student = write('student.onnx', perceptronBytes({ seed: 2, inputs: 64, hidden: 128, deviation: 0.2 }));
  const data = await writeRows(join(folder, 'data.npz'), { rows: 4000, columns: 64 });
  const words = ['distill', '--teacher', teacher, '--student', student, '--data', data, '--threads', '1'];
  return { folder, words: [...words, '--epochs', '8', '--batch', '16', '--seed', '4', '-q'] };
}

describe('infer distill', () => {
  it.each([
    ['SIGKILL', null],
    ['SIGINT', 130],
  ] as const)('ended by %s in the middle of an epoch goes on to the very same student', async (signal, exitCode) => {
    const { folder, words } = await setUp();
    const [whole, parts] = [join(folder, 'whole.onnx'), join(folder, 'parts.onnx')];
    const reference = await spawnInfer([...words, '-o', whole, '--json']).ended;
    expect({ exitCode: reference.exitCode, stderr: reference.stderr }).toEqual({ exitCode: 0, stderr: '' });
    const infer = spawnInfer([...words, '-o', parts]);
    running = infer;
    await until('the first checkpoint', () => existsSync(`${parts}.checkpoint.npz`));
    const children = childrenOf(infer.pid);
    process.kill(infer.pid, signal);
    const killed = await infer.ended;
    expect(killed.exitCode).toBe(exitCode);
    await until('the end of its processes', () => !children.some(isRunning));
    expect(existsSync(parts)).toBe(false);
    const again = await spawnInfer([...words, '-o', parts, '--resume', '--json']).ended;
    const result = distillResultSchema.parse(JSON.parse(again.stdout));
    expect(result.resumedFrom).toBeGreaterThanOrEqual(1);
    expect(result).toMatchObject({ end: 'finished', better: true, checkpoint: null });
    expect(readFileSync(parts).equals(readFileSync(whole))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('checkpoint'))).toEqual([]);
  });
});
