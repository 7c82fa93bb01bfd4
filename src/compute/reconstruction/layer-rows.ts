import type { Value } from '../../onnx/value.ts';
import type { IndexMath } from './index-math.ts';
import { kernelPlaces } from './kernel-places.ts';
import type { KernelWindow, LayerProduct } from './layer-product.ts';
import { sampledPlaces } from './sampled-places.ts';

export interface RowSource {
  /** What the layer reads. */
  readonly x: Value;
  /** What it makes, perhaps with more channels than are kept; else as long as what x gives. */
  readonly z: Value;
  /** Channels of z; null for all. */
  readonly keptOutputs: Int32Array | null;
  readonly product: LayerProduct;
  /** The most places for each sample of a convolution. */
  readonly positions: number;
  /** The most rows of a run else. */
  readonly mostRows: number;
  /** See `drawsOf`. */
  readonly draws: Value;
}

/** Rows of x and the rows of z that go with them. */
export interface LayerRows {
  /** [rows, groups x columns] */
  readonly inputs: Value;
  /** [rows, groups x outputs] */
  readonly targets: Value;
}

/** Picks rows at random. Only what is picked is copied: a convolution's input is not unfolded. */
export function layerRows(math: IndexMath, source: RowSource): LayerRows {
  const { window } = source.product;
  return window === null ? matrixRows(math, source) : convolutionRows(math, source, window);
}

function matrixRows(math: IndexMath, { x, z, keptOutputs, mostRows, draws }: RowSource): LayerRows {
  const targets = math.flatten(z, -1);
  const total = math.longLength(targets, 0);
  const places = sampledPlaces(math, { total, samples: math.writer.longs([1]), most: mostRows, draws });
  const rows = math.op('Squeeze', places, math.writer.longs([0]));
  const picked = math.op('Gather', targets, rows);
  const columns = keptOutputs && math.list(keptOutputs);
  const kept = columns && math.writer.builder.op('Gather', [picked, columns], { attributes: { axis: 1 } });
  return { inputs: math.op('Gather', math.flatten(x, -1), rows), targets: kept ?? picked };
}

function convolutionRows(math: IndexMath, source: RowSource, window: KernelWindow): LayerRows {
  const { x, z, keptOutputs, positions, draws, product } = source;
  const samples = math.longLength(z, 0);
  const places = sampledPlaces(math, { total: math.longArea(z, 2), samples, most: positions, draws });
  const sample = math.cast(math.countTo(samples), 'int32');
  const taps = kernelPlaces(math, places, { x, z, window });
  // [samples, places, channels, taps]: a row's elements lie behind each other as the weight has them.
  const read = { sample: math.spread(sample, [1, 2, 3]), channels: math.spread(channelsOf(math, x), [1]) };
  const inputs = math.pick(x, math.op('Add', channelStarts(math, x, read), math.spread(taps.places, [2])));
  const made = { sample: math.spread(sample, [1, 2]), channels: channelsOf(math, z, keptOutputs) };
  const targets = math.pick(z, math.op('Add', channelStarts(math, z, made), math.spread(places, [2])));
  const rows = (value: Value, length: number) =>
    math.op('Reshape', value, math.writer.longs([-1, product.groups * length]));
  return {
    inputs: rows(padded(math, inputs, taps.isInside), product.columns),
    targets: rows(targets, product.outputs),
  };
}

function padded(math: IndexMath, read: Value, isInside: Value | null): Value {
  if (isInside === null) return read;
  const zero = math.op('CastLike', math.writer.scalar(0).value, read);
  return math.op('Where', math.spread(isInside, [2]), read, zero);
}

/** Indices of channels: all unless given. */
function channelsOf(math: IndexMath, value: Value, kept: Int32Array | null = null): Value {
  return kept === null ? math.cast(math.countTo(math.longLength(value, 1)), 'int32') : math.list(kept);
}

/** Where channels of each sample start in the flattened value. */
function channelStarts(
  math: IndexMath,
  value: Value,
  { sample, channels }: { readonly sample: Value; readonly channels: Value },
): Value {
  const plane = math.op('Add', math.op('Mul', sample, math.length(value, 1)), channels);
  return math.op('Mul', plane, math.cast(math.longArea(value, 2), 'int32'));
}
