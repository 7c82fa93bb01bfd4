import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { Value } from '../../onnx/value.ts';
import type { ChannelStatistics } from './statistics.ts';
import type { Tap } from './tap-model.ts';

/**
 * Measures each slice along an axis (below 0: from the end): float32 [3, length, 1] of sum, sum of |x| and largest |x|,
 * which is -Infinity where there are no elements.
 */
export function channelTap(tap: Tap, axis: number): Value {
  const { floats, writer } = tap;
  const g = writer.builder;
  const shape = g.op('Concat', threeAxes(tap, axis), { attributes: { axis: 0 } });
  // Lengths of 0 are meant as they are.
  const x = g.op('Reshape', [floats, shape], { attributes: { allowzero: 1 } });
  const abs = g.op('Abs', [x]);
  const others = writer.longs([0, 2]);
  const parts = [g.op('ReduceSum', [x, others]), g.op('ReduceSum', [abs, others]), g.op('ReduceMax', [abs, others])];
  return g.op('Concat', parts, { attributes: { axis: 0 }, as: 'channels' });
}

/** What lies before the axis, the axis and what lies behind it, int64 [1] each. */
function threeAxes({ floats, writer }: Tap, axis: number): readonly Value[] {
  const g = writer.builder;
  const lengths = (start: number, end?: number) =>
    g.op('Shape', [floats], { attributes: { start, ...(end !== undefined && { end }) } });
  const product = (part: Value) =>
    // The 1 keeps a product of nothing from being a reduction of nothing.
    g.op('ReduceProd', [g.op('Concat', [writer.longs([1]), part], { attributes: { axis: 0 } })]);
  const isLast = axis === -1;
  return [
    axis === 0 ? writer.longs([1]) : product(lengths(0, axis)),
    isLast ? lengths(axis) : lengths(axis, axis + 1),
    isLast ? writer.longs([1]) : product(lengths(axis + 1)),
  ];
}

/** Adds up what the runs say about the slices along one axis. */
export class ChannelSums {
  readonly #axis: number;
  #sums: Float64Array | null = null;
  #absSums = new Float64Array();
  #absMax = new Float64Array();
  /** Elements of each slice. */
  #elements = 0;
  #isUneven = false;

  constructor(axis: number) {
    this.#axis = axis;
  }

  /** @param elements all elements of the run, above 0 */
  add({ dims, data }: DenseTensor, elements: number): void {
    const channels = dims[1] ?? 0;
    if (this.#sums === null) {
      this.#sums = new Float64Array(channels);
      this.#absSums = new Float64Array(channels);
      this.#absMax = new Float64Array(channels);
    }
    if (channels !== this.#sums.length) this.#isUneven = true;
    if (this.#isUneven) return;
    this.#elements += elements / channels;
    for (let i = 0; i < channels; i++) {
      this.#sums[i] = (this.#sums[i] ?? 0) + Number(data[i]);
      this.#absSums[i] = (this.#absSums[i] ?? 0) + Number(data[channels + i]);
      this.#absMax[i] = Math.max(this.#absMax[i] ?? 0, Number(data[2 * channels + i]));
    }
  }

  /** Null where nothing was added, or axes of several lengths. */
  finish(): ChannelStatistics | null {
    if (this.#sums === null || this.#isUneven) return null;
    const mean = (sum: number) => sum / this.#elements;
    return {
      axis: this.#axis,
      means: this.#sums.map(mean),
      absMax: this.#absMax,
      absMeans: this.#absSums.map(mean),
    };
  }
}
