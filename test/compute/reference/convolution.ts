import type { Node } from '../../../src/onnx/node.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import type { NdArray } from './nd-array.ts';
import { element } from './nd-array.ts';
import type { ReferenceOp, ReferenceOps } from './reference-op.ts';
import type { AxisWindow } from './windows.ts';
import { placesOf, threeAxes, windowsOf } from './windows.ts';

/** One product that a convolution adds up: places in memory of what is read and of where it goes. */
interface Tap {
  readonly large: number;
  readonly small: number;
  readonly kernel: number;
}

/**
 * All ways in which a kernel's element joins an element of the larger side (a Conv's input) and one of the smaller (its
 * output), over three axes.
 */
function* tapsOf(windows: readonly AxisWindow[], large: Axes, small: Axes): Generator<Tap, void, undefined> {
  const [p, q, r] = small;
  const [depth, height, width] = windows;
  if (depth === undefined || height === undefined || width === undefined) throw new RangeError('three axes it takes');
  for (let i = 0; i < p; i++)
    for (let j = 0; j < q; j++)
      for (let k = 0; k < r; k++)
        for (let a = 0; a < depth.size; a++)
          for (let b = 0; b < height.size; b++)
            for (let c = 0; c < width.size; c++) {
              const [x, y, z] = [joined(depth, i, a), joined(height, j, b), joined(width, k, c)];
              if (x < 0 || y < 0 || z < 0 || x >= large[0] || y >= large[1] || z >= large[2]) continue;
              yield {
                large: (x * large[1] + y) * large[2] + z,
                small: (i * q + j) * r + k,
                kernel: (a * height.size + b) * width.size + c,
              };
            }
}

type Axes = readonly [number, number, number];

function joined({ stride, dilation, before }: AxisWindow, place: number, tap: number): number {
  return place * stride - before + tap * dilation;
}

function kernelShape(node: Node, weight: NdArray): readonly number[] {
  return node.ints('kernel_shape') ?? weight.dims.slice(2);
}

/** Y[n,m,o] = B[m] + Σ X[n, g·C+c, o·stride - pad + k·dilation] · W[m,c,k], m in group g */
const conv: ReferenceOp = ({ node, input, optional }) => {
  const [x, weight, bias] = [input(0), input(1), optional(2)];
  const [batch = 0, channels = 0, ...spatial] = x.dims;
  const [outChannels = 0, inGroup = 0] = weight.dims;
  const windows = windowsOf(node, { lengths: spatial, kernel: kernelShape(node, weight) });
  const large = threeAxes(spatial);
  const [d = 0, h = 0, w = 0] = windows.map((window, axis) => placesOf(window, large[axis] ?? 1));
  const small: Axes = [d, h, w];
  const perGroup = outChannels / node.int('group', 1);
  const taps = [...tapsOf(windows, large, small)];
  const [inSize, outSize, kernelSize] = [elementCount(large), elementCount(small), elementCount(weight.dims.slice(2))];
  const data = new Float64Array(batch * outChannels * outSize);
  for (let n = 0; n < batch; n++)
    for (let m = 0; m < outChannels; m++) {
      const to = (n * outChannels + m) * outSize;
      if (bias !== null) data.fill(element(bias.data, m), to, to + outSize);
      for (let c = 0; c < inGroup; c++) {
        const from = (n * channels + Math.floor(m / perGroup) * inGroup + c) * inSize;
        const by = (m * inGroup + c) * kernelSize;
        for (const tap of taps)
          data[to + tap.small] =
            element(data, to + tap.small) + element(x.data, from + tap.large) * element(weight.data, by + tap.kernel);
      }
    }
  return [{ dims: [batch, outChannels, ...small.slice(3 - spatial.length)], data }];
};

/** The transpose of a Conv: every element of X is spread by the kernel. Weights are [C, M/group, …]. */
const convTranspose: ReferenceOp = ({ node, input, optional }) => {
  const [x, weight, bias] = [input(0), input(1), optional(2)];
  const [batch = 0, channels = 0, ...spatial] = x.dims;
  const perGroup = weight.dims[1] ?? 0;
  const groups = node.int('group', 1);
  const [outChannels, inGroup] = [perGroup * groups, channels / groups];
  const small = threeAxes(spatial);
  const { windows, lengths } = transposedWindows(node, spatial, kernelShape(node, weight));
  const large = threeAxes(lengths);
  const taps = [...tapsOf(windows, large, small)];
  const [inSize, outSize, kernelSize] = [elementCount(small), elementCount(large), elementCount(weight.dims.slice(2))];
  const data = new Float64Array(batch * outChannels * outSize);
  for (let n = 0; n < batch; n++)
    for (let m = 0; m < outChannels; m++) {
      const to = (n * outChannels + m) * outSize;
      if (bias !== null) data.fill(element(bias.data, m), to, to + outSize);
      for (let c = 0; c < inGroup; c++) {
        const channel = Math.floor(m / perGroup) * inGroup + c;
        const from = (n * channels + channel) * inSize;
        const by = (channel * perGroup + (m % perGroup)) * kernelSize;
        for (const tap of taps)
          data[to + tap.large] =
            element(data, to + tap.large) + element(x.data, from + tap.small) * element(weight.data, by + tap.kernel);
      }
    }
  return [{ dims: [batch, outChannels, ...lengths], data }];
};

/** The windows of the Conv that it transposes, and the lengths of its result: the formulas of the specification. */
function transposedWindows(node: Node, lengths: readonly number[], kernel: readonly number[]) {
  const explicit = windowsOf(node, { lengths, kernel }).slice(3 - kernel.length);
  const more = node.ints('output_padding') ?? kernel.map(() => 0);
  const autoPad = node.string('auto_pad', 'NOTSET');
  const wanted =
    node.ints('output_shape')?.slice(-kernel.length) ??
    (autoPad.startsWith('SAME') ? explicit.map(({ stride }, axis) => stride * (lengths[axis] ?? 0)) : null);
  const axes = explicit.map((window, axis): { readonly window: AxisWindow; readonly length: number } => {
    const { size, stride, dilation } = window;
    const full = stride * ((lengths[axis] ?? 0) - 1) + (more[axis] ?? 0) + (size - 1) * dilation + 1;
    if (wanted === null) return { window, length: full - window.before - window.after };
    const length = wanted[axis] ?? 0;
    const total = full - length;
    const half = Math.floor(total / 2);
    const before = autoPad === 'SAME_UPPER' ? half : total - half;
    return { window: { ...window, before, after: total - before }, length };
  });
  const none: AxisWindow = { size: 1, stride: 1, dilation: 1, before: 0, after: 0 };
  return {
    windows: [...Array.from({ length: 3 - kernel.length }, () => none), ...axes.map(({ window }) => window)],
    lengths: axes.map(({ length }) => length),
  };
}

export const convolutionOps: ReferenceOps = { Conv: conv, ConvTranspose: convTranspose };
