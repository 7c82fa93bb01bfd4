import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { productLayerOf } from '../rewrite/product-layer.ts';
import { nodeKey } from '../rewrite/node-key.ts';
import { staticRuleOf } from '../rewrite/static-rules.ts';
import type { Method } from '../vocabulary.ts';
import type { CandidatePlan } from './candidate-plan.ts';
import type { Exclusion } from './exclusion.ts';
import type { QuantizableLayer } from './find-layers.ts';
import { isInLoop } from '../../onnx/in-loop.ts';
import { int8WeightsPlan } from './weight-plans.ts';
import { withChains } from './with-chains.ts';

export interface Int8Options {
  readonly model: Model;
  readonly layers: readonly QuantizableLayer[];
  readonly method: Method;
  readonly exclusion: Exclusion;
  /** Tables that Gather reads are quantized by blocks. */
  readonly embeddings: boolean;
}

type Treatments = CandidatePlan['treatments'];

/**
 * The ways to int8 that are worth trying on a processor. Convolutions are never quantized while they run: onnxruntime
 * has no fast kernel for that.
 */
export function int8Plans(options: Int8Options): readonly CandidatePlan[] {
  const { method } = options;
  const parts = partsOf(options);
  const { convolutions, products, chained, everything, embeddings } = parts;
  const plan = (name: string, ...treatments: readonly Treatments[]): CandidatePlan => ({
    name,
    treatments: new Map([...embeddings, ...treatments.flatMap((part) => [...part])]),
  });
  const dynamic = as(products.dynamic, 'dynamic');
  const statics = [plan('static', as(chained, 'static')), plan('static layers', as(convolutions, 'static'))];
  const whole = plan('static with products', as(everything, 'static'));
  if (method === 'dynamic') return distinct([plan('dynamic', dynamic)]);
  if (method === 'static') return orWeights(distinct([whole, ...statics]), options);
  if (method === 'blocks') return distinct([plan('blocks', as(products.dynamic, 'blocks'))]);
  const mixed = plan('static, dynamic products', as(chained, 'static'), dynamic);
  // The first one is taken where nobody measures.
  const ways = [...(convolutions.length > 0 ? [mixed] : []), plan('dynamic', dynamic), ...statics, whole];
  return orWeights(distinct(ways), options);
}

/**
 * Convolutions in loops are covered by no way: they have no ranges. Where a model has no other layers, their weights at
 * least become int8: a smaller model, judged like every candidate instead of being refused for where its layers stand.
 */
function orWeights(plans: readonly CandidatePlan[], { layers }: Int8Options): readonly CandidatePlan[] {
  if (plans.length > 0) return plans;
  return distinct([int8WeightsPlan(layers.filter(({ kind }) => kind !== 'embedding'))]);
}

/** All that could be computed with integers: what costs are measured on. */
export function wholePlan(options: Int8Options): CandidatePlan {
  return { name: 'all', treatments: as(partsOf(options).everything, 'static') };
}

function partsOf({ model, layers, exclusion, embeddings }: Int8Options) {
  const usable = layers.filter(({ reason }) => reason === null);
  const nodesOf = (kind: QuantizableLayer['kind']) => usable.flatMap((each) => (each.kind === kind ? [each.node] : []));
  const isFree = (node: Node) => !exclusion.has(node) && !isInLoop(node);
  const convolutions = nodesOf('convolution').filter(hasRanges);
  const products = nodesOf('product');
  const statics = products.filter(hasRanges);
  return {
    convolutions: keysOf(convolutions),
    products: { dynamic: keysOf(products.filter((node) => productLayerOf(node) !== null)), static: keysOf(statics) },
    chained: keysOf(withChains(model.graph, new Set(convolutions), isFree)),
    everything: keysOf(withChains(model.graph, new Set([...convolutions, ...statics]), isFree)),
    embeddings: as(embeddings ? keysOf(nodesOf('embedding')) : [], 'blocks'),
  };
}

/** Whether it may compute by ranges that calibration shows. */
function hasRanges(node: Node): boolean {
  return staticRuleOf(node) !== null && !isInLoop(node);
}

function keysOf(nodes: Iterable<Node>): readonly string[] {
  return [...nodes].map(nodeKey);
}

function as(keys: readonly string[], treatment: 'static' | 'dynamic' | 'blocks'): Treatments {
  return new Map(keys.map((key) => [key, treatment]));
}

/** Without empty ones and those that do the same as one before. */
function distinct(plans: readonly CandidatePlan[]): readonly CandidatePlan[] {
  const seen = new Set<string>();
  return plans.filter(({ treatments }) => {
    const text = [...treatments]
      .map((entry) => entry.join(' '))
      .toSorted()
      .join('\n');
    if (treatments.size === 0 || seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
