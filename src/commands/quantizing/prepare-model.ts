import { UsageError, ModelError } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import { exclusionOf } from '../../quantize/plan/exclusion.ts';
import type { QuantizableLayer } from '../../quantize/plan/find-layers.ts';
import { findLayers, withSmallLayers } from '../../quantize/plan/find-layers.ts';
import { tellApart } from '../../quantize/plan/tell-apart.ts';
import { allNodes } from '../../quantize/rewrite/node-key.ts';
import type { QuantizeSettings } from '../../quantize/quantize-settings.ts';
import type { Scheme } from '../../quantize/vocabulary.ts';
import type { ModelRunner } from '../../runtime/model-runner.ts';
import type { QuantizeRequest } from '../quantize-request.ts';
import { cleanOriginal } from '../trials/clean-original.ts';
import { refuseQuantized } from '../trials/refuse-quantized.ts';
import type { QuantizeContext, Work } from './work.ts';

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
  await cleanOriginal(model, {
    path: request.modelPath,
    runner,
    leastOpset: leastOpsets[request.settings.scheme],
    target: request.settings.target === 'webgpu' ? 'webgpu' : 'cpu',
    onPass: (pass, nodes) => context.onEvent({ kind: 'pass', pass, nodes }),
    signal: context.signal,
  });
  tellApart(model);
  return layersOf(model, request);
}

/** What a scheme cannot do without: blocks are no standard operators, and take any. */
const leastOpsets: Readonly<Record<Scheme, number>> = {
  int8: 13,
  'int8-weights': 13,
  int4: 0,
  fp16: 7,
  'int4-fp16': 7,
};

function layersOf(model: Model, { settings, modelPath }: QuantizeRequest): Pick<Work, 'layers' | 'exclusion'> {
  const exclusion = exclusionOf(settings.exclude);
  const layers = withSmallLayers(findLayers(model, exclusion));
  for (const node of allNodes(model)) exclusion.has(node);
  const [unused] = exclusion.unused();
  if (unused !== undefined) {
    const known = [...allNodes(model)].map(({ name }) => name);
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
