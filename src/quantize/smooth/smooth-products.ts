import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Value } from '../../onnx/value.ts';
import type { ProductLayer } from '../rewrite/product-layer.ts';
import { productLayerOf } from '../rewrite/product-layer.ts';
import { floatConstant } from '../rewrite/weights.ts';
import { maximaAlong, multipliedAlong } from './along-axis.ts';
import { foldIntoProducer } from './fold-into-producer.ts';
import { replaceConstant } from './replace-constant.ts';
import { smoothingFactors } from './smoothing-factors.ts';

export interface SmoothingOptions {
  /** max |x| along the last axis of a value, by its name; null where no data reached it. */
  absMaxOf(value: string): Float32Array | Float64Array | null;
  /** 0 … 1, usually 0.5: how much of the outliers goes from the inputs into the weights. */
  readonly alpha: number;
}

/** Why the products that read a value were left as they are. */
export type NotSmoothed =
  /** Its channels' ranges are not known. */
  | 'not-observed'
  /** Something else than products with constant weights reads it, or the model returns it. */
  | 'read-by-others'
  /** A weight is read by other nodes too. */
  | 'shared-weight'
  /** What makes it cannot take factors in: that would take another node. */
  | 'producer';

export interface SmoothingReport {
  /** Values that were smoothed. */
  readonly smoothed: readonly string[];
  readonly skipped: ReadonlyMap<string, NotSmoothed>;
}

/**
 * SmoothQuant (Xiao et al., 2023): channels of large activations are divided by a factor, and the rows of the weights
 * that read them multiplied by it, so that neither has outliers. The division is folded into what makes the
 * activations; where that cannot be, nothing is done. What the model computes stays the same.
 */
export function smoothProducts(model: Model, options: SmoothingOptions): SmoothingReport {
  const smoothed: string[] = [];
  const skipped = new Map<string, NotSmoothed>();
  for (const [value, layers] of productsByInput(model.graph)) {
    const reason = smooth(value, layers, options);
    if (reason === null) smoothed.push(value.name);
    else skipped.set(value.name, reason);
  }
  return { smoothed, skipped };
}

function productsByInput(graph: Graph): ReadonlyMap<Value, readonly ProductLayer[]> {
  const groups = new Map<Value, ProductLayer[]>();
  for (const node of graph.nodes()) {
    const layer = productLayerOf(node);
    if (layer === null) continue;
    const group = groups.get(layer.input) ?? [];
    group.push(layer);
    groups.set(layer.input, group);
  }
  return groups;
}

function smooth(
  value: Value,
  layers: readonly ProductLayer[],
  { absMaxOf, alpha }: SmoothingOptions,
): NotSmoothed | null {
  if (value.isOutput || value.useCount !== layers.length) return 'read-by-others';
  if (layers.some(({ weight }) => weight.useCount !== 1)) return 'shared-weight';
  const weights = maximaOf(layers);
  const fold = foldIntoProducer(value, weights.length);
  if (fold === null) return 'producer';
  const inputs = absMaxOf(value.name);
  if (inputs === null || inputs.length !== weights.length) return 'not-observed';
  const factors = smoothingFactors({ inputs, weights, alpha });
  for (const layer of layers) {
    const weight = floatConstant(layer.weight);
    if (weight !== null) replaceConstant(layer.node, 1, multipliedAlong(weight, rowAxis(layer), factors));
  }
  fold(factors.map((factor) => 1 / factor));
  return null;
}

/** The axis of a stored weight that its input's channels run along. */
function rowAxis({ isTransposed }: ProductLayer): number {
  return isTransposed ? 1 : 0;
}

/** The largest weight of each input channel, over all layers that read it. */
function maximaOf(layers: readonly ProductLayer[]): Float64Array {
  let most = new Float64Array();
  for (const layer of layers) {
    const weight = floatConstant(layer.weight);
    if (weight === null) continue;
    const maxima = maximaAlong(weight, rowAxis(layer)).map((max) => Math.abs(layer.alpha) * max);
    most = maxima.map((max, i) => Math.max(max, most[i] ?? 0));
  }
  return most;
}
