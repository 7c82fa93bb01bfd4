import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import { allNodesByKey } from './node-key.ts';
import type { StaticRule } from './static-rules.ts';
import { staticRuleOf } from './static-rules.ts';
import { UnionFind } from './union-find.ts';

/** Which nodes compute with integers, and by what scales. */
export interface StaticPlan {
  /** Keys of nodes (see `nodeKey`). Those without a rule, or with a value of no known range, stay in float. */
  readonly nodes: ReadonlySet<string>;
  /** Keys of products whose output is quantized too, for what reads it computes with integers. */
  readonly chained: ReadonlySet<string>;
  /** Scale and zero point of a value by its name in the calibrated model; null where none is known. */
  parametersOf(value: string): QuantizationParameters | null;
  readonly perChannel: boolean;
  /** 7-bit weights. */
  readonly reduced: boolean;
}

/** A node that is going to compute with integers. */
export interface PlannedNode {
  readonly node: Node;
  readonly rule: StaticRule;
  /** Whether its output is quantized again. */
  readonly quantizesOutput: boolean;
}

/** The nodes of a plan in one copy of the model. */
export function plannedNodes(model: Model, { nodes, chained }: StaticPlan): Map<Node, PlannedNode> {
  const planned = new Map<Node, PlannedNode>();
  for (const [key, node] of allNodesByKey(model)) {
    const rule = nodes.has(key) ? staticRuleOf(node) : null;
    if (rule !== null) planned.set(node, { node, rule, quantizesOutput: rule.needsOutput || chained.has(key) });
  }
  return planned;
}

/** Values that a node reads as activations. */
export function activationsOf({ node, rule }: PlannedNode): readonly Value[] {
  return rule.data.flatMap((index) => {
    const value = node.input(index);
    return value === null || constantOf(value) !== null ? [] : [value];
  });
}

/** Values that a node makes, to be quantized. */
export function quantizedOutputsOf({ node, quantizesOutput }: PlannedNode): readonly Value[] {
  return quantizesOutput ? node.outputs.filter((value) => value !== null) : [];
}

/** Values on both sides of a node that moves integers have one scale: that of the first of them. */
export function tiedValues(planned: Iterable<PlannedNode>): UnionFind<Value> {
  const ties = new UnionFind<Value>();
  for (const each of planned) {
    const [input] = activationsOf(each);
    if (each.rule.kind !== 'movement' || input === undefined) continue;
    for (const output of quantizedOutputsOf(each)) ties.join(input, output);
  }
  return ties;
}
