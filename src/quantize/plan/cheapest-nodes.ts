import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';
import { clipRangeOf } from '../rewrite/clip-range.ts';
import { allNodes, nodeKey } from '../rewrite/node-key.ts';
import { staticRuleOf } from '../rewrite/static-rules.ts';
import { MinCut } from './min-cut.ts';
import type { NodeCosts } from './node-costs.ts';

/**
 * The nodes that are best computed with integers: of all ways to split the given ones the one that takes least time,
 * conversions between both kinds included, each value being converted once however many read it. Every cost is
 * measured; the best split is found exactly, as a minimum cut.
 */
export function cheapestNodes(model: Model, planned: ReadonlySet<string>, costs: NodeCosts): Set<string> {
  const nodes = [...allNodes(model)].filter((node) => planned.has(nodeKey(node)));
  const places = new Map(nodes.map((node, place) => [node, place]));
  const values = valuesRead(nodes, places);
  // A thing for each node, and two for each value: whether it is there in integers, and whether in float.
  const cut = new MinCut(nodes.length + 2 * values.length);
  for (const [place, node] of nodes.entries()) {
    const key = nodeKey(node);
    cut.cost(place, bounded(costs.integerMs(key)), costs.floatMs(key));
  }
  for (const [i, value] of values.entries()) addValue(cut, value, { costs, integers: nodes.length + 2 * i });
  const isInteger = cut.solve();
  return new Set(nodes.flatMap((node, place) => (isInteger[place] === true ? [nodeKey(node)] : [])));
}

/** More than any model takes. */
const forbidden = 1e9;

function bounded(ms: number): number {
  return Math.min(ms, forbidden);
}

interface ReadValue {
  readonly name: string;
  /** The node that makes it in integers, when it computes with them; null where it is float whatever is chosen. */
  readonly producer: number | null;
  readonly readers: readonly number[];
  /** Somebody reads it who computes in float whatever is chosen. */
  readonly isReadInFloat: boolean;
}

interface ValueThings {
  readonly costs: NodeCosts;
  /** The thing that is on the integers' side when somebody reads the value so; the next one when nobody reads floats. */
  readonly integers: number;
}

function addValue(cut: MinCut, value: ReadValue, { costs, integers }: ValueThings): void {
  const { name, producer, readers, isReadInFloat } = value;
  const floats = integers + 1;
  for (const reader of readers) {
    // A reader on the integers' side drags the value there; one on the other side drags the float one here.
    cut.separation(reader, integers, forbidden);
    cut.separation(floats, reader, forbidden);
  }
  if (producer === null) return cut.cost(integers, costs.quantizeMs(name), 0);
  cut.separation(integers, producer, costs.quantizeMs(name));
  if (isReadInFloat) cut.cost(floats, forbidden, 0);
  cut.separation(producer, floats, costs.dequantizeMs(name));
}

function valuesRead(nodes: readonly Node[], places: ReadonlyMap<Node, number>): readonly ReadValue[] {
  const values = new Set<Value>();
  for (const node of nodes) {
    for (const index of staticRuleOf(node)?.data ?? []) {
      const value = node.input(index);
      if (value !== null && constantOf(value) === null) values.add(value);
    }
    if (staticRuleOf(node)?.needsOutput === true) for (const value of resultsOf(node)) values.add(value);
  }
  return [...values].map((value) => {
    const readers = value.uses.map(({ node, index }) =>
      staticRuleOf(node)?.data.includes(index) === true ? places.get(node) : undefined,
    );
    const source = integerSource(value, places);
    return {
      name: value.name,
      producer: source,
      readers: readers.filter((place) => place !== undefined),
      isReadInFloat: value.isOutput || readers.includes(undefined),
    };
  });
}

/** What a node makes, behind a clip that saturation does the work of. */
function resultsOf(node: Node): readonly Value[] {
  return node.outputs.flatMap((value) => {
    const clip = value?.onlyUser ?? null;
    const behind = clip !== null && clipRangeOf(clip) !== null ? clip.output(0) : value;
    return behind === null ? [] : [behind];
  });
}

function integerSource(value: Value, places: ReadonlyMap<Node, number>): number | null {
  const maker = value.producer;
  const clipped = maker !== null && clipRangeOf(maker) !== null ? maker.input(0) : null;
  const source = clipped?.onlyUser === maker && clipped !== null ? clipped.producer : maker;
  if (source === null || staticRuleOf(source)?.needsOutput !== true) return null;
  return places.get(source) ?? null;
}
