import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/onnx/check.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import type { ModelSignature } from '../../src/onnx/signature.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { pruneResultSchema } from '../../src/prune/prune-result.ts';
import type { PruneResult } from '../../src/prune/prune-result.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { modelIn } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

const digits = fileURLToPath(new URL('../../fixtures/digits/', import.meta.url));
const data = join(digits, 'test.npz');

const mlpSignature: ModelSignature = {
  inputs: [{ name: 'image', type: 'uint8', shape: ['batch', 1, 28, 28] }],
  outputs: [{ name: 'logits', type: 'float32', shape: ['batch', 10] }],
};

function mlpOutputs() {
  return { logits: { type: 'float32', dims: [1], data: Float32Array.of(1) } } as const;
}

async function prune(model: string, words: readonly string[]) {
  const output = join(files.folder, `${crypto.randomUUID()}.onnx`);
  const all = ['prune', model, ...words, '--no-bench', '--json', '-q', '-o', output];
  const { exitCode, stdout, stderr } = await runInfer(all, { cwd: files.folder, runtime: new OptimizingRuntime() });
  const result: PruneResult | null = stdout === '' ? null : pruneResultSchema.parse(JSON.parse(stdout));
  return { exitCode, stderr, result, output };
}

/** Lengths of the weights of one operator's nodes. */
function weightsIn(path: string, op: string): readonly (readonly number[])[] {
  const model = modelIn(path);
  checkGraph(model);
  return [...model.graph.nodes()].flatMap((node) => (node.is(op) ? [node.input(1)?.constant?.dims ?? []] : []));
}

describe('infer prune', () => {
  it('takes half of the channels, which is what masking them says, and stays as good', async () => {
    const { exitCode, result, output } = await prune(join(digits, 'cnn.onnx'), [
      '--channels',
      '0.5',
      '--data',
      data,
      '--samples',
      '200',
      '--score',
      'wifv',
      '--accept-worse',
    ]);
    expect(exitCode).toBe(0);
    expect(weightsIn(output, 'Conv').map(([outputs]) => outputs)).toEqual([32, 64, 64, 32, 32]);
    expect(result?.maskError).toBeLessThan(1e-5);
    // 379 thousand before: of both sides of nearly every weight a half is left.
    expect(result?.after.parameters).toBeLessThan(0.26 * (result?.before.parameters ?? 0));
    expect((result?.after.macs ?? 1) / (result?.before.macs ?? 1)).toBeCloseTo(0.255, 1);
    expect(result?.evaluation.drop?.drop?.value).toBeLessThan(0.03);
    expect(result?.repairs.every(({ before, after }) => after <= before)).toBe(true);
    expect(result?.groups.find(({ locks }) => locks.length > 0)?.locks[0]).toMatchObject({ reason: 'graph-output' });
    const made: unknown = JSON.parse(modelIn(output).metadata.find(({ key }) => key === 'infer.prune')?.value ?? '');
    expect(made).toMatchObject({ options: { channels: 0.5, kind: 'structured' } });
  });

  it('zeroes two weights of any four along the inputs of a product', async () => {
    const { exitCode, result, output } = await prune(join(digits, 'mlp.onnx'), [
      '--sparsity',
      '2:4',
      '--data',
      data,
      '--samples',
      '200',
      '--accept-worse',
    ]);
    expect(exitCode).toBe(0);
    expect(result?.warnings.map(({ code }) => code)).toContain('size-only');
    const sparse = new Set(result?.sparseLayers.map(({ node }) => node));
    expect(sparse.size).toBeGreaterThan(0);
    for (const node of readModelBytes(readFileSync(output)).graph.nodes()) {
      const weight = sparse.has(node.name) ? (node.input(1)?.constant ?? null) : null;
      if (weight === null) continue;
      const [rows = 0, columns = 0] = weight.dims;
      const transposed = node.int('transB', 0) !== 0;
      const numbers = numbersOf(weight);
      const [outputs, inputs] = transposed ? [rows, columns] : [columns, rows];
      for (let output = 0; output < outputs; output++)
        for (let group = 0; group < inputs; group += 4) {
          const four = [0, 1, 2, 3].map(
            (i) => numbers[transposed ? output * inputs + group + i : (group + i) * outputs + output],
          );
          expect(four.filter((value) => value !== 0).length).toBeLessThanOrEqual(2);
        }
    }
  });

  it('drops the layer that changes its stream least', async () => {
    const { exitCode, result, output } = await prune(join(digits, 'vit.onnx'), [
      '--layers',
      '1',
      '--data',
      data,
      '--samples',
      '100',
      '--accept-worse',
    ]);
    expect(exitCode).toBe(0);
    const removed = result?.blocks.filter((block) => block.removed) ?? [];
    const least = Math.min(...(result?.blocks.map(({ influence }) => influence ?? Infinity) ?? []));
    expect(removed.map(({ influence }) => influence)).toEqual([least]);
    const count = (path: string) => weightsIn(path, 'MatMul').length;
    expect(count(output)).toBeLessThan(count(join(digits, 'vit.onnx')));
  });

  it('reaches a share of the multiply-adds', async () => {
    const words = ['--target-macs', '0.5x', '--data', data, '--samples', '150', '--accept-worse'];
    const { exitCode, result } = await prune(join(digits, 'mlp.onnx'), words);
    expect(exitCode).toBe(0);
    const kept = (result?.after.macs ?? 1) / (result?.before.macs ?? 1);
    expect(kept).toBeLessThanOrEqual(0.505);
    expect(kept).toBeGreaterThan(0.48);
    expect(new Set(result?.sensitivity.map(({ group }) => group)).size).toBeGreaterThan(1);
  });

  it('finds the widest model that is fast enough, and tells of the next wider one that is not', async () => {
    // A machine on which a model takes as long as its file is large.
    const runMs = ({ options }: { readonly options: { readonly modelPath: string } }) =>
      statSync(options.modelPath).size / 1e5;
    const runtime = new OptimizingRuntime({ signature: () => mlpSignature, runMs, outputs: mlpOutputs });
    const words = ['--target-latency', '0.6x', '--data', data, '--samples', '150', '--max-drop', '50%'];
    const output = join(files.folder, 'fast.onnx');
    const mlp = join(digits, 'mlp.onnx');
    const all = ['prune', mlp, ...words, '--budget', '5s', '--json', '-q', '-o', output];
    const { exitCode, stdout } = await runInfer(all, { cwd: files.folder, runtime });
    expect(exitCode).toBe(0);
    const { candidates, goals } = pruneResultSchema.parse(JSON.parse(stdout));
    expect(goals).toContainEqual({ goal: 'target-latency', limit: '0.6x', asked: true, verdict: 'pass' });
    const before = statSync(mlp).size;
    const ratios = candidates.map(({ sizeBytes, chosen }) => ({ ratio: sizeBytes / before, chosen }));
    const chosen = ratios.find((each) => each.chosen)?.ratio ?? 1;
    expect(chosen).toBeLessThanOrEqual(0.6);
    expect(ratios.some(({ ratio }) => ratio > 0.588 && ratio < chosen + 0.1)).toBe(true);
    expect(ratios.filter(({ ratio }) => ratio <= 0.588).every(({ ratio }) => ratio <= chosen)).toBe(true);
  });

  it('says that training brought nothing, and what else to know', async () => {
    const words = ['--channels', '0.1', '--data', data, '--samples', '20', '--distill', '1', '--accept-worse'];
    const { result } = await prune(join(digits, 'mlp.onnx'), words);
    const codes = result?.warnings.map(({ code }) => code);
    expect(codes).toContain('few-samples');
    expect(codes).toContain('not-distilled');
  });

  it('refits nothing without data, and says so', async () => {
    const { result } = await prune(join(digits, 'mlp.onnx'), ['--channels', '0.25', '--accept-worse']);
    expect(result?.repairs).toEqual([]);
    expect(result?.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['quality-unknown', 'not-reconstructed']),
    );
  });

  it('refuses a quantized model, and says in which order to go', async () => {
    const quantized = join(files.folder, 'mlp.int8.onnx');
    const words = ['quantize', join(digits, 'mlp.onnx'), '--int8-weights', '--no-verify', '-q', '-o', quantized];
    await runInfer(words, { cwd: files.folder, runtime: new OptimizingRuntime() });
    const { exitCode, stderr } = await prune(quantized, ['--channels', '0.5', '--data', data]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/before quantizing/);
  });

  it('says why nothing can go', async () => {
    const { exitCode, stderr, result } = await prune(join(digits, 'cnn.onnx'), ['--heads', '0.5', '--data', data]);
    expect({ exitCode, result }).toEqual({ exitCode: 3, result: null });
    expect(stderr).toMatch(/cnn\.onnx has no heads that can be pruned; /);
  });
});
