import { readFileSync } from 'node:fs';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount, elementsFromBytes } from '../../../src/onnx/dense-tensor.ts';
import type { ValueSignature } from '../../../src/onnx/signature.ts';
import { fromOutputs, openOnnxSession, toFeeds } from '../../../src/runtime/onnxruntime.ts';

export interface KnownModel {
  readonly path: string;
  readonly input: string;
  readonly dims: readonly number[];
}

/** The models that come from npm, by short name. */
export const npmModels: Readonly<Record<string, KnownModel>> = JSON.parse(
  readFileSync('fixtures/models/models.json', 'utf8'),
);

type MainInput = Pick<KnownModel, 'input' | 'dims'>;

/** Runs a model from its file, as bench does: data files are found beside it. Feeds are made for a known model. */
export async function runModelFile(path: string, feeds: NamedTensors | MainInput): Promise<NamedTensors> {
  const session = await openOnnxSession({
    modelPath: path,
    provider: 'cpu',
    threads: 1,
    optimization: 'disabled',
    strictProvider: false,
  });
  const { inputs } = session.signature;
  const fed = isMainInput(feeds)
    ? Object.fromEntries(inputs.map((input) => [input.name, feedFor(input, feeds)]))
    : feeds;
  const outputs = fromOutputs(await session.run(toFeeds(fed)));
  await session.release();
  return outputs;
}

function isMainInput(feeds: NamedTensors | MainInput): feeds is MainInput {
  return Array.isArray(feeds['dims']);
}

function feedFor({ name, type, shape }: ValueSignature, known: MainInput): DenseTensor {
  if (name === 'sr') return { type: 'int64', dims: [], data: BigInt64Array.of(16000n) };
  const dims = known.input === name ? known.dims : shape.map((dim) => (typeof dim === 'number' ? dim : 1));
  const numbers = Float32Array.from({ length: elementCount(dims) }, (_, index) => Math.sin(index) / 2);
  if (type === 'float32') return { type, dims, data: numbers };
  if (type === 'string') throw new Error('strings are not made here');
  const zeros = new Uint8Array(8 * numbers.length);
  return { type, dims, data: elementsFromBytes(type, zeros.subarray(0, numbers.length * (type === 'int64' ? 8 : 4))) };
}
