import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import { floats, GraphBuilder, longs } from '../../onnx/graph-builder.ts';
import type { Value } from '../../onnx/value.ts';
import { createRandom } from '../../stats/seeded-random.ts';
import { firstElement } from './first-element.ts';
import type { Precision } from './precision.ts';
import type { Workload } from './workload.ts';

/** Large enough for every processor to reach its best, small enough to be over soon. */
const productSize = 1024;

const flopsPerProduct = 2 * productSize ** 3;

/**
 * Square matrix products in a row, each on the result of the one before. The second factor is constant, as weights are,
 * so that the runtime may pack it. What goes in is a column, and what comes out a single number: on a GPU, large tensors
 * would take longer to get there and back than the products.
 */
export function productWorkload(precision: Precision): Workload {
  return {
    name: `products of ${precision}`,
    feeds: { x: floats([productSize, 1], column()) },
    build: (repeats) => {
      const g = new GraphBuilder();
      let y = firstFactor(g, precision);
      const multiply = multiplier(g, precision);
      for (let at = 0; at < repeats; at++) y = multiply(y);
      firstElement(g, y);
      return g.model();
    },
    amount: (repeats) => repeats * flopsPerProduct,
  };
}

const typeOf = { float32: 'float32', float16: 'float16', int8: 'uint8' } as const;

function firstFactor(g: GraphBuilder, precision: Precision): Value {
  const x = g.input('x', 'float32', [productSize, 1]);
  const type = typeOf[precision];
  const typed = type === 'float32' ? x : g.op('Cast', [x], { attributes: { to: numberOfDataType(type) } });
  return g.op('Expand', [typed, g.constant('square', longs([productSize, productSize]))]);
}

function multiplier(g: GraphBuilder, precision: Precision): (y: Value) => Value {
  if (precision === 'int8') return integerMultiplier(g);
  const float = g.constant('w', { type: 'float32', dims: [productSize, productSize], data: weights() });
  const w =
    precision === 'float32' ? float : g.op('Cast', [float], { attributes: { to: numberOfDataType('float16') } });
  return (y) => g.op('MatMul', [y, w]);
}

function integerMultiplier(g: GraphBuilder): (y: Value) => Value {
  const scale = g.constant('scale', floats([], [1 / 128]));
  const zero = g.constant('zero', { type: 'uint8', dims: [], data: Uint8Array.of(128) });
  const weightZero = g.constant('weight_zero', { type: 'int8', dims: [], data: Int8Array.of(0) });
  const w = g.constant('w', integerWeights());
  return (y) => g.op('QLinearMatMul', [y, scale, zero, w, scale, weightZero, scale, zero]);
}

/** Between 0 and 200, so that every type holds them. */
function column(): number[] {
  const random = createRandom(0, 'roofs column');
  return Array.from({ length: productSize }, () => random.integer(200) / 100 + 1);
}

/** Of variance 1 / size: products keep the magnitude of what goes in, and never reach denormals, which are slow. */
function weights(): Float32Array {
  const random = createRandom(0, 'roofs weights');
  const width = Math.sqrt(12 / productSize);
  return Float32Array.from({ length: productSize ** 2 }, () => (random.next() - 0.5) * width);
}

function integerWeights(): DenseTensor {
  const random = createRandom(0, 'roofs weights');
  const data = Int8Array.from({ length: productSize ** 2 }, () => random.integer(255) - 127);
  return { type: 'int8', dims: [productSize, productSize], data };
}
