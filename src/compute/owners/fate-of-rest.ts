import type { Node } from '../../onnx/node.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { OptimizedGraph, OptimizedNode } from '../optimized-graph.ts';
import type { Claims } from './claims.ts';
import { kernelsOf } from './kernel-anchors.ts';

interface Rest {
  readonly nodes: readonly Node[];
  readonly constant: ReadonlySet<Node>;
  readonly graph: OptimizedGraph;
  /** Gets the nodes that were fused. */
  readonly claims: Claims;
}

type Gone = 'folded' | 'dropped';

/** What became of the nodes that no kernel is tied to. */
export function fateOfRest({ nodes, constant, graph, claims }: Rest): ReadonlyMap<Node, Gone> {
  const gone = new Map<Node, Gone>();
  const isLeft = (node: Node) => claims.kernelsOf(node).length === 0 && !gone.has(node);
  for (const node of constant) if (isLeft(node)) gone.set(node, 'folded');
  const constants = new Set(constantsOf(graph));
  // Readers before what they read: a shape is folded with all that was computed to get it.
  for (const node of nodes.toReversed()) {
    const fate = isLeft(node) ? unread(node, constants, gone) : null;
    if (fate !== null) gone.set(node, fate);
  }
  const order = new Map([...kernelsOf(graph)].map((kernel, at) => [kernel, at]));
  // A branch that nothing is left of was never to be taken.
  const alive = new Set(nodes.flatMap((node) => (claims.kernelsOf(node).length > 0 ? [node.graph] : [])));
  for (const node of nodes) {
    if (!isLeft(node)) continue;
    const kernel = alive.has(node.graph) ? neighborOf(node, claims, order) : null;
    if (kernel === null) gone.set(node, 'dropped');
    else claims.add(kernel, node);
  }
  return gone;
}

function constantsOf(graph: OptimizedGraph): readonly string[] {
  return [graph, ...[...kernelsOf(graph)].flatMap(({ bodies }) => bodies)].flatMap(({ constants }) => constants);
}

/** Folded where the runtime has its result as a constant, or where only folded ones read it; dropped where nobody does. */
function unread(node: Node, constants: ReadonlySet<string>, gone: ReadonlyMap<Node, Gone>): Gone | null {
  const values = node.outputs.filter((value) => value !== null);
  const open = values.filter((value) => !constants.has(value.name));
  if (open.length === 0) return 'folded';
  if (open.some((value) => value.isOutput)) return null;
  const readers = new Set(open.flatMap((value) => value.uses.map((use) => gone.get(use.node) ?? null)));
  if (readers.has(null)) return null;
  return readers.has('folded') || open.length < values.length ? 'folded' : 'dropped';
}

/** Nodes that compute nothing are taken out, whatever stands beside them. */
const idle = ['Identity', 'Dropout'];

/**
 * The kernel that took a node in: the last one that makes what it reads, for the node cannot run before, or else the first
 * one that reads what it makes. Null where neither takes others in, or there is still a value between: it was found
 * needless.
 */
function neighborOf(node: Node, claims: Claims, places: ReadonlyMap<OptimizedNode, number>): OptimizedNode | null {
  if (node.is(...idle)) return null;
  const placeOf = (kernel: OptimizedNode) => places.get(kernel) ?? 0;
  const before = [...readsOf(node)]
    .flatMap((value) =>
      value.producer === null ? [] : claims.kernelsOf(value.producer).map((kernel) => ({ kernel, value })),
    )
    .toSorted((a, b) => placeOf(b.kernel) - placeOf(a.kernel))[0];
  const after = node.outputs
    .flatMap((value) => value?.uses ?? [])
    .flatMap((use) => claims.kernelsOf(use.node))
    .toSorted((a, b) => placeOf(a) - placeOf(b))[0];
  const isBehind = before !== undefined && !before.kernel.outputs.includes(before.value.name);
  if (isBehind && takesOthers(before.kernel)) return before.kernel;
  return after !== undefined && takesOthers(after) ? after : null;
}

const fusing: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

function takesOthers({ op, domain, name }: OptimizedNode): boolean {
  return fusing.has(op) || domain.startsWith('com.microsoft') || name.startsWith('fused ');
}
