import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { bindDims } from '../../src/commands/bind-dims.ts';
import { inspect } from '../../src/commands/inspect.ts';
import type { InspectRequest } from '../../src/commands/inspect.ts';
import { InferError, ModelError, RuntimeError, UsageError } from '../../src/errors.ts';
import { inspectResultSchema } from '../../src/inspect/inspect-result.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { linearModel, unknownOperatorModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { block, info, initializer, modelOf, node, number } from '../onnx/file/wire-bytes.ts';
import { insteadOfLoading, OptimizingRuntime } from './optimizing.ts';

const files = temporaryFolder();
afterAll(files.remove);
const linear = files.write('linear.onnx', linearModel());

const envelope = {
  schemaVersion: 1,
  tool: { name: 'infer', version: '0' },
  createdAt: '2026-01-01T00:00:00Z',
  command: ['infer', 'inspect'],
};

function look(request: Partial<InspectRequest>, runtime = new OptimizingRuntime()) {
  const { signal } = new AbortController();
  const whole = { modelPath: linear, dims: {}, rows: 10, verify: false, ...request };
  return inspect(whole, { runtime, envelope, signal });
}

/** A model whose only weight, 3 floats, lies in weights.data, for which it gives a checksum. */
function externalModel(name: string, checksum: (data: Uint8Array) => string): string {
  const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  files.write('weights.data', data);
  const keys = { location: 'weights.data', checksum: checksum(data) };
  const entries = Object.entries(keys).map(([key, value]) => block(13, block(1, key), block(2, value)));
  const weight = initializer('w', { type: 1, dims: [3] }, ...entries, number(14, 1));
  const typed = (field: 11 | 12, value: string) =>
    block(field, block(1, value), block(2, block(1, number(1, 1), block(2, block(1, number(1, 3))))));
  const model = modelOf(node('Add', ['x', 'w'], ['y']), block(2, 'g'), weight, typed(11, 'x'), typed(12, 'y'));
  return files.write(name, model);
}

const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');

describe('inspect', () => {
  it('tells of a file, with the environment it was looked at in', async () => {
    const { result, failure } = await look({ dims: { batch: 5 } });
    expect(failure).toBeNull();
    expect(inspectResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(result).toMatchObject({
      ...envelope,
      kind: 'inspect',
      environment: { onnxruntime: '1.30.0' },
      model: { path: linear, sizeBytes: readFileSync(linear).length, externalFiles: [] },
      dims: { batch: 5 },
      // x·W of [5, 4] and [4, 3].
      macs: { total: 5 * 4 * 3 },
      verification: { status: 'skipped' },
    });
  });

  it('starts no process unless it is to verify', async () => {
    const runner = insteadOfLoading(() => {
      throw new Error('a model was loaded');
    });
    const runtime = new OptimizingRuntime({}, runner);
    await look({}, runtime);
    await expect(look({ verify: true }, runtime)).rejects.toThrow('a model was loaded');
    expect(runtime.openRunners).toBe(0);
  });

  it('verifies by loading the model, and by checksums', async () => {
    const loaded = { status: 'loaded', checksums: 0 };
    expect(await look({ verify: true })).toMatchObject({ result: { verification: loaded }, failure: null });
    const modelPath = externalModel('external.onnx', sha1);
    expect((await look({ modelPath, verify: true })).result).toMatchObject({
      model: { externalFiles: [{ location: 'weights.data', sizeBytes: 12 }] },
      verification: { ...loaded, checksums: 1 },
      warnings: [{ code: 'external-data' }],
    });
  });

  it.each([
    [
      'an operator that nobody has',
      () => files.write('unknown.onnx', unknownOperatorModel()),
      'model-unsupported-operator',
    ],
    ['a wrong checksum', () => externalModel('wrong.onnx', (data) => sha1(data.slice(1))), 'model-external-data'],
  ])('still tells of a model with %s', async (_, write, code) => {
    const { result, failure } = await look({ modelPath: write(), verify: true });
    expect(failure).toBeInstanceOf(ModelError);
    expect(result).toMatchObject({ kind: 'inspect', verification: { status: 'failed', failure: { code } } });
    expect(inspectResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('tells a runtime that dies from a model that is refused', async () => {
    const runner = insteadOfLoading(() => {
      throw new RuntimeError('process-crashed', { model: linear, stage: 'load', signal: 'SIGSEGV', exitCode: null });
    });
    const runtime = new OptimizingRuntime({}, runner);
    const { failure, result } = await look({ verify: true }, runtime);
    expect(failure).toBeInstanceOf(RuntimeError);
    expect(result.verification).toMatchObject({ failure: { code: 'process-crashed' } });
    expect(runtime.openRunners).toBe(0);
  });

  it('leaves the model closed: its file can be replaced', async () => {
    const path = files.write('replaced.onnx', linearModel());
    await look({ modelPath: path });
    writeFileSync(path, encodeModel(new GraphBuilder().model()));
    expect((await look({ modelPath: path })).result.model.nodes).toBe(0);
  });

  it.each([
    ['nope.onnx', UsageError],
    [files.write('text.onnx', 'this is not a model'), ModelError],
    [files.write('nothing.onnx', ''), ModelError],
    [files.write('cut.onnx', linearModel().subarray(0, 100)), ModelError],
    [files.write('circle.onnx', modelOf(node('Relu', ['a'], ['a']), info(12, 'a'))), ModelError],
  ])('refuses %s', async (modelPath, kind) => {
    await expect(look({ modelPath })).rejects.toBeInstanceOf(kind);
  });
});

describe('bindDims', () => {
  const g = new GraphBuilder();
  g.input('x', 'float32', ['batch', null, '', -1, 3]);
  g.input('mask', 'float32', ['batch', 'past + 1']);
  const model = g.model();

  it('takes names, and INPUT#AXIS for axes with and without one', () => {
    expect(bindDims(model, { batch: 2, 'x#1': 3, 'x#2': 4, 'x#3': 5, 'mask#1': 9 })).toEqual({
      batch: 2,
      'x#1': 3,
      'x#2': 4,
      'x#3': 5,
      'past + 1': 9,
    });
    expect(bindDims(model, { 'mask#0': 7, batch: 7 })).toEqual({ batch: 7 });
  });

  it.each([
    [{ bathc: 1 }, 'unknown-dimension'],
    [{ 'x#4': 3 }, 'unknown-dimension'],
    [{ 'x#5': 3 }, 'unknown-dimension'],
    [{ 'y#0': 3 }, 'unknown-dimension'],
    [{ batch: 1, 'mask#0': 2 }, 'dimension-conflict'],
  ])('refuses %j', (dims, code) => {
    const bind = () => bindDims(model, dims);
    expect(bind).toThrow(InferError);
    expect(bind).toThrow(code);
  });
});
