import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { BlockTensors } from '../../../src/quantize/blocks/block-tensors.ts';
import type { WeightMatrix } from '../../../src/quantize/blocks/weight-matrix.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';

export interface Size {
  readonly k: number;
  readonly n: number;
}

/** Gaussian weights `[K, N]`, every column with a spread of its own. */
export function gaussianWeight({ k, n }: Size, seed = 1): WeightMatrix {
  const random = createRandom(seed, 'weight');
  const spread = Float64Array.from({ length: n }, () => 0.02 * Math.exp(0.5 * random.normal()));
  return {
    k,
    n,
    isTransposed: false,
    data: Float32Array.from({ length: k * n }, (_, i) => random.normal() * (spread[i % n] ?? 1)),
  };
}

/** The same weight as `[N, K]`. */
export function transposed({ data, k, n }: WeightMatrix): WeightMatrix {
  return {
    k,
    n,
    isTransposed: true,
    data: Float32Array.from({ length: k * n }, (_, i) => data[(i % k) * n + Math.floor(i / k)] ?? 0),
  };
}

/** Inputs `[samples, K]` that depend on a quarter as many hidden numbers, with channels of several strengths. */
export function correlatedInputs(samples: number, k: number, strengthSpread = 0.5): Float32Array {
  const random = createRandom(7, 'inputs', k);
  const hidden = Math.ceil(k / 4);
  const mixing = Float64Array.from({ length: hidden * k }, () => random.normal() / Math.sqrt(hidden));
  const strength = Float64Array.from({ length: k }, () => Math.exp(strengthSpread * random.normal()));
  const inputs = new Float32Array(samples * k);
  for (let s = 0; s < samples; s++) {
    const z = Float64Array.from({ length: hidden }, () => random.normal());
    for (let i = 0; i < k; i++) {
      let x = 0.3 * random.normal();
      for (let h = 0; h < hidden; h++) x += (z[h] ?? 0) * (mixing[h * k + i] ?? 0);
      inputs[s * k + i] = x * (strength[i] ?? 1);
    }
  }
  return inputs;
}

export function gramOf(inputs: Float32Array, k: number): Float64Array {
  const gram = new Float64Array(k * k);
  for (let start = 0; start < inputs.length; start += k)
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++)
        gram[i * k + j] = (gram[i * k + j] ?? 0) + (inputs[start + i] ?? 0) * (inputs[start + j] ?? 0);
  return gram;
}

/** `X W` for `X [samples, K]`. */
export function outputsOf(inputs: Float32Array, weight: Float32Array, { k, n }: Size): Float64Array {
  const outputs = new Float64Array((inputs.length / k) * n);
  for (let s = 0; s * k < inputs.length; s++)
    for (let i = 0; i < k; i++)
      for (let c = 0; c < n; c++)
        outputs[s * n + c] = (outputs[s * n + c] ?? 0) + (inputs[s * k + i] ?? 0) * (weight[i * n + c] ?? 0);
  return outputs;
}

/** Signal over noise in decibels. */
export function sqnr(exact: ArrayLike<number>, approximate: ArrayLike<number>): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < exact.length; i++) {
    signal += (exact[i] ?? 0) ** 2;
    noise += ((exact[i] ?? 0) - (approximate[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

/** Runs a model on the CPU, its nodes as they are. */
export async function runModel(
  model: Model,
  feeds: Readonly<Record<string, DenseTensor>>,
): Promise<Readonly<Record<string, DenseTensor>>> {
  const loaded = await inProcessRunner().load({ bytes: encodeModel(model) });
  try {
    return await loaded.run(feeds);
  } finally {
    await loaded.release();
  }
}

export function floatsIn(tensor: DenseTensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('no float32 tensor');
}

/** The real weights `[K, N]` as MatMulNBits sees them: its product with the identity. */
export async function weightByMatMul(tensors: BlockTensors): Promise<Float32Array> {
  const { b, scales, zeroPoints, k, n, bits, blockSize } = tensors;
  const g = new GraphBuilder();
  const inputs = [g.input('x', 'float32', [k, k]), g.constant('b', b), g.constant('scales', scales)];
  if (zeroPoints !== null) inputs.push(g.constant('zero_points', zeroPoints));
  const attributes = { K: k, N: n, bits, block_size: blockSize, accuracy_level: 0 };
  const y = g.op('MatMulNBits', inputs, { domain: 'com.microsoft', attributes });
  g.output(y, 'y', { kind: 'tensor', elementType: 'float32', shape: [k, n] });
  const identity = Float32Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
  const { y: found } = await runModel(g.model({ opsets: { 'com.microsoft': 1 } }), {
    x: { type: 'float32', dims: [k, k], data: identity },
  });
  return floatsIn(found);
}
