import type { ProfiledKernel } from '../profile-result.ts';

type Shaped = Pick<ProfiledKernel, 'op' | 'inputs' | 'outputs'>;

/** Kernels that do a layer's arithmetic in floats, with an integer kernel to take their place. */
const floatLayers: ReadonlySet<string> = new Set([
  'Attention',
  'Conv',
  'FusedConv',
  'FusedGemm',
  'FusedMatMul',
  'Gemm',
  'MatMul',
  'NhwcFusedConv',
]);

/** Others with weights whose rows or channels can be removed, and where among their inputs the weight is. */
const weightInputs: ReadonlyMap<string, number> = new Map([
  ...Array.from(floatLayers, (op) => [op, 1] as const),
  ['ConvInteger', 1],
  ['ConvTranspose', 1],
  ['DynamicQuantizeMatMul', 1],
  ['GRU', 1],
  ['LSTM', 1],
  ['MatMulInteger', 1],
  ['MatMulIntegerToFloat', 1],
  ['MatMulNBits', 1],
  ['QGemm', 3],
  ['QLinearConv', 3],
  ['QLinearMatMul', 3],
]);

const products: ReadonlySet<string> = new Set(['FusedMatMul', 'MatMul', 'MatMulInteger', 'QLinearMatMul']);

/** Whether it works with weights, as far as shapes tell: the products inside attention are those of stacked matrices. */
export function hasWeight(kernel: Shaped): boolean {
  const weight = weightOf(kernel);
  return weight !== null && weight.length >= 2 && !(products.has(kernel.op) && weight.length > 2);
}

/** A layer in float32 that quantization could turn into an integer one: not depthwise, which gains nothing. */
export function isFloatLayer(kernel: Shaped): boolean {
  if (!floatLayers.has(kernel.op) || !hasWeight(kernel) || kernel.inputs[0]?.type !== 'float32') return false;
  return !isDepthwise(kernel);
}

/** Of the elements it reads and writes, those of its weight. */
export function weightPart(kernel: Shaped): number {
  const weight = hasWeight(kernel) ? weightOf(kernel) : null;
  if (weight === null) return 0;
  const all = [...kernel.inputs, ...kernel.outputs].reduce((sum, { dims }) => sum + elementsOf(dims), 0);
  return all === 0 ? 0 : elementsOf(weight) / all;
}

function weightOf({ op, inputs }: Shaped): readonly number[] | null {
  const at = weightInputs.get(op);
  return at === undefined ? null : (inputs[at]?.dims ?? null);
}

/** One input channel a filter; with a single channel altogether it is an ordinary convolution. */
function isDepthwise({ op, inputs }: Shaped): boolean {
  const channels = inputs[0]?.dims[op === 'NhwcFusedConv' ? inputs[0].dims.length - 1 : 1];
  return op.includes('Conv') && inputs[1]?.dims[1] === 1 && channels !== 1;
}

function elementsOf(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1);
}
