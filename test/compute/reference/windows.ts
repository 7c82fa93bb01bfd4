import type { Node } from '../../../src/onnx/node.ts';

/** How a kernel moves along one axis. */
export interface AxisWindow {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** A tensor's spatial axes, made three by axes of length 1 in front. */
export function threeAxes(dims: readonly number[], filler = 1): readonly [number, number, number] {
  const [d = filler, h = filler, w = filler] = [...Array.from({ length: 3 - dims.length }, () => filler), ...dims];
  return [d, h, w];
}

/** Windows of Conv and of the pooling operators over three axes, auto_pad resolved. */
export function windowsOf(
  node: Node,
  { lengths, kernel }: { readonly lengths: readonly number[]; readonly kernel: readonly number[] },
): readonly AxisWindow[] {
  const rank = kernel.length;
  const strides = node.ints('strides') ?? kernel.map(() => 1);
  const dilations = node.ints('dilations') ?? kernel.map(() => 1);
  const pads = node.ints('pads') ?? [...kernel, ...kernel].map(() => 0);
  const windows = kernel.map((size, axis): AxisWindow => {
    const [stride, dilation] = [strides[axis] ?? 1, dilations[axis] ?? 1];
    const length = lengths[axis] ?? 1;
    const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + (size - 1) * dilation + 1 - length);
    switch (node.string('auto_pad', 'NOTSET')) {
      case 'SAME_UPPER':
        return { size, stride, dilation, before: Math.floor(total / 2), after: Math.ceil(total / 2) };
      case 'SAME_LOWER':
        return { size, stride, dilation, before: Math.ceil(total / 2), after: Math.floor(total / 2) };
      case 'VALID':
        return { size, stride, dilation, before: 0, after: 0 };
      default:
        return { size, stride, dilation, before: pads[axis] ?? 0, after: pads[axis + rank] ?? 0 };
    }
  });
  const none: AxisWindow = { size: 1, stride: 1, dilation: 1, before: 0, after: 0 };
  return [...Array.from({ length: 3 - rank }, () => none), ...windows];
}

/** Number of places along an axis; with ceil_mode a last window that begins in the padding behind does not count. */
export function placesOf({ size, stride, dilation, before, after }: AxisWindow, length: number, ceil = false): number {
  const room = (length + before + after - (size - 1) * dilation - 1) / stride;
  if (!ceil) return Math.floor(room) + 1;
  const places = Math.ceil(room) + 1;
  return (places - 1) * stride >= length + before ? places - 1 : places;
}

/** The indices along an axis that the window at a place covers; those outside are in the padding. */
export function covered({ size, stride, dilation, before }: AxisWindow, place: number): readonly number[] {
  return Array.from({ length: size }, (_, tap) => place * stride - before + tap * dilation);
}
