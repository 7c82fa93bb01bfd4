import { placesIn } from '../../compute/owners/mark-nodes.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allNodes, nodeKey } from '../rewrite/node-key.ts';
import { clipRangeOf } from '../rewrite/clip-range.ts';

/** What the runtime says of one node of its optimized graph. */
export interface ProfiledNode {
  readonly name: string;
  readonly op: string;
  readonly medianMs: number;
  readonly outputs: readonly { readonly dims: readonly number[] }[];
}

/** What the runtime and `addPair` put behind the name of a value to name a node. */
const suffixes = /_(?:nchwc|(?:Quantize|Dequantize|DynamicQuantize)Linear.*)$/;

/** Convolutions and products take these in. */
const longestFusion = 4;

/**
 * Whose work a node of the optimized graph does: the node of the model, as it was before marking. Fused nodes are named
 * after one of theirs or after the value they make; activations that a layer took in count as the layer's. Null for
 * what the runtime added by itself, such as changes of layout.
 */
function profileOwners(model: Model): (profiled: ProfiledNode) => Node | null {
  const nodes = [...allNodes(model)];
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((value) => [value?.name ?? '', node] as const)));
  return ({ name, op }) => {
    const [place] = placesIn(name);
    const node = place === undefined ? makers.get(name.replace(suffixes, '')) : nodes[place];
    return node === undefined ? null : layerBehind(node, op);
  };
}

function layerBehind(node: Node, op: string): Node {
  const wanted = /Conv/.test(op) ? ['Conv'] : /Gemm|MatMul/.test(op) ? ['Gemm', 'MatMul'] : [];
  let at: Node | null = node;
  for (let step = 0; step < longestFusion && at !== null; step++) {
    if (wanted.length > 0 ? at.is(...wanted) : clipRangeOf(at) === null) return at;
    at = wanted.length > 0 || at.input(0)?.onlyUser === at ? (at.input(0)?.producer ?? null) : null;
  }
  return node;
}

/** Sums of times by the key of the node whose work it was; conversions apart, by the value that they convert. */
export interface OwnedTimes {
  readonly nodesMs: ReadonlyMap<string, number>;
  readonly quantizeMs: ReadonlyMap<string, number>;
  readonly dequantizeMs: ReadonlyMap<string, number>;
  /** Operators that did a node's work. */
  readonly ops: ReadonlyMap<string, readonly string[]>;
  /** Elements of what a node makes. */
  readonly elements: ReadonlyMap<string, number>;
}

/** Sorts a profile by nodes and values of the model. */
export function ownedTimes(model: Model, profile: readonly ProfiledNode[]): OwnedTimes {
  const ownerOf = profileOwners(model);
  const [nodesMs, quantizeMs, dequantizeMs] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const ops = new Map<string, string[]>();
  const elements = new Map<string, number>();
  for (const each of profile) {
    const { name, op, medianMs, outputs } = each;
    const value = name.replace(suffixes, '');
    if (op === 'QuantizeLinear') add(quantizeMs, value, medianMs);
    else if (op === 'DequantizeLinear') add(dequantizeMs, value, medianMs);
    const owner = op.endsWith('antizeLinear') ? null : ownerOf(each);
    if (owner === null) continue;
    const key = nodeKey(owner);
    add(nodesMs, key, medianMs);
    ops.set(key, [...(ops.get(key) ?? []), op]);
    elements.set(key, outputs[0]?.dims.reduce((a, b) => a * b, 1) ?? 0);
  }
  return { nodesMs, quantizeMs, dequantizeMs, ops, elements };
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
