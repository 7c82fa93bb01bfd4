import { setImmediate } from 'node:timers/promises';
import { UsageError, ModelError } from '../../errors.ts';
import { checkGraph } from '../../onnx/check.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { upgradeOpset } from '../../onnx/opset/upgrade-opset.ts';
import { removeInitializersFromInputs } from '../../onnx/passes/remove-initializers-from-inputs.ts';
import { allGraphs } from '../../onnx/traverse.ts';
import { optimizeModel } from '../../optimize/optimize-model.ts';
import { exclusionOf } from '../../quantize/plan/exclusion.ts';
import type { QuantizableLayer } from '../../quantize/plan/find-layers.ts';
import { findLayers, withSmallLayers } from '../../quantize/plan/find-layers.ts';
import { nodeKey } from '../../quantize/rewrite/node-key.ts';
import type { QuantizeSettings } from '../../quantize/quantize-settings.ts';
import type { Scheme } from '../../quantize/vocabulary.ts';
import type { ModelRunner } from '../../runtime/model-runner.ts';
import type { QuantizeRequest } from '../quantize-request.ts';
import { withoutPassError } from '../without-pass-error.ts';
import type { QuantizeContext, Work } from './work.ts';

/** Scales along an axis came with opset 13, LayerNormalization as one operator with 17. */
const wantedOpsets = [17, 13] as const;

export interface Preparing {
  readonly request: QuantizeRequest;
  readonly context: QuantizeContext;
  readonly runner: ModelRunner;
}

/**
 * Cleans a model up so that there is as much to quantize as can be: constants folded, batch normalization in the
 * convolutions, an operator set that has what quantizing needs. Finds its layers.
 * @throws ModelError `already-quantized`, `nothing-to-quantize`, `opset-unsupported`; UsageError `exclude-matches-nothing`
 */
export async function prepareModel(
  model: Model,
  { request, context, runner }: Preparing,
): Promise<Pick<Work, 'layers' | 'exclusion'>> {
  refuseQuantized(model, request.modelPath);
  raiseOpset(model, request);
  const settings = {
    path: request.modelPath,
    dims: {},
    dynamicBatch: false,
    opset: null,
    inlineFunctions: true,
    skip: [],
  };
  const onPass = async (pass: string, nodes: number) => {
    context.onEvent({ kind: 'pass', pass, nodes });
    await setImmediate();
    context.signal.throwIfAborted();
  };
  await withoutPassError(() => optimizeModel(model, settings, { runner, onPass }));
  nameNodes(model);
  checkGraph(model);
  return layersOf(model, request);
}

const quantizedOps: ReadonlySet<string> = new Set([
  'QLinearConv',
  'QLinearMatMul',
  'ConvInteger',
  'MatMulInteger',
  'DynamicQuantizeLinear',
  'QuantizeLinear',
  'MatMulNBits',
  'GatherBlockQuantized',
  'QGemm',
  'QAttention',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
]);

function refuseQuantized(model: Model, path: string): void {
  for (const graph of allGraphs(model))
    for (const node of graph.nodes())
      if (quantizedOps.has(node.op) || isDequantizedWeight(node.op, node.input(0)?.isInitializer === true))
        throw new ModelError('already-quantized', { path, node: labelOf(node), operator: node.op });
}

function labelOf(node: Node): string {
  return node.name === '' ? nodeKey(node) : node.name;
}

function isDequantizedWeight(op: string, isConstant: boolean): boolean {
  return op === 'DequantizeLinear' && isConstant;
}

/** What a scheme cannot do without: blocks are no standard operators, and take any. */
const leastOpsets: Readonly<Record<Scheme, number>> = {
  int8: 13,
  'int8-weights': 13,
  int4: 0,
  fp16: 7,
  'int4-fp16': 7,
};

/** As far as it goes. */
function raiseOpset(model: Model, { modelPath, settings: { scheme } }: QuantizeRequest): void {
  removeInitializersFromInputs.apply(model);
  for (const opset of wantedOpsets) {
    if (model.opset >= opset) return;
    try {
      upgradeOpset(opset, modelPath).apply(model);
      return;
    } catch (error) {
      const isLast = opset === wantedOpsets.at(-1);
      if (!(error instanceof ModelError) || (isLast && model.opset < leastOpsets[scheme])) throw error;
    }
  }
}

/** Reports name nodes, and so do people who exclude some: those without a name get that of what they make. */
function nameNodes(model: Model): void {
  for (const node of model.graph.nodes())
    if (node.name === '')
      node.rename(model.graph.names.uniqueNode(node.outputs.find((value) => value !== null)?.name ?? ''));
}

function layersOf(model: Model, { settings, modelPath }: QuantizeRequest): Pick<Work, 'layers' | 'exclusion'> {
  const exclusion = exclusionOf(settings.exclude);
  const layers = withSmallLayers(findLayers(model, exclusion));
  for (const node of model.graph.nodes()) exclusion.has(node);
  const [unused] = exclusion.unused();
  if (unused !== undefined) {
    const known = [...model.graph.nodes()].map(({ name }) => name);
    throw new UsageError('exclude-matches-nothing', { pattern: unused, known });
  }
  if (settings.scheme !== 'fp16' && !layers.some((layer) => layer.reason === null && isCovered(layer, settings))) {
    const reasons: Record<string, number> = {};
    for (const { reason } of layers) reasons[reason ?? 'method'] = (reasons[reason ?? 'method'] ?? 0) + 1;
    throw new ModelError('nothing-to-quantize', { path: modelPath, reasons });
  }
  return { layers, exclusion };
}

/** Blocks are of products, and of tables where these are wanted. */
function isCovered({ kind }: QuantizableLayer, { scheme, embeddings }: QuantizeSettings): boolean {
  if (kind === 'embedding') return embeddings || scheme === 'int8-weights';
  return kind === 'product' || !scheme.startsWith('int4');
}
