import type { Graph } from '../onnx/graph.ts';
import type { Node } from '../onnx/node.ts';
import type { Tensor } from '../onnx/tensor.ts';
import { readsOf } from '../onnx/traverse.ts';
import type { Value } from '../onnx/value.ts';
import type { FoldRegion } from './fold-regions.ts';

/** Puts constants of the same names in the place of a region's results, and takes away what nobody needs any more. */
export function replaceFolded(graph: Graph, region: FoldRegion, tensors: ReadonlyMap<Value, Tensor>): void {
  const constants = region.results.map((value) => {
    const tensor = tensors.get(value);
    if (tensor === undefined) throw new RangeError(`'${value.name}' was not computed`);
    const constant = graph.addInitializer(value.name, tensor);
    value.replaceUsesWith(constant);
    return { constant, name: value.name };
  });
  const reads = new Set<Value>();
  for (const node of region.nodes.toReversed()) {
    for (const value of readsOf(node)) reads.add(value);
    graph.remove(node);
  }
  for (const { constant, name } of constants) constant.rename(name);
  for (const value of reads) removeUnused(value);
}

function removeUnused(value: Value): void {
  if (!value.isUnused) return;
  if (value.isInitializer && !value.isInput) value.graph.removeInitializer(value);
  else if (isIdleConstant(value.producer)) value.graph.remove(value.producer);
}

function isIdleConstant(node: Node | null): node is Node {
  return node?.graph !== null && node?.is('Constant') === true;
}
