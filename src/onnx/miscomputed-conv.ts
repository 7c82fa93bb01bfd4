import { Graph } from './graph.ts';
import type { Model } from './model.ts';
import type { Node } from './node.ts';
import { floatConstantOf } from './passes/float-constant.ts';
import { allGraphs, allGraphsOf } from './traverse.ts';

/** The kernel that is at fault reads three channels at once where it cannot read four. */
const [atOnce, aligned] = [3, 4] as const;

/**
 * Whether onnxruntime's WebGPU computes a convolution wrong: it reads its input's channels by threes, at a quarter of
 * their place, so that all but the first three are others'. Seen in onnxruntime 1.30, in Node and in browsers alike,
 * with one or two spatial axes, without groups, where the channels read are a multiple of 3 beyond 3 but not of 4, and
 * those written a multiple of 4; not of pointwise kernels, which become a matrix product. False where the weights
 * are no constant floats. Source: its `conv2d_mm`, whose snippet for three elements divides the channel by four; issue
 * 29651 of microsoft/onnxruntime.
 */
export function isMiscomputedOnWebGpu(node: Node): boolean {
  const dims = node.is('Conv') && node.int('group', 1) === 1 ? floatConstantOf(node.input(1))?.dims : undefined;
  const [written = 0, read = 0, ...kernel] = dims ?? [];
  if (kernel.length !== 1 && kernel.length !== 2) return false;
  if (read <= atOnce || read % atOnce !== 0 || read % aligned === 0 || written % aligned !== 0) return false;
  return !isProduct(node, kernel);
}

/** Whether a kernel of one element is moved over all of the input, so that it is a matrix product. */
function isProduct(node: Node, kernel: readonly number[]): boolean {
  const isStill = (name: string, still: number) => (node.ints(name) ?? []).every((each) => each === still);
  return kernel.every((length) => length === 1) && isStill('strides', 1) && isStill('pads', 0);
}

/** The nodes that onnxruntime's WebGPU computes wrong, in order: of a graph and those inside it, or of a whole model. */
export function miscomputedOnWebGpu(whole: Model | Graph): readonly Node[] {
  const graphs = whole instanceof Graph ? allGraphsOf(whole) : allGraphs(whole);
  return [...graphs].flatMap((graph) => [...graph.nodes()].filter(isMiscomputedOnWebGpu));
}

/** The next number of channels that is computed right. */
export function computedWidth(channels: number): number {
  return Math.ceil(channels / aligned) * aligned;
}
