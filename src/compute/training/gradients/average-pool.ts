import { elementCount } from '../../../onnx/dense-tensor.ts';
import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import type { SpatialWindow, WindowAxis } from './spatial-window.ts';
import { poolWindow, spatialDims } from './spatial-window.ts';
import { spread } from './spread.ts';
import { areTiles, fillTiles, untiled } from './tiles.ts';

function averagePoolBack(view: NodeGradient): void {
  const window = poolWindow(view);
  if (window === null) throw new RangeError('strides, dilations or pads do not fit');
  view.give(0, () => {
    const { e } = view;
    const each = e.div(view.gradient(), divisors(view, window));
    if (areTiles(window)) return untiled(e, fillTiles(e, each, window), window);
    return isPool(window) ? summed(e, each, window) : spreadOnes(e, each, window);
  });
}

/** Without strides, what reaches an element is the sum of the windows around it: a pool again. */
function isPool(window: SpatialWindow): boolean {
  return window.every(
    ({ stride, dilation, kernel, before, after }) =>
      stride === 1 && dilation === 1 && before >= 0 && before < kernel && after >= 0 && after < kernel,
  );
}

function summed(e: Expressions, each: Expr, window: SpatialWindow): Expr {
  const kernel = window.map((axis) => axis.kernel);
  const mean = e.op('AveragePool', [each], {
    type: each.type,
    dims: [...each.dims.slice(0, 2), ...window.map(({ image }) => image)],
    attributes: {
      kernel_shape: kernel,
      pads: [
        ...window.map((axis) => axis.kernel - 1 - axis.before),
        ...window.map((axis) => axis.kernel - 1 - axis.after),
      ],
      count_include_pad: 1,
    },
  });
  return e.mul(mean, elementCount(kernel));
}

/** Every channel by itself, as if it were a sample: groups would take longer. */
function spreadOnes(e: Expressions, each: Expr, window: SpatialWindow): Expr {
  const [batch = 1, channels = 1, ...places] = each.dims;
  const kernel = window.map((axis) => axis.kernel);
  const weight = e.constant({
    type: 'float32',
    dims: [1, 1, ...kernel],
    data: new Float32Array(elementCount(kernel)).fill(1),
  });
  const y = e.reshape(each, [batch * channels, 1, ...places]);
  const image = spread(e, { y, weight: e.cast(weight, y.type), groups: 1, window });
  return e.reshape(image, [batch, channels, ...image.dims.slice(2)]);
}

/** By how many elements each place divides its sum: a number where it is the same everywhere. */
function divisors(view: NodeGradient, window: SpatialWindow): Expr | number {
  const counts = window.map((axis, index) => countsOf(axis, paddingOf(view, axis, index)));
  const area = elementCount(window.map(({ kernel }) => kernel));
  const products = counts.reduce<readonly number[]>((sofar, axis) => sofar.flatMap((a) => axis.map((b) => a * b)), [1]);
  if (products.every((count) => count === area)) return area;
  const dims = [1, 1, ...window.map(({ places }) => places)];
  const numbers = view.e.constant({ type: 'float32', dims, data: Float32Array.from(products) });
  return view.e.cast(numbers, view.gradient().type);
}

interface Padding {
  readonly before: number;
  readonly after: number;
}

/** The padding that counts as elements. */
function paddingOf({ node }: NodeGradient, { before, after }: WindowAxis, index: number): Padding {
  if (node.int('count_include_pad', 0) === 0) return { before: 0, after: 0 };
  const pads = node.ints('pads') ?? [];
  // What a last window of ceil_mode reads beyond the padding is not counted.
  const isNamed = node.string('auto_pad', 'NOTSET') === 'NOTSET';
  return { before, after: isNamed ? (pads[pads.length / 2 + index] ?? 0) : Math.max(0, after) };
}

function countsOf(axis: WindowAxis, padding: Padding): readonly number[] {
  return Array.from({ length: axis.places }, (_, place) => {
    const reads = Array.from(
      { length: axis.kernel },
      (__, tap) => place * axis.stride + tap * axis.dilation - axis.before,
    );
    const counted = reads.filter((read) => read >= -padding.before && read < axis.image + padding.after).length;
    // A place that only reads padding gives nothing back, whatever it is divided by.
    return Math.max(1, counted);
  });
}

function globalAveragePoolBack(view: NodeGradient): void {
  const { e } = view;
  const { dims } = view.input(0);
  view.give(0, () => e.expand(e.div(view.gradient(), elementCount(spatialDims({ dims }))), dims));
}

/** onnxruntime pads as if there were no dilations, and so returns another shape than the specification says. */
function problemOf(view: NodeGradient): string | null {
  const { node } = view;
  if (node.string('auto_pad', 'NOTSET').startsWith('SAME') && (node.ints('dilations') ?? []).some((step) => step !== 1))
    return 'its auto_pad comes with dilations';
  return poolWindow(view) === null ? 'its strides, dilations or pads do not fit its kernel' : null;
}

export const averagePoolRules: GradientRules = new Map([
  ['AveragePool', rule(averagePoolBack, problemOf)],
  ['GlobalAveragePool', rule(globalAveragePoolBack)],
]);
