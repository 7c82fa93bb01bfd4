import type { Node } from '../../../onnx/node.ts';
import type { Window } from '../../../onnx/shape/window.ts';
import { windowOf } from '../../../onnx/shape/window.ts';
import type { NodeGradient } from '../gradient-rule.ts';

/** How a kernel slides along one spatial axis, paddings worked out: tap t of place p reads p·stride + t·dilation - before. */
export interface WindowAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Length from a kernel's first tap to its last. */
  readonly reach: number;
  /** Length of the axis that is read. */
  readonly image: number;
  /** Places of the kernel: the length of the other side. */
  readonly places: number;
  readonly before: number;
  /** How far the last place reaches beyond the axis; below zero where it leaves elements at the end unread. */
  readonly after: number;
}

/** The spatial axes in order, behind batch and channels. */
export type SpatialWindow = readonly WindowAxis[];

/** Of a Conv: slides over the input. Null where the attributes make no sense. */
export function convolutionWindow(view: NodeGradient): SpatialWindow | null {
  const [image, places] = [spatialDims(view.input(0)), spatialDims(view.output(0))];
  return windowAxes(view.node, { kernel: spatialDims(view.input(1)), image, places }, imagePadding);
}

/** Of a ConvTranspose: the kernel slides over the output, placed once for each element of the input. */
export function transposedWindow(view: NodeGradient): SpatialWindow | null {
  const [image, places] = [spatialDims(view.output(0)), spatialDims(view.input(0))];
  return windowAxes(view.node, { kernel: spatialDims(view.input(1)), image, places }, transposedPadding);
}

/** Of a pool: slides over the input. */
export function poolWindow(view: NodeGradient): SpatialWindow | null {
  const kernel = view.node.ints('kernel_shape');
  const [image, places] = [spatialDims(view.input(0)), spatialDims(view.output(0))];
  return kernel && windowAxes(view.node, { kernel, image, places }, imagePadding);
}

export function spatialDims({ dims }: { readonly dims: readonly number[] }): readonly number[] {
  return dims.slice(2);
}

interface Lengths {
  readonly kernel: readonly number[];
  readonly image: readonly number[];
  readonly places: readonly number[];
}

interface Placement {
  readonly node: Node;
  readonly window: Window;
  readonly index: number;
  /** Padding of both sides together if the places just reach the end. */
  readonly total: number;
}

function windowAxes(node: Node, lengths: Lengths, padding: (placement: Placement) => number): SpatialWindow | null {
  const window = windowOf(node, lengths.kernel);
  if (window === null) return null;
  return lengths.kernel.map((kernel, index) => {
    const [stride = 1, dilation = 1] = [window.strides[index], window.dilations[index]];
    const [image = 1, places = 1] = [lengths.image[index], lengths.places[index]];
    const reach = (kernel - 1) * dilation + 1;
    const total = (places - 1) * stride + reach - image;
    const before = padding({ node, window, index, total });
    return { kernel, stride, dilation, reach, image, places, before, after: total - before };
  });
}

/** `auto_pad` as Conv and the pools mean it: an odd one goes to the side that the name says. */
function imagePadding({ window, index, total }: Placement): number {
  if (window.autoPad === 'SAME_UPPER') return Math.floor(Math.max(0, total) / 2);
  if (window.autoPad === 'SAME_LOWER') return Math.ceil(Math.max(0, total) / 2);
  return window.autoPad === 'VALID' ? 0 : (window.before[index] ?? 0);
}

/** A given output shape, and SAME, tell the padding: an odd one goes to the front but for SAME_UPPER. */
function transposedPadding({ node, window, index, total }: Placement): number {
  const isGiven = (node.ints('output_shape')?.length ?? 0) > 0 || window.autoPad.startsWith('SAME');
  if (!isGiven) return window.autoPad === 'VALID' ? 0 : (window.before[index] ?? 0);
  const padding = Math.max(0, total + (node.ints('output_padding')?.[index] ?? 0));
  return window.autoPad === 'SAME_UPPER' ? Math.floor(padding / 2) : Math.ceil(padding / 2);
}
