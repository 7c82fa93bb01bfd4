import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import type { Random } from '../../../src/stats/seeded-random.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { noise } from './run-models.ts';

interface Item {
  readonly value: Value;
  readonly channels: number;
}

interface Bench {
  readonly g: GraphBuilder;
  readonly random: Random;
  readonly items: Item[];
  readonly weights: (dims: readonly number[], fanIn: number) => Value;
}

const size = 6;

/** A small convolutional network of operators that have integer kernels, and of one that has none. */
export function randomNetwork(seed: number): { readonly model: Model; readonly feeds: NamedTensors } {
  const random = createRandom(seed, 'network');
  const g = new GraphBuilder();
  let made = 0;
  const weights = (dims: readonly number[], fanIn: number) =>
    g.constant('w', noise(dims, seed * 100 + made++, 1 / Math.sqrt(fanIn)));
  const items: Item[] = [{ value: g.input('x', 'float32', [2, 4, size, size]), channels: 4 }];
  const bench = { g, random, items, weights };
  for (let step = 0; step < 7; step++) {
    const from = items[Math.max(0, items.length - 1 - random.integer(2))];
    const take = steps[random.integer(steps.length)];
    if (from !== undefined && take !== undefined) items.push(take(bench, from));
  }
  const last = items.at(-1);
  if (last !== undefined) addHead(bench, last);
  const other = items[1 + random.integer(items.length - 1)];
  if (other !== undefined && !other.value.isOutput) g.output(other.value, 'side', tensorType('float32'));
  return { model: g.model(), feeds: { x: noise([2, 4, size, size], seed) } };
}

type Step = (bench: Bench, from: Item) => Item;

const convolution: Step = ({ g, weights, random }, { value, channels }) => {
  const next = 2 + random.integer(4);
  const bias = random.integer(2) === 0 ? [] : [weights([next], 4)];
  const w = weights([next, channels, 3, 3], 9 * channels);
  return { value: g.op('Conv', [value, w, ...bias], { attributes: { pads: [1, 1, 1, 1] } }), channels: next };
};

const depthwise: Step = ({ g, weights }, { value, channels }) => {
  const w = weights([channels, 1, 3, 3], 9);
  const attributes = { group: channels, pads: [1, 1, 1, 1] };
  return { value: g.op('Conv', [value, w, weights([channels], 4)], { attributes }), channels };
};

const behind =
  (op: string, attributes = {}): Step =>
  ({ g }, { value, channels }) => ({ value: g.op(op, [value], { attributes }), channels });

const clip: Step = ({ g }, { value, channels }) => {
  const [low, high] = [0, 1].map((bound) =>
    g.constant('bound', { type: 'float32', dims: [], data: Float32Array.of(bound) }),
  );
  return { value: g.op('Clip', [value, low ?? null, high ?? null]), channels };
};

const then =
  (first: Step, second: Step): Step =>
  (bench, from) =>
    second(bench, first(bench, from));

const sum: Step = ({ g, items, random, weights }, { value, channels }) => {
  const others = items.filter((item) => item.channels === channels);
  const other = random.integer(4) === 0 ? weights([channels, 1, 1], 1) : others[random.integer(others.length)]?.value;
  return { value: g.op(random.integer(3) === 0 ? 'Mul' : 'Add', [value, other ?? value]), channels };
};

const concat: Step = ({ g, items, random }, { value, channels }) => {
  const other = items[random.integer(items.length)] ?? { value, channels };
  const joined = g.op('Concat', [value, other.value], { attributes: { axis: 1 } });
  return { value: joined, channels: channels + other.channels };
};

const split: Step = ({ g }, { value, channels }) => {
  const halves = g.constant('halves', longs([1, channels - 1]));
  const [, rest = value] = g.ops('Split', [value, halves], { outputs: 2, attributes: { axis: 1 } });
  return { value: rest, channels: channels - 1 };
};

const reshaped: Step = ({ g }, { value, channels }) => {
  const turned = g.op('Transpose', [value], { attributes: { perm: [0, 1, 3, 2] } });
  const flat = g.op('Reshape', [turned, g.constant('shape', longs([2, channels, size * size]))]);
  return { value: g.op('Reshape', [flat, g.constant('shape', longs([2, channels, size, size]))]), channels };
};

const pads = [1, 1, 1, 1];
const steps: readonly Step[] = [
  convolution,
  then(convolution, behind('Relu')),
  then(convolution, clip),
  then(depthwise, behind('Relu')),
  behind('MaxPool', { kernel_shape: [3, 3], pads }),
  then(behind('MaxPool', { kernel_shape: [3, 3], pads }), behind('Relu')),
  behind('AveragePool', { kernel_shape: [3, 3], pads }),
  behind('Sigmoid'),
  behind('Relu'),
  behind('HardSigmoid'),
  sum,
  then(sum, behind('Relu')),
  concat,
  split,
  reshaped,
];

function addHead({ g, random, weights }: Bench, { value, channels }: Item): void {
  const flat = g.op('Flatten', [value]);
  const k = channels * size * size;
  const isTransposed = random.integer(2);
  const w = weights(isTransposed === 1 ? [5, k] : [k, 5], k);
  const attributes = { transB: isTransposed };
  const hidden = g.op('Gemm', [flat, w, ...(random.integer(2) === 0 ? [] : [weights([5], 4)])], { attributes });
  g.output(g.op('MatMul', [g.op('Relu', [hidden]), weights([5, 3], 5)]), 'y', tensorType('float32'));
}

/** The step between two neighboring integers of a tensor's range, for 8 bits. */
export function quantumOf({ data }: DenseTensor): number {
  const numbers = Array.from(data, Number);
  return (Math.max(...numbers, 0) - Math.min(...numbers, 0)) / 255;
}
