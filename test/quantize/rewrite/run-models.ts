import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { openOnnxSession } from '../../../src/runtime/onnxruntime.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import type { OptimizationLevel } from '../../../src/runtime/runtime.ts';

const runner = inProcessRunner();

/** What a model computes; its main graph is checked by onnxruntime on the way. */
export async function run(
  model: Model,
  feeds: NamedTensors,
  optimization: OptimizationLevel = 'disabled',
): Promise<NamedTensors> {
  const loaded = await runner.load({ bytes: encodeModel(model) }, { optimization });
  try {
    return await loaded.run(feeds);
  } finally {
    await loaded.release();
  }
}

/** Operators of the main graph as onnxruntime runs it, sorted. */
export async function optimizedOps(model: Model, optimization: OptimizationLevel = 'extended'): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'infer-rewrite-'));
  try {
    const optimizedPath = join(folder, 'optimized.onnx');
    const options = { modelPath: '', bytes: encodeModel(model), optimizedPath, optimization } as const;
    const session = await openOnnxSession({ ...options, provider: 'cpu', threads: 1, strictProvider: false });
    await session.release();
    const opened = openModel(optimizedPath);
    const ops = opsOf(opened.model).toSorted();
    opened.close();
    return ops;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function opsOf(model: Model): string[] {
  return [...model.graph.nodes()].map(({ op }) => op);
}

/** Numbers of a normal distribution, times a factor. */
export function noise(dims: readonly number[], seed: number, factor = 1): DenseTensor {
  const random = createRandom(seed, 'noise', elementCount(dims));
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: elementCount(dims) }, () => factor * random.normal()),
  };
}

export function numbers({ data }: DenseTensor): number[] {
  return Array.from(data, Number);
}

export function tensorOf(tensors: NamedTensors, name: string): DenseTensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new RangeError(`there is no '${name}'`);
  return tensor;
}

/** Signal to noise of all outputs together, in dB. */
export function sqnr(expected: NamedTensors, actual: NamedTensors): number {
  let [signal, noise] = [0, 0];
  for (const [name, tensor] of Object.entries(expected)) {
    const made = numbers(tensorOf(actual, name));
    for (const [i, x] of numbers(tensor).entries()) {
      signal += x * x;
      noise += (x - (made[i] ?? Number.NaN)) ** 2;
    }
  }
  return 10 * Math.log10(signal / Math.max(noise, 1e-30));
}

/** The largest difference between two results. */
export function difference(expected: NamedTensors, actual: NamedTensors): number {
  let most = 0;
  for (const [name, tensor] of Object.entries(expected)) {
    const made = numbers(tensorOf(actual, name));
    for (const [i, x] of numbers(tensor).entries()) {
      const apart = Math.abs(x - (made[i] ?? Number.NaN));
      if (!(apart <= most)) most = apart;
    }
  }
  return most;
}

export function largest(tensors: NamedTensors): number {
  return Math.max(...Object.values(tensors).flatMap((tensor) => numbers(tensor).map(Math.abs)));
}
