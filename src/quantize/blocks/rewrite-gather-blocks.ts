import { attributeOf } from '../../onnx/attribute.ts';
import { longs } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import type { BlockTensors } from './block-tensors.ts';
import { dropUnused, sharedInitializer } from './constants-in-use.ts';
import { contribDomain, importContrib } from './contrib-domain.ts';
import { productWeight } from './product-weight.ts';

/** An embedding table `[V, D]` that a Gather reads rows of. As a weight `[K, N]` it is transposed: K = D, N = V. */
export interface GatherTable {
  readonly value: Value;
  readonly tensor: Tensor;
  readonly k: number;
  readonly n: number;
  readonly isTransposed: true;
}

/** The constant float32 matrix whose rows a Gather takes, or null. */
export function gatherTable(node: Node): GatherTable | null {
  const value = node.is('Gather') ? node.input(0) : null;
  const tensor = value?.constant;
  if (!value || tensor?.type !== 'float32' || tensor.dims.length !== 2) return null;
  const axis = node.int('axis', 0);
  const [n = 0, k = 0] = tensor.dims;
  if ((axis !== 0 && axis !== -2) || n === 0 || k === 0) return null;
  return { value, tensor, k, n, isTransposed: true };
}

/** Products whose weight is the table, transposed: as in language models that tie the last layer to the embedding. */
export function tiedProducts({ value }: GatherTable): readonly Node[] {
  const readers = value.uses.map(({ node }) => node);
  const behind = readers.flatMap((node) => (node.is('Transpose') ? (node.output(0)?.uses ?? []) : []));
  return [...new Set([...readers, ...behind.map(({ node }) => node)])].filter((node) => {
    const weight = productWeight(node);
    return weight?.value === value && weight.isTransposed;
  });
}

export interface GatherBlocksOptions {
  /** Of the table as a weight `[D, V]`. */
  readonly tensors: BlockTensors;
  /** Whether MatMulNBits nodes read the same tensors. They need B in three axes: a Reshape gives this node two. */
  readonly isTied: boolean;
}

/**
 * Makes a Gather of embeddings a GatherBlockQuantized (domain com.microsoft), on the same output. Where D has no whole
 * number of blocks, B's padding is no part of the table, so that tied tables share scales and zero points only. False,
 * and nothing changed, where `gatherTable` finds none or a row's integers do not fill whole bytes. Throws RangeError
 * for tensors of another shape.
 */
export function rewriteGatherBlocks(model: Model, node: Node, { tensors, isTied }: GatherBlocksOptions): boolean {
  const table = gatherTable(node);
  const { rows } = tensors;
  if (table === null || rows === null) return false;
  if (table.k !== tensors.k || table.n !== tensors.n)
    throw new RangeError(`blocks of [${tensors.k}, ${tensors.n}] for [${table.k}, ${table.n}]`);
  const { graph, name } = table.value;
  const { bits, blockSize, k, scales, zeroPoints } = tensors;
  const isShared = isTied && k % blockSize === 0;
  const inputs = [
    isShared ? reshaped(table, tensors, rows) : sharedInitializer(graph, `${name}_rows_q${bits}`, rows),
    node.input(1),
    sharedInitializer(graph, `${name}_scales`, scales),
  ];
  if (zeroPoints !== null) inputs.push(sharedInitializer(graph, `${name}_zero_points`, zeroPoints));
  node.setOp('GatherBlockQuantized', contribDomain);
  node.setInputs(inputs);
  node.removeAttribute('axis');
  const attributes = { gather_axis: 0, quantize_axis: 1, bits, block_size: blockSize };
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(attributeOf.int(key, value));
  importContrib(model);
  dropUnused(table.value);
  return true;
}

/** B as a matrix, the same for all who ask. onnxruntime folds the Reshape while it loads the model. */
function reshaped({ value: { graph, name } }: GatherTable, { bits, b }: BlockTensors, { dims }: Tensor): Value {
  const shared = sharedInitializer(graph, `${name}_q${bits}`, b);
  const known = shared.uses.find(({ node }) => node.is('Reshape'))?.node.output(0);
  if (known) return known;
  const shape = graph.addInitializer(`${name}_rows_shape`, Tensor.fromDense(longs(dims)));
  const reshape = graph.insertBefore(graph.firstNode, {
    op: 'Reshape',
    inputs: [shared, shape],
    outputs: [`${name}_rows`],
  });
  return reshape.output(0) ?? shared;
}
