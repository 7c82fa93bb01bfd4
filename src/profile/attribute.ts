import { placedNodesOf, placesIn, unmarked } from '../compute/owners/mark-nodes.ts';
import type { OwnedKernel } from '../compute/owners/node-owners.ts';
import { nodeOwners } from '../compute/owners/node-owners.ts';
import type { OptimizedGraph, OptimizedNode } from '../compute/optimized-graph.ts';
import type { Node } from '../onnx/node.ts';
import type { KernelTimes } from './kernel-times.ts';
import type { FileGraph } from './profile-options.ts';
import type { ProfiledKernel } from './profile-result.ts';
import type { NodeFate } from './profile-vocabulary.ts';

/** Whose work the kernels of a profile do. */
export interface Attribution {
  /** Of the file, in the order of its graphs: the main one, then the bodies. */
  readonly nodes: readonly AttributedNode[];
  /** By kernel, in the order of the profile. */
  readonly kernels: readonly AttributedKernel[];
}

export interface AttributedKernel {
  /** The optimized graph's name, marks put back into names. */
  readonly name: string;
  readonly added: ProfiledKernel['added'];
  /** Indices into `nodes`; the first is the one that the kernel is named for. */
  readonly fileNodes: readonly number[];
}

export interface AttributedNode {
  readonly node: Node;
  readonly fate: NodeFate;
}

/** Ties the kernels of a profile of the marked model to the nodes of the file. */
export function attribute(file: FileGraph, times: readonly KernelTimes[]): Attribution {
  const originals = placedNodesOf(file.original);
  const graph = file.optimized ?? graphOfProfile(times);
  const owners = nodeOwners(file.marked, graph);
  const places = new Map(placedNodesOf(file.marked).map((node, place) => [node, place]));
  const found = kernelFinder(graph, owners.kernels);
  const owned = times.map((_, at) => found(times, at));
  const placesOf = ({ nodes }: OwnedKernel) => nodes.flatMap((node) => places.get(node) ?? []);
  const kernels = times.map(({ kernel }, at) => {
    const owner = owned[at] ?? null;
    const fileNodes = owner === null ? placesIn(kernel.name) : placesOf(owner);
    const name = unmarked(kernel.name, (place) => labelOf(originals[place]));
    return { name, added: owner?.added ?? null, fileNodes };
  });
  const first = new Set(kernels.flatMap(({ fileNodes }) => fileNodes.slice(0, 1)));
  const ran = new Set(kernels.flatMap(({ fileNodes }) => fileNodes));
  const gone = new Map([...owners.gone].flatMap(([node, fate]) => [[places.get(node) ?? -1, fate] as const]));
  const nodes = originals.map((node, place) => ({ node, fate: fateOf(place, { first, ran, gone }) }));
  return { nodes, kernels };
}

interface Found {
  readonly first: ReadonlySet<number>;
  readonly ran: ReadonlySet<number>;
  readonly gone: ReadonlyMap<number, 'folded' | 'dropped'>;
}

function fateOf(place: number, { first, ran, gone }: Found): NodeFate {
  if (first.has(place)) return 'ran';
  return ran.has(place) ? 'fused' : (gone.get(place) ?? 'not-run');
}

/** What to call a node: its name, or that of what it makes. */
export function labelOf(node: Node | undefined): string {
  if (node === undefined || node.name !== '') return node?.name ?? '';
  return node.outputs.find((value) => value !== null)?.name ?? node.op;
}

/** Where the runtime cannot tell its graph, the kernels of the profile stand for it: names without values. */
function graphOfProfile(times: readonly KernelTimes[]): OptimizedGraph {
  const nodes = times.map(({ kernel: { name, op } }) => ({
    name,
    op,
    domain: '',
    inputs: [],
    outputs: [],
    bodies: [],
  }));
  return { nodes, constants: [] };
}

/** Finds a profile's kernel in the optimized graph: by name, operator and the bodies around it. */
function kernelFinder(graph: OptimizedGraph, owners: readonly OwnedKernel[]) {
  const owned = new Map(owners.map((owner) => [owner.kernel, owner]));
  const byKey = new Map<string, OptimizedNode>();
  const note = ({ nodes }: OptimizedGraph, around: string): void => {
    for (const node of nodes) {
      const key = keyOf(around, node);
      byKey.set(key, node);
      for (const body of node.bodies) note(body, key);
    }
  };
  note(graph, '');
  const keyAt = (times: readonly KernelTimes[], at: number): string => {
    const one = times[at];
    if (one === undefined) return '';
    return keyOf(one.within === null ? '' : keyAt(times, one.within), one.kernel);
  };
  return (times: readonly KernelTimes[], at: number): OwnedKernel | null => {
    const node = byKey.get(keyAt(times, at));
    return node === undefined ? null : (owned.get(node) ?? null);
  };
}

function keyOf(around: string, { op, name }: Pick<OptimizedNode, 'op' | 'name'>): string {
  return `${around} > ${op} ${name}`;
}
