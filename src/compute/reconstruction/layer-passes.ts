import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { topologicalOrder } from '../../onnx/sort.ts';
import type { LayerProduct, LayerRefusal } from './layer-product.ts';
import { layerProductOf } from './layer-product.ts';

export interface WantedLayer {
  /** Name of a node of the main graph of both models. */
  readonly node: string;
  /** Output channels of the original's node that the pruned one still has, in its order; null for all. */
  readonly keptOutputs: Int32Array | null;
}

export interface RefusedLayer {
  readonly node: string;
  readonly reason: LayerRefusal;
}

/** A layer that sums are taken of. */
export interface SummedLayer extends WantedLayer {
  readonly product: LayerProduct;
}

export interface LayerPasses {
  /** Layers that are taken in one pass over the data, those close to the inputs first. */
  readonly passes: readonly (readonly SummedLayer[])[];
  readonly refused: readonly RefusedLayer[];
}

/** Float32 three times (before and after a run, and on its way), float64 once, and a copy of that for who takes it. */
const bytesPerElement = 28;

/**
 * Divides layers into passes whose sums fit `mostBytes`, at least one layer each.
 * @throws RangeError where the kept outputs are not as many as the pruned layer makes
 */
export function layerPasses(
  layers: readonly WantedLayer[],
  { original, pruned, mostBytes }: { readonly original: Model; readonly pruned: Model; readonly mostBytes: number },
): LayerPasses {
  const wanted = new Map(layers.map((layer) => [layer.node, layer]));
  const targets = new Map([...original.graph.nodes()].map((node) => [node.name, node]));
  const refused = new Map([...wanted.keys()].map((node): [string, LayerRefusal] => [node, 'not-found']));
  const found: SummedLayer[] = [];
  for (const node of topologicalOrder(pruned.graph)) {
    const [layer, target] = [wanted.get(node.name), targets.get(node.name)];
    if (layer === undefined || target === undefined || node.name === '') continue;
    const product = pairedProductOf(node, target, layer);
    if (typeof product === 'string') refused.set(node.name, product);
    else {
      refused.delete(node.name);
      found.push({ ...layer, product });
    }
  }
  return { passes: inPasses(found, mostBytes), refused: [...refused].map(([node, reason]) => ({ node, reason })) };
}

function pairedProductOf(node: Node, target: Node, { keptOutputs }: WantedLayer): LayerProduct | LayerRefusal {
  const product = layerProductOf(node);
  const wide = layerProductOf(target);
  if (typeof product === 'string') return product;
  if (typeof wide === 'string') return wide;
  const kept = keptOutputs?.length ?? wide.groups * wide.outputs;
  if (kept !== product.groups * product.outputs)
    throw new RangeError(`'${node.name}' makes ${product.groups * product.outputs} channels and not ${kept}`);
  return product;
}

function inPasses(layers: readonly SummedLayer[], mostBytes: number): readonly (readonly SummedLayer[])[] {
  const passes: SummedLayer[][] = [];
  let left = 0;
  for (const layer of layers) {
    const { groups, columns, outputs } = layer.product;
    const bytes = bytesPerElement * groups * columns * (columns + outputs);
    if (passes.length === 0 || bytes > left) {
      passes.push([]);
      left = mostBytes;
    }
    passes.at(-1)?.push(layer);
    left -= bytes;
  }
  return passes;
}
