import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allNodes, nodeKey } from '../rewrite/node-key.ts';
import type { OwnedTimes } from './profile-owner.ts';

/** What each choice costs, in ms a run. */
export interface NodeCosts {
  floatMs(key: string): number;
  /** Infinite where onnxruntime did not compute the node with integers. */
  integerMs(key: string): number;
  /** Of the value with this name. */
  quantizeMs(value: string): number;
  dequantizeMs(value: string): number;
  /** Keys of products that are faster when they quantize their input while they run. */
  readonly dynamic: ReadonlySet<string>;
}

export interface MeasuredTimes {
  readonly float: OwnedTimes;
  /** All that can be is computed with integers. */
  readonly integer: OwnedTimes;
  /** All products quantize while they run; null where there are none. */
  readonly dynamic: OwnedTimes | null;
}

/** What converting an element takes where none of its kind was measured: a few bytes a nanosecond. */
const usualMsPerElement = 3e-7;

/** Costs of nodes from profiles of one model in float, in integers and with dynamic products. */
export function nodeCosts(model: Model, planned: ReadonlySet<string>, times: MeasuredTimes): NodeCosts {
  const { float, integer, dynamic } = times;
  const extra = extraTimes(model, planned, times);
  const sizes = elementsOf(model, float);
  const perElement = conversionRate(integer, sizes);
  const faster = new Set(
    [...(dynamic?.nodesMs ?? [])].flatMap(([key, ms]) => {
      const isDynamic = dynamic?.ops.get(key)?.some((op) => /Integer|DynamicQuantize/.test(op)) === true;
      return isDynamic && ms < (float.nodesMs.get(key) ?? 0) ? [key] : [];
    }),
  );
  const estimate = (value: string) => (sizes.get(value) ?? 0) * perElement;
  return {
    dynamic: faster,
    floatMs: (key) =>
      Math.min(float.nodesMs.get(key) ?? 0, faster.has(key) ? (dynamic?.nodesMs.get(key) ?? 0) : Infinity),
    integerMs: (key) => {
      const isPlain = integer.ops.get(key)?.some((op) => plainOps.has(op)) === true;
      return isPlain ? Number.POSITIVE_INFINITY : (integer.nodesMs.get(key) ?? 0) + (extra.get(key) ?? 0);
    },
    quantizeMs: (value) => integer.quantizeMs.get(value) ?? estimate(value),
    dequantizeMs: (value) => integer.dequantizeMs.get(value) ?? estimate(value),
  };
}

/** Operators that were to compute with integers and do not. */
const plainOps: ReadonlySet<string> = new Set([
  'Conv',
  'FusedConv',
  'Gemm',
  'FusedGemm',
  'MatMul',
  'FusedMatMul',
  'Add',
  'Mul',
]);

/**
 * What stays in float may take longer behind integers: an activation that the float layer took in stands alone then.
 * That is the layer's cost.
 */
function extraTimes(model: Model, planned: ReadonlySet<string>, { float, integer }: MeasuredTimes) {
  const extra = new Map<string, number>();
  for (const node of allNodes(model)) {
    const key = nodeKey(node);
    const source = node.input(0)?.producer ?? null;
    if (planned.has(key) || source === null || !planned.has(nodeKey(source))) continue;
    const more = (integer.nodesMs.get(key) ?? 0) - (float.nodesMs.get(key) ?? 0);
    if (more > 0) extra.set(nodeKey(source), (extra.get(nodeKey(source)) ?? 0) + more);
  }
  return extra;
}

/** Elements of values, by the name of the value; those of fused layers count for what follows, too. */
function elementsOf(model: Model, { elements }: OwnedTimes): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const sizeOf = (node: Node): number => elements.get(nodeKey(node)) ?? sizes.get(node.input(0)?.name ?? '') ?? 0;
  for (const node of allNodes(model))
    for (const value of node.outputs) if (value !== null) sizes.set(value.name, sizeOf(node));
  return sizes;
}

/** Median time an element of the conversions that were measured. */
function conversionRate({ quantizeMs, dequantizeMs }: OwnedTimes, sizes: ReadonlyMap<string, number>): number {
  const rates = [...quantizeMs, ...dequantizeMs].flatMap(([value, ms]) => {
    const size = sizes.get(value) ?? 0;
    return size > 0 && ms > 0 ? [ms / size] : [];
  });
  const sorted = rates.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? usualMsPerElement;
}
