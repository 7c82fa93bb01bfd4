import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpz } from '../../src/data/write-npz.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import type { ModelSignature } from '../../src/onnx/signature.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { quantizeResultSchema } from '../../src/quantize/quantize-result.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { normal, perceptronBytes } from '../distill/small-students.ts';
import type { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import type { World } from './buffered-io.ts';

/** Columns of the input, and classes. */
const [columns, classes] = [32, 8];

const signature: ModelSignature = {
  inputs: [{ name: 'x', type: 'float32', shape: ['batch', columns] }],
  outputs: [{ name: 'logits', type: 'float32', shape: ['batch', classes] }],
};

/** A machine that computes for real, on which a quantized model takes so many ms where the float one takes 2. */
export function clockedRuntime(quantizedMs = 1): OptimizingRuntime {
  const outputs = () => ({ logits: { type: 'float32', dims: [1], data: Float32Array.of(1) } }) as const;
  const runMs = ({ options }: { readonly options: { readonly modelPath: string } }) =>
    options.modelPath.endsWith('candidate.onnx') ? quantizedMs : 2;
  return new OptimizingRuntime({ signature: () => signature, runMs, outputs });
}

/** Two layers, `fc1` and `fc2`. */
function twoLayers(): Uint8Array {
  return perceptronBytes({ seed: 1, inputs: columns, hidden: 64, classes });
}

/** A convolution, a Relu and a product, with the operator set and the names of old exporters. */
export function convolutions(opset = 17): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 3, 8, 8]);
  const constant = (name: string, dims: readonly number[]) => g.constant(name, normal(dims, { seed: 3, name }));
  const first = g.op('Conv', [x, constant('w1', [16, 3, 3, 3]), constant('b1', [16])], { name: 'conv1' });
  const second = g.op('Conv', [g.op('Relu', [first]), constant('w2', [16, 16, 3, 3])], { name: 'conv2' });
  const flat = g.op('Flatten', [g.op('Relu', [second])]);
  g.output(
    g.op('MatMul', [flat, constant('w3', [256, classes])], { name: 'head' }),
    'scores',
    tensorType('float32', ['batch', classes]),
  );
  return encodeModel(g.model({ opset }));
}

/** A Gemm that doubles its product. */
export function scaledProduct(): Uint8Array {
  const g = new GraphBuilder();
  const w = g.constant('w', normal([columns, 64], { seed: 3, name: 'w' }));
  const product = g.op('Gemm', [g.input('x', 'float32', ['batch', columns]), w], { attributes: { alpha: 2.5 } });
  g.output(product, 'y', tensorType('float32', ['batch', 64]));
  return encodeModel(g.model());
}

/** A folder of its own with a model and data in it, and `infer quantize` beside them. */
export async function quantizeCase(files: ReturnType<typeof temporaryFolder>) {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  const write = (name: string, content: Uint8Array | string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const npz = async (name: string, tensors: NamedTensors) => {
    await writeNpz(join(folder, name), tensors);
    return join(folder, name);
  };
  const rows = normal([120, columns], { seed: 9, name: 'rows' });
  return {
    folder,
    write,
    npz,
    rows,
    model: write('net.onnx', twoLayers()),
    data: await npz('data.npz', { x: rows }),
    output: join(folder, 'out.onnx'),
    /** What is in the folder beside the model and the data. */
    written: () =>
      readdirSync(folder)
        .filter((name) => name !== 'net.onnx' && name !== 'data.npz')
        .toSorted(),
    quantize: (words: readonly string[], world: World = {}) =>
      runInfer(['quantize', ...words], { cwd: folder, runtime: clockedRuntime(), ...world }),
  };
}

/** The result in a text. */
export function parseQuantize(text: string) {
  return quantizeResultSchema.parse(JSON.parse(text));
}
