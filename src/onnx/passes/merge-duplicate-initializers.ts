import type { Graph } from '../graph.ts';
import type { PurePass } from '../pass.ts';
import type { Tensor } from '../tensor.ts';
import { sameTensor } from '../tensor-types/same-tensor.ts';
import { tensorHash } from '../tensor-types/tensor-hash.ts';
import { allGraphs } from '../traverse.ts';
import type { Value } from '../value.ts';
import { redirect } from './redirect.ts';

/** What is read from disk to look for duplicates, smallest tensors first: a few seconds' worth. */
const mostBytesRead = 4 * 1024 ** 3;

/** Tensors that differ mostly differ here already, and need not be read further. */
const firstBytes = 4096;

interface Constant {
  readonly value: Value;
  readonly tensor: Tensor;
}

/**
 * Keeps one of several constants with the same type, shape and bytes: within a graph, and in subgraphs where a graph
 * around them has the same. Tensors are compared only with others of their type and shape, first by a hash of their
 * first bytes, then by one of all and then byte for byte. So are tied weights found, such as an embedding that the last
 * layer reads as well.
 *
 * Left alone: initializers that are inputs too, sparse ones, all but one of those that a graph returns, weights that
 * are equal only after a transposition or a cast, and the largest tensors beyond 4 GiB in all, which are not read.
 */
export const mergeDuplicateInitializers: PurePass = {
  name: 'merge-duplicate-initializers',
  apply(model) {
    let changed = false;
    let bytesLeft = mostBytesRead;
    for (const group of candidates(allGraphs(model))) {
      bytesLeft -= group.reduce((sum, { tensor }) => sum + tensor.byteLength, 0);
      if (bytesLeft < 0) break;
      if (mergeEqual(group)) changed = true;
    }
    return changed;
  },
};

/** Constants that may be equal, the smallest first; graphs around others come before these. */
function candidates(graphs: Iterable<Graph>): readonly (readonly Constant[])[] {
  const constants: Constant[] = [];
  for (const graph of graphs) {
    for (const value of graph.initializers) {
      if (value.constant !== null && !value.isUnused) constants.push({ value, tensor: value.constant });
    }
  }
  const groups = several(constants, ({ type, dims, byteLength }) => `${type}[${dims.join()}]${byteLength}`);
  return groups.toSorted((a, b) => (a[0]?.tensor.byteLength ?? 0) - (b[0]?.tensor.byteLength ?? 0));
}

/** Those that share a key with others. */
function several(constants: readonly Constant[], keyOf: (tensor: Tensor) => string): readonly (readonly Constant[])[] {
  const groups = new Map<string, Constant[]>();
  for (const constant of constants) {
    const key = keyOf(constant.tensor);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [constant]);
    else group.push(constant);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function mergeEqual(group: readonly Constant[]): boolean {
  let changed = false;
  for (const alike of several(group, (tensor) => tensorHash(tensor, firstBytes)))
    for (const equal of several(alike, (tensor) => tensorHash(tensor))) if (mergeAlike(equal)) changed = true;
  return changed;
}

function mergeAlike(alike: readonly Constant[]): boolean {
  const kept: Constant[] = [];
  let changed = false;
  // Those that a graph returns keep their names, so they are the ones to stay.
  for (const constant of alike.toSorted((a, b) => Number(b.value.isOutput) - Number(a.value.isOutput))) {
    const isMerged = kept.some((other) => isMergedInto(constant, other));
    if (isMerged) changed = true;
    else kept.push(constant);
  }
  return changed;
}

function isMergedInto({ value, tensor }: Constant, other: Constant): boolean {
  if (value.isOutput || !encloses(other.value.graph, value.graph) || !sameTensor(tensor, other.tensor)) return false;
  if (!redirect(value, other.value)) return false;
  value.graph.removeInitializer(value);
  return true;
}

function encloses(outer: Graph, inner: Graph): boolean {
  for (let graph: Graph | null = inner; graph !== null; graph = graph.parent) if (graph === outer) return true;
  return false;
}
