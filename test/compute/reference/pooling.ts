import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import type { NdArray } from './nd-array.ts';
import { at, fill, indicesOf } from './nd-array.ts';
import type { NodeCall, ReferenceOp, ReferenceOps } from './reference-op.ts';
import type { AxisWindow } from './windows.ts';
import { covered, placesOf, threeAxes, windowsOf } from './windows.ts';

/** What one window of a pooling operator sees. */
interface Seen {
  readonly values: readonly number[];
  /** Their places in the input's memory. */
  readonly offsets: readonly number[];
  /** Elements of the window that lie in the input or in its padding, but not behind it. */
  readonly padded: number;
}

function pool(call: NodeCall, result: (seen: Seen) => number): NdArray {
  const { node } = call;
  const x = call.input(0);
  const [batch = 0, channels = 0, ...spatial] = x.dims;
  const kernel = node.ints('kernel_shape') ?? [];
  const windows = windowsOf(node, { lengths: spatial, kernel });
  const lengths = threeAxes(spatial);
  const ceil = node.int('ceil_mode', 0) === 1;
  const places = windows.map((window, axis) => placesOf(window, lengths[axis] ?? 1, ceil));
  const full: NdArray = { dims: [batch, channels, ...lengths], data: x.data };
  const pooled = fill([batch, channels, ...places], ([n = 0, c = 0, ...place]) =>
    result(lookThrough(full, windows, [n, c, ...place])),
  );
  return { dims: [batch, channels, ...places.slice(3 - spatial.length)], data: pooled.data };
}

function lookThrough(x: NdArray, windows: readonly AxisWindow[], index: readonly number[]): Seen {
  const [n = 0, c = 0, ...place] = index;
  const [, , ...lengths] = x.dims;
  const axes = windows.map((window, axis) => covered(window, place[axis] ?? 0));
  const [values, offsets]: [number[], number[]] = [[], []];
  let padded = 0;
  for (const tap of indicesOf(axes.map(({ length }) => length))) {
    const where = axes.map((indices, axis) => indices[tap[axis] ?? 0] ?? 0);
    if (where.every((i, axis) => i < (lengths[axis] ?? 0) + (windows[axis]?.after ?? 0))) padded++;
    if (!where.every((i, axis) => i >= 0 && i < (lengths[axis] ?? 0))) continue;
    values.push(at(x, [n, c, ...where]));
    offsets.push([n, c, ...where].reduce((offset, i, axis) => offset * (x.dims[axis] ?? 1) + i, 0));
  }
  return { values, offsets, padded };
}

const maxPool: ReferenceOp = (call) => {
  const offsets: number[] = [];
  const pooled = pool(call, (seen) => {
    const sorted = seen.values.toSorted((a, b) => b - a);
    const [first = -Infinity, second] = sorted;
    if (second !== undefined) call.kink(first - second);
    offsets.push(seen.offsets[seen.values.indexOf(first)] ?? Number.NaN);
    return first;
  });
  return [pooled, { dims: pooled.dims, data: Float64Array.from(offsets) }];
};

const averagePool: ReferenceOp = (call) => {
  const withPadding = call.node.int('count_include_pad', 0) === 1;
  return [
    pool(call, ({ values, padded }) => values.reduce((a, b) => a + b, 0) / (withPadding ? padded : values.length)),
  ];
};

/** Over all spatial axes. */
function globalPool(result: (values: readonly number[], call: NodeCall) => number): ReferenceOp {
  return (call) => {
    const { dims, data } = call.input(0);
    const [batch = 0, channels = 0, ...spatial] = dims;
    const size = elementCount(spatial);
    return [
      fill([batch, channels, ...spatial.map(() => 1)], ([n = 0, c = 0]) => {
        const start = (n * channels + c) * size;
        return result([...data.subarray(start, start + size)], call);
      }),
    ];
  };
}

export const poolingOps: ReferenceOps = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalPool((values) => values.reduce((a, b) => a + b, 0) / values.length),
  GlobalMaxPool: globalPool((values, call) => {
    const [first = Number.NaN, second] = values.toSorted((a, b) => b - a);
    if (second !== undefined) call.kink(first - second);
    return first;
  }),
};
