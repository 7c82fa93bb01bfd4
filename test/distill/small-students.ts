import { writeNpz } from '../../src/data/write-npz.ts';
import { elementCount } from '../../src/onnx/dense-tensor.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

export interface PerceptronSpec {
  readonly seed: number;
  readonly hidden?: number;
  readonly inputs?: number;
  readonly classes?: number;
  readonly batch?: string | number;
  readonly input?: string;
  readonly output?: string;
  readonly opset?: number;
  /** What weights are drawn around 0 with. */
  readonly deviation?: number;
  /** Returns probabilities instead of scores. */
  readonly softmax?: boolean;
}

/** Two layers with a Relu between them: `x` [batch, 4] to `logits` [batch, 3] unless the spec says otherwise. */
export function perceptron(spec: PerceptronSpec) {
  const { seed, hidden = 16, inputs = 4, classes = 3, batch = 'batch', opset = 17, deviation = 0.7 } = spec;
  const g = new GraphBuilder('perceptron');
  const x = g.input(spec.input ?? 'x', 'float32', [batch, inputs]);
  const weight = (name: string, dims: readonly number[]) => g.constant(name, normal(dims, { seed, name, deviation }));
  const first = g.op('Gemm', [x, weight('fc1.weight', [inputs, hidden]), weight('fc1.bias', [hidden])], {
    name: 'fc1',
  });
  const active = g.op('Relu', [first], { name: 'act' });
  const second = [active, weight('fc2.weight', [hidden, classes]), weight('fc2.bias', [classes])];
  const scores = g.op('Gemm', second, { name: 'fc2' });
  const output =
    spec.softmax === true ? g.op('Softmax', [scores], { name: 'softmax', attributes: { axis: -1 } }) : scores;
  g.output(output, spec.output ?? 'logits', tensorType('float32', [batch, classes]));
  return g.model({ opset });
}

export function perceptronBytes(spec: PerceptronSpec): Uint8Array {
  return encodeModel(perceptron(spec));
}

export function normal(
  dims: readonly number[],
  { seed, name, deviation = 1 }: { readonly seed: number; readonly name: string; readonly deviation?: number },
): DenseTensor {
  const random = createRandom(seed, name);
  const data = Float32Array.from({ length: elementCount(dims) }, () => random.normal() * deviation);
  return { type: 'float32', dims, data };
}

/** Rows of normally distributed numbers as an `.npz`, with labels where they are given. */
export async function writeRows(
  path: string,
  { rows = 200, columns = 4, label }: { rows?: number; columns?: number; label?: DenseTensor } = {},
): Promise<string> {
  const x = normal([rows, columns], { seed: 9, name: 'rows' });
  await writeNpz(path, label === undefined ? { x } : { x, label });
  return path;
}
