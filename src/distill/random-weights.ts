import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import type { Model } from '../onnx/model.ts';
import type { Tensor } from '../onnx/tensor.ts';
import type { Use, Value } from '../onnx/value.ts';
import { createRandom } from '../stats/seeded-random.ts';

/** How a parameter starts: all of one number, or normally distributed around 0. */
type Start = { readonly fill: number } | { readonly deviation: number };

/** What embeddings, positions and tokens start from, as transformers do (GPT-2, BERT). */
const embeddingDeviation = 0.02;
const preluSlope = 0.25;

/**
 * Fresh weights for a model: He's initialization, a normal distribution of variance 2 over the number of inputs, for
 * what is multiplied (He and others, "Delving Deep into Rectifiers", 2015), 0 for biases and 1 for scales. The same seed
 * and name give the same weights.
 */
export function randomWeights(model: Model, parameters: readonly string[], seed: number): NamedTensors {
  const chosen = new Set(parameters);
  const entries = [...model.graph.initializers].flatMap((value) => {
    const { tensor } = value;
    if (tensor?.kind !== 'dense' || !chosen.has(value.name)) return [];
    return [[value.name, drawn(value.name, { tensor, start: startOf(value, tensor), seed })] as const];
  });
  return Object.fromEntries(entries);
}

function drawn(name: string, { tensor, start, seed }: { tensor: Tensor; start: Start; seed: number }) {
  const { dims } = tensor;
  const data = new Float32Array(elementCount(dims));
  if ('fill' in start) return { type: 'float32' as const, dims, data: data.fill(start.fill) };
  const random = createRandom(seed, 'weight', name);
  return { type: 'float32' as const, dims, data: data.map(() => random.normal() * start.deviation) };
}

function startOf(value: Value, tensor: Tensor): Start {
  for (const use of value.uses) {
    const start = startBy(use, tensor.dims);
    if (start !== null) return start;
  }
  return tensor.dims.length < 2 ? { fill: 0 } : { deviation: embeddingDeviation };
}

/** What an operator makes of a parameter; null where that does not tell. */
function startBy({ node, index }: Use, dims: readonly number[]): Start | null {
  if (node.is('Conv') && index === 1) return he(elementCount(dims.slice(1)));
  if (node.is('ConvTranspose') && index === 1) return he((dims[0] ?? 1) * elementCount(dims.slice(2)));
  if (node.is('Gemm') && index < 2)
    return he(gemmInputs(node.int(index === 0 ? 'transA' : 'transB', 0) === 1, index, dims));
  if (node.is('MatMul')) return he(dims.at(index === 0 || dims.length < 2 ? -1 : -2) ?? 1);
  if (isNormalization(node.op) && node.is(node.op)) return { fill: index === 1 ? 1 : 0 };
  if (node.is('PRelu') && index === 1) return { fill: preluSlope };
  if (node.is('Mul', 'Div')) return { fill: 1 };
  if (node.is('Transpose', 'Reshape', 'Unsqueeze', 'Squeeze', 'Identity')) return turned(node.output(0), node.op, dims);
  return node.is('Conv', 'ConvTranspose', 'Gemm') ? { fill: 0 } : null;
}

function isNormalization(op: string): boolean {
  return op.endsWith('Normalization');
}

/** A matrix that is transposed before it is used has its inputs along the other axis. */
function turned(output: Value | null, op: string, dims: readonly number[]): Start | null {
  const seen = op === 'Transpose' && dims.length === 2 ? dims.toReversed() : dims;
  for (const use of output?.uses ?? []) {
    const start = startBy(use, seen);
    if (start !== null) return start;
  }
  return null;
}

/** Length of the axis that is summed over. */
function gemmInputs(isTurned: boolean, index: number, dims: readonly number[]): number {
  const axis = (index === 0) !== isTurned ? 1 : 0;
  return dims[axis] ?? 1;
}

function he(inputs: number): Start {
  return { deviation: Math.sqrt(2 / Math.max(1, inputs)) };
}
