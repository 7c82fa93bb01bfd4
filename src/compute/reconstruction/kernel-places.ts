import { elementCount } from '../../onnx/dense-tensor.ts';
import type { Value } from '../../onnx/value.ts';
import type { IndexMath } from './index-math.ts';
import type { KernelWindow } from './layer-product.ts';

export interface KernelPlaces {
  /** Where in the flattened input each tap of the kernel reads: int32 [samples, places, taps]. */
  readonly places: Value;
  /** Whether that is inside the input, bool of the same shape; null where all is. */
  readonly isInside: Value | null;
}

interface Sliding {
  readonly x: Value;
  readonly z: Value;
  readonly window: KernelWindow;
}

/** What the window of a convolution from x to z reads at places of the flattened output, int32 [samples, places]. */
export function kernelPlaces(math: IndexMath, outputs: Value, sliding: Sliding): KernelPlaces {
  const { x, z, window } = sliding;
  const rank = window.kernel.length;
  const corners = unravel(math, outputs, { of: z, rank });
  let places: Value | null = null;
  let isInside: Value | null = null;
  for (const [axis, corner] of corners.entries()) {
    const length = math.length(x, axis + 2);
    const start = math.op('Sub', math.op('Mul', corner, window.strides[axis] ?? 1), padBefore(math, sliding, axis));
    const read = math.op('Add', math.spread(start, [2]), tapOffsets(math, window, axis));
    const place = isPadded(window) ? math.op('Max', math.op('Min', read, math.op('Sub', length, 1)), 0) : read;
    const inside: Value | null = isPadded(window) ? math.op('Equal', place, read) : null;
    places = places === null ? place : math.op('Add', math.op('Mul', places, length), place);
    isInside = isInside === null || inside === null ? inside : math.op('And', isInside, inside);
  }
  return { places: places ?? outputs, isInside };
}

/** Flat places as one index an axis, counted behind the first two axes of a value. */
function unravel(
  math: IndexMath,
  places: Value,
  { of, rank }: { readonly of: Value; readonly rank: number },
): readonly Value[] {
  const indices: Value[] = [];
  let rest = places;
  for (let axis = rank - 1; axis > 0; axis--) {
    const length = math.length(of, axis + 2);
    const rows = math.op('Div', rest, length);
    indices.unshift(math.op('Sub', rest, math.op('Mul', rows, length)));
    rest = rows;
  }
  return [rest, ...indices];
}

/** How far from the window's corner each tap lies along one axis, the taps in row-major order: int32 [taps]. */
function tapOffsets(math: IndexMath, { kernel, dilations }: KernelWindow, axis: number): Value {
  const behind = elementCount(kernel.slice(axis + 1));
  const step = dilations[axis] ?? 1;
  const taps = Array.from({ length: elementCount(kernel) }, (_, tap) => Math.floor(tap / behind) % (kernel[axis] ?? 1));
  return math.list(taps.map((tap) => tap * step));
}

function isPadded({ autoPad, before, after }: KernelWindow): boolean {
  if (autoPad === 'NOTSET') return [...before, ...after].some((pad) => pad !== 0);
  return autoPad !== 'VALID';
}

/** Padding before an axis: a number, or int32 [1] where SAME_UPPER or SAME_LOWER leave it to the lengths. */
function padBefore(math: IndexMath, { x, z, window }: Sliding, axis: number): Value | number {
  const { autoPad, before, kernel, strides, dilations } = window;
  if (autoPad === 'NOTSET') return before[axis] ?? 0;
  if (autoPad === 'VALID') return 0;
  const steps = math.op('Mul', math.op('Sub', math.length(z, axis + 2), 1), strides[axis] ?? 1);
  const reach = math.op('Add', steps, ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1);
  const all = math.op('Max', math.op('Sub', reach, math.length(x, axis + 2)), 0);
  return math.op('Div', autoPad === 'SAME_UPPER' ? all : math.op('Add', all, 1), 2);
}
