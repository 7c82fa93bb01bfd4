import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { writeNpz } from '../../src/data/write-npz.ts';
import { checkGraph } from '../../src/onnx/check.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import type { Model } from '../../src/onnx/model.ts';
import { runInfer } from '../cli/buffered-io.ts';
import { parseQuantize } from '../cli/quantize-case.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { branchedConvolutions, branchedProducts, loopedConvolution, loopedProducts, yes } from './branched-models.ts';
import { noise, run, sqnr } from './rewrite/run-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

const rows = { x: noise([5, 32], 9) };
const images = { x: noise([4, 3, 8, 8], 9) };

/** `infer quantize --int8 --no-bench` of a model, 7-bit weights as every processor multiplies them. */
async function quantized(model: Model, feeds: NamedTensors, words: readonly string[]) {
  const bytes = encodeModel(model);
  const path = files.write(`${crypto.randomUUID()}.onnx`, bytes);
  const data = join(files.folder, `${crypto.randomUUID()}.npz`);
  await writeNpz(data, { x: noise([64, ...(feeds['x']?.dims.slice(1) ?? [])], 3) });
  const output = path.replace('.onnx', '.int8.onnx');
  const shared = ['--int8', '--no-bench', '--reduce-range', '--accept-worse', '--json', '-o', output];
  const asked = [...shared, '--data', data, ...words];
  const { exitCode, stdout, stderr } = await runInfer(['quantize', path, ...asked], {
    cwd: files.folder,
    runtime: new OptimizingRuntime(),
  });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const made = readModelBytes(readFileSync(output));
  checkGraph(made);
  const close = sqnr(await run(readModelBytes(bytes), feeds), await run(made, feeds, 'all'));
  return { nodes: parseQuantize(stdout).nodes, sqnrDb: close };
}

const branch = ['--input', 'condition=true'];

describe('infer quantize --int8 of a model with its layers in', () => {
  it.each([
    ['branches', branchedProducts, { ...rows, condition: yes }, branch, 4],
    ['a loop', loopedProducts, rows, [], 2],
  ] as const)('%s makes all products dynamic', async (_, build, feeds, words, count) => {
    const { nodes, sqnrDb } = await quantized(build(), feeds, [...words, '--method', 'dynamic']);
    expect(nodes.map(({ treatment }) => treatment)).toEqual(Array.from({ length: count }, () => 'dynamic'));
    expect(sqnrDb).toBeGreaterThan(25);
  });

  it('branches computes convolutions by ranges, but those of the branch that no sample took', async () => {
    const { nodes, sqnrDb } = await quantized(branchedConvolutions(), { ...images, condition: yes }, branch);
    const convolutions = nodes.filter(({ op }) => op === 'Conv');
    expect(convolutions.map(({ treatment }) => treatment).toSorted()).toEqual(['float', 'static', 'static', 'static']);
    expect(convolutions.find(({ treatment }) => treatment === 'float')?.reason).toBe('not-executed');
    expect(sqnrDb).toBeGreaterThan(25);
  });

  it('a loop, all of them convolutions, makes their weights int8', async () => {
    const { nodes, sqnrDb } = await quantized(loopedConvolution(), { x: noise([2, 8, 6, 6], 5) }, []);
    expect(nodes).toMatchObject([{ op: 'Conv', treatment: 'weights' }]);
    expect(sqnrDb).toBeGreaterThan(30);
  });

  it('a loop, all of them convolutions, is told so where the target takes none', async () => {
    const path = files.write('looped.onnx', encodeModel(loopedConvolution()));
    const words = [
      'quantize',
      path,
      '--int8',
      '--target',
      'tensorrt',
      '--no-bench',
      '-o',
      join(files.folder, 'no.onnx'),
    ];
    const { exitCode, stderr } = await runInfer(words, { cwd: files.folder, runtime: new OptimizingRuntime() });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/nothing to quantize \(1 node: /);
  });
});
