import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { gateResultSchema } from '../../src/gate/gate-result.ts';
import { addModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { childrenOf, isRunning, spawnInfer, until } from './spawned-infer.ts';
import type { Spawned } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);
const model = files.write('add.onnx', addModel());
const other = files.write('copy.onnx', addModel());

let running: Spawned | null = null;
/** A test that failed leaves nothing behind. */
afterEach(() => {
  if (running?.hasEnded() === false) process.kill(running.pid, 'SIGKILL');
});

/** A working folder, and one for temporary files, so that no other gate is waited for. */
function freshPlace() {
  const cwd = join(files.folder, crypto.randomUUID());
  const temporary = join(cwd, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return { cwd, env: { ...process.env, TMPDIR: temporary }, detached: true };
}

/** Blocks that a journal holds: a line each, behind the header and the plan. */
function blocksIn(journal: string): readonly unknown[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  return lines.map((line): unknown => JSON.parse(line)).filter((line) => Reflect.get(Object(line), 'kind') === 'block');
}

describe('a gate that is killed with SIGKILL', () => {
  it('goes on with --resume, and says what an uninterrupted one says of the same blocks', async () => {
    const place = freshPlace();
    const journal = join(place.cwd, '.infer/gate.jsonl');
    const asked = ['--metric', 'latency-p50', '--metric', 'file-size', '--threads', '1', '--budget', '8s', '-q'];
    // So strict that noise alone never decides: two copies are compared.
    const strict = ['--alpha', '0.01%'];
    const words = ['gate', '--base', model, '--head', other, ...asked, ...strict];
    const infer = spawnInfer(words, place);
    running = infer;
    await until('some blocks', () => blocksIn(journal).length >= 3);
    const children = childrenOf(infer.pid);
    process.kill(infer.pid, 'SIGKILL');
    expect((await infer.ended).signal).toBe('SIGKILL');
    await until('the end of its processes', () => !children.some(isRunning));
    const before = blocksIn(journal);

    const output = join(place.cwd, 'gate.json');
    const resumed = spawnInfer([...words, '--resume', '-o', output], place);
    running = resumed;
    expect(await resumed.ended).toMatchObject({ exitCode: 0, stderr: '' });
    const result = gateResultSchema.parse(JSON.parse(readFileSync(output, 'utf8')));
    const blocks = result.scenarios[0]?.blocks ?? [];
    // What was measured before is there as it was; an incomplete pair was taken anew.
    const complete = before.slice(0, before.length - (before.length % 2));
    expect(complete.length).toBeGreaterThanOrEqual(2);
    expect(blocks.slice(0, complete.length)).toEqual(complete.map((line) => Reflect.get(Object(line), 'block')));
    expect(readdirSync(place.cwd).toSorted()).toEqual(['gate.json', 'tmp']);

    const again = join(place.cwd, 'again.json');
    const replayed = await spawnInfer(['gate', '--replay', output, '-q', '-o', again], place).ended;
    expect(replayed.exitCode).toBe(0);
    const { verdict, cells } = gateResultSchema.parse(JSON.parse(readFileSync(again, 'utf8')));
    expect({ verdict, cells }).toEqual({ verdict: result.verdict, cells: result.cells });
  });
});
