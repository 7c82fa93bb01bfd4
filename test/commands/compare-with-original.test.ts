import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareWithOriginal } from '../../src/commands/compare-with-original.ts';
import type { CompareRequest } from '../../src/commands/compare-with-original.ts';
import { rewriteTolerance } from '../../src/compute/equivalence.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder, floats, longs } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import type { Dimension } from '../../src/onnx/value-type.ts';
import { RuntimeError } from '../../src/errors.ts';
import { loopModel, unknownOperatorModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { buildNpy } from '../data/build-npy.ts';
import { insteadOfLoading } from './optimizing.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** y = x + 2·sum of x over the batch and its features, or over the features alone. */
function summing(batch: Dimension, axes: readonly number[]): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [batch, 3]);
  const sum = g.op('ReduceSum', [x, g.constant('axes', longs(axes))]);
  const twice = g.op('Mul', [sum, g.constant('two', floats([], [2]))]);
  g.output(g.op('Add', [x, twice]), 'y', tensorType('float32', [batch, 3]));
  return g.model();
}

function compare(original: Uint8Array, rewritten: Model, request: Partial<CompareRequest> = {}) {
  return compareWithOriginal({
    originalPath: files.write('original.onnx', original),
    rewritten,
    dims: {},
    sampleAxes: new Map(),
    inputs: { shapes: {}, values: {}, dataPath: null, samples: null, seed: 0 },
    tolerance: rewriteTolerance,
    runner: inProcessRunner(),
    ...request,
  });
}

describe('a batch that was made dynamic', () => {
  const original = encodeModel(summing(1, [0, 1]));
  const sampleAxes = new Map([
    ['x', 0],
    ['y', 0],
  ]);

  it('is tried with two samples at once', async () => {
    const { verification } = await compare(original, summing('batch', [1]), { sampleAxes });
    expect(verification).toMatchObject({ status: 'equal', batched: true, inputs: 3 });
  });

  it('shows a model that mixes samples, which one sample cannot', async () => {
    const mixing = summing('batch', [0, 1]);
    expect((await compare(original, mixing)).verification).toMatchObject({ status: 'equal', batched: false });
    const { verification } = await compare(original, mixing, { sampleAxes });
    expect(verification).toMatchObject({
      status: 'different',
      outputs: [{ name: 'y', matches: false, mismatches: 6 }],
    });
  });
});

describe('what both models are fed', () => {
  const model = summing('n', [1]);

  it('is data first, then a few synthetic sets in their shapes', async () => {
    files.write('x.npy', buildNpy('<f4', [5, 3], new Float32Array(15)));
    const inputs = { shapes: {}, values: {}, dataPath: files.folder, samples: 2, seed: 3 };
    const { verification, dims } = await compare(encodeModel(model), model, { inputs });
    expect(verification).toMatchObject({ inputs: 5, fromData: 2, data: files.folder, seed: 3 });
    expect(dims).toEqual({ n: 1 });
  });

  it('is said where it was assumed', async () => {
    const g = new GraphBuilder();
    g.output(g.op('Relu', [g.input('x', 'float32', ['sequence'])]), 'y', tensorType('float32', ['sequence']));
    const { warnings, dims } = await compare(encodeModel(g.model()), g.model());
    const model = join(files.folder, 'original.onnx');
    expect(warnings).toEqual([
      { code: 'dimension-assumed', details: { model, dimension: 'sequence', value: dims['sequence'] } },
    ]);
  });
});

describe('an original that does not run', () => {
  it('for an operator that nobody has', async () => {
    const problem = "onnxruntime has no operator com.example.Frobnicate (node 'node_7')";
    const details = { model: join(files.folder, 'original.onnx'), problem };
    const comparing = compare(unknownOperatorModel(), summing('n', [1]));
    await expect(comparing).rejects.toMatchObject({ code: 'verify-impossible', details });
  });

  it.each([
    [{ signal: 'SIGSEGV', exitCode: null }, 'the process died of signal SIGSEGV'],
    [{ signal: null, exitCode: 3 }, 'the process died'],
  ])('a process that crashed: %o', async (end, problem) => {
    const runner = insteadOfLoading(() => {
      throw new RuntimeError('process-crashed', { model: 'a.onnx', stage: 'load', ...end });
    });
    const comparing = compare(loopModel(1n), summing('n', [1]), { runner });
    await expect(comparing).rejects.toMatchObject({ code: 'verify-impossible', details: { problem } });
  });

  it('a process that hung, or ran out of memory', async () => {
    const hung = new RuntimeError('process-timeout', { model: 'a.onnx', stage: 'run', timeoutMs: 3000 });
    const full = new RuntimeError('out-of-memory', { model: 'a.onnx', stage: 'run', problem: 'bad_alloc' });
    for (const [error, problem] of [
      [hung, 'nothing was heard of it for 3 s (--timeout)'],
      [full, 'bad_alloc'],
    ] as const) {
      const runner = insteadOfLoading(() => {
        throw error;
      });
      const comparing = compare(loopModel(1n), summing('n', [1]), { runner });
      await expect(comparing).rejects.toMatchObject({ code: 'verify-impossible', details: { problem } });
    }
  });
});
