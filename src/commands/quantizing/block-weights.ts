import type { Gram } from '../../compute/calibration/gram-sums.ts';
import { collectGrams } from '../../compute/calibration/collect-grams.ts';
import { DataError } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';
import { awqBlocks } from '../../quantize/blocks/awq.ts';
import type { BlockSize } from '../../quantize/blocks/block-format.ts';
import type { BlockTensors } from '../../quantize/blocks/block-tensors.ts';
import { derivedBlocks } from '../../quantize/blocks/derived-blocks.ts';
import { gptqBlocks } from '../../quantize/blocks/gptq.ts';
import { factorGram } from '../../stats/gram-factor.ts';
import { packBlocks } from '../../quantize/blocks/pack-blocks.ts';
import { loadWeight, productWeight } from '../../quantize/blocks/product-weight.ts';
import { gatherTable, rewriteGatherBlocks, tiedProducts } from '../../quantize/blocks/rewrite-gather-blocks.ts';
import { rewriteMatMulBlocks } from '../../quantize/blocks/rewrite-matmul-blocks.ts';
import { rewriteWeightQdq } from '../../quantize/blocks/rewrite-weight-qdq.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import type { BlockAlgorithm } from '../../quantize/vocabulary.ts';
import { nodeKey } from '../../quantize/rewrite/node-key.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import type { FedWork, Work } from './work.ts';

/** What a user asked for, settled: gptq needs data, and nothing else is as close without. */
export function settledAlgorithm({ request }: Pick<Work, 'request'>): Exclude<BlockAlgorithm, 'auto'> {
  const { algorithm } = request.settings;
  if (algorithm !== 'auto') return algorithm;
  return request.data.path !== null && request.verify ? 'gptq' : 'mse';
}

/** 4 bits for int4, 8 for int8. */
function bitsOf({ request }: Pick<Work, 'request'>): 4 | 8 {
  return request.settings.scheme.startsWith('int4') ? 4 : 8;
}

function formatOf(work: Pick<Work, 'request'>) {
  const { blockSize, symmetric } = work.request.settings;
  return { bits: bitsOf(work), blockSize: blockSizeOf(blockSize), symmetric };
}

function blockSizeOf(size: number): BlockSize {
  return size === 16 || size === 64 || size === 128 || size === 256 ? size : 32;
}

/**
 * Rewrites weights by blocks, or alone as int8. Integers that need no data are computed while the model is saved, so that
 * no weight is held; `calibrated` has those that were chosen with data. One of it serves a whole model: weights that
 * several nodes read are quantized once.
 */
export function weightRewriter(
  work: Pick<Work, 'request'>,
  calibrated: ReadonlyMap<Tensor, CalibratedWeight> = new Map(),
): BuildOptions['rewriteWeights'] {
  const shared = new Map<Tensor, BlockTensors>([...calibrated].map(([tensor, { tensors }]) => [tensor, tensors]));
  const { accuracyLevel } = work.request.settings;
  const algorithm = settledAlgorithm(work);
  const method = algorithm === 'gptq' || algorithm === 'awq' ? 'mse' : algorithm;
  const tensorsOf = (
    tensor: Tensor,
    shape: { readonly k: number; readonly n: number; readonly isTransposed: boolean },
  ) => {
    const known = shared.get(tensor);
    if (known !== undefined) return known;
    const made = derivedBlocks(tensor, { ...formatOf(work), ...shape, method });
    shared.set(tensor, made);
    return made;
  };
  const rewrite = (model: Model, node: Node): boolean => {
    const weight = productWeight(node);
    if (weight === null) return false;
    const { tensor, k, n, isTransposed } = weight;
    divideInput(node, calibrated.get(tensor)?.channelScales ?? null);
    return rewriteMatMulBlocks(model, node, { tensors: tensorsOf(tensor, { k, n, isTransposed }), accuracyLevel });
  };
  return (model, nodes, treatment) => {
    if (treatment === 'weights') return withInt8Weights(model, nodes);
    // Before anything is rewritten: who else reads a table is seen from the table itself.
    const tables = nodes.filter((node) => node.is('Gather')).map((node) => ({ node, isTied: isTied(node, nodes) }));
    const done = nodes.filter((node) => !node.is('Gather') && rewrite(model, node));
    const gathers = tables.filter((table) => rewriteTable(model, table, tensorsOf)).map(({ node }) => node);
    return new Set([...done, ...gathers]);
  };
}

/** All at once, so that nodes which read one weight go on sharing it. */
function withInt8Weights(model: Model, nodes: readonly Node[]): ReadonlySet<Node> {
  rewriteWeightQdq(model, nodes);
  return new Set(nodes.filter((node) => node.inputs.some((value) => value?.producer?.is('DequantizeLinear') === true)));
}

function isTied(node: Node, rewritten: readonly Node[]): boolean {
  const table = gatherTable(node);
  return table !== null && tiedProducts(table).some((product) => rewritten.includes(product));
}

/** A weight in integers that were chosen with data. */
export interface CalibratedWeight {
  readonly tensors: BlockTensors;
  /** What its rows were multiplied by, so that the input is to be divided by it; null for nothing. */
  readonly channelScales: Float32Array | null;
}

/** Undoes in the input what was done to the weight's rows. */
function divideInput(node: Node, scales: Float32Array | null): void {
  const { graph } = node;
  const input = node.input(0);
  if (scales === null || graph === null || input === null || scales.every((scale) => scale === 1)) return;
  const inverse = Tensor.fromDense({ type: 'float32', dims: [scales.length], data: scales.map((scale) => 1 / scale) });
  const factor = graph.addInitializer(`${node.name}_input_scale`, inverse);
  const spec = { op: 'Mul', inputs: [input, factor], outputs: [`${input.name}_scaled`] };
  node.setInput(0, graph.insertBefore(node, spec).output(0));
}

type TensorsOf = (
  tensor: Tensor,
  shape: { readonly k: number; readonly n: number; readonly isTransposed: boolean },
) => BlockTensors;

function rewriteTable(
  model: Model,
  { node, isTied: isShared }: { readonly node: Node; readonly isTied: boolean },
  tensorsOf: TensorsOf,
): boolean {
  const table = gatherTable(node);
  if (table === null) return false;
  const { tensor, k, n, isTransposed } = table;
  return rewriteGatherBlocks(model, node, { tensors: tensorsOf(tensor, { k, n, isTransposed }), isTied: isShared });
}

/**
 * The weights of products in integers that are chosen with the data in view: each rounded with the errors of the others
 * (gptq), or clipped so that the products err least (awq).
 * @throws DataError `calibration-needed`, `calibration-not-finite`
 */
export async function calibratedWeights(work: FedWork): Promise<ReadonlyMap<Tensor, CalibratedWeight>> {
  const algorithm = settledAlgorithm(work);
  const weights = new Map<Tensor, CalibratedWeight>();
  if (algorithm !== 'gptq' && algorithm !== 'awq') return weights;
  const { request, context, feeds } = work;
  if (request.data.path === null) {
    const problem = `${algorithm} chooses integers by what the products are fed`;
    throw new DataError('calibration-needed', { path: request.modelPath, problem });
  }
  const readers = productsByInput(work);
  let done = 0;
  const of = [...readers.values()].flat().length;
  const { notFinite } = await collectGrams({
    ...editedModels(work),
    model: work.prepared,
    values: [...readers.keys()],
    batches: () => adapted(work, feeds.calibration),
    signal: context.signal,
    onGram: (gram) => {
      for (const node of readers.get(gram.name) ?? []) {
        context.onEvent({ kind: 'quantizing', node: node.name, done: done++, of });
        const weight = productWeight(node);
        if (weight !== null && !weights.has(weight.tensor))
          weights.set(weight.tensor, quantizedWith(work, algorithm, { node, gram }));
      }
    },
  });
  const [bad] = notFinite;
  if (bad !== undefined)
    throw new DataError('calibration-not-finite', { path: request.modelPath, value: bad.name, sample: bad.run });
  return weights;
}

function productsByInput({ prepared, layers }: Work): ReadonlyMap<string, readonly Node[]> {
  const wanted = new Set(
    layers.flatMap(({ key, kind, reason }) => (kind === 'product' && reason === null ? [key] : [])),
  );
  const readers = new Map<string, Node[]>();
  for (const node of prepared.graph.nodes()) {
    const input = node.input(0);
    if (input === null || !wanted.has(nodeKey(node)) || productWeight(node) === null) continue;
    readers.set(input.name, [...(readers.get(input.name) ?? []), node]);
  }
  return readers;
}

function quantizedWith(
  work: FedWork,
  algorithm: 'gptq' | 'awq',
  { node, gram }: { readonly node: Node; readonly gram: Gram },
): CalibratedWeight {
  const weight = productWeight(node);
  if (weight === null) throw new RangeError(`'${node.name}' has no weight`);
  const matrix = loadWeight(weight);
  const format = formatOf(work);
  if (algorithm === 'awq') {
    const { quantized, channelScales } = awqBlocks(matrix, { ...format, meanAbsolute: gram.absMeans, gram: gram.gram });
    return { tensors: packBlocks(quantized), channelScales };
  }
  const factor = factorGram(gram.gram, gram.columns);
  return { tensors: packBlocks(gptqBlocks(matrix, { ...format, factor, method: 'mse' })), channelScales: null };
}
