import { fusionCensus } from '../../compute/fusion-census.ts';
import type { NodeFate } from '../../compute/fusion-census.ts';
import { optimizedGraph } from '../../compute/optimized-graph.ts';
import type { ValueStatistics } from '../../compute/calibration/statistics.ts';
import { InferError } from '../../errors.ts';
import { CostCounter } from '../../inspect/model-cost.ts';
import { scratchFile } from '../../onnx/file/scratch-file.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { inferScope } from '../../onnx/shape/infer-types.ts';
import { expectedSqnrDb } from '../../quantize/calibration/expected-error.ts';
import type { QuantizationParameters } from '../../quantize/numeric/scale-and-zero-point.ts';
import type { OwnedTimes } from '../../quantize/plan/profile-owner.ts';
import type { QuantizedNode } from '../../quantize/quantize-result.ts';
import { allNodes, nodeKey, nodesByKey } from '../../quantize/rewrite/node-key.ts';
import type { FloatReason, Treatment } from '../../quantize/vocabulary.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import { editedModels } from '../trials/model-feeding.ts';
import type { Sensitivity } from './sensitivity.ts';
import type { Work } from './work.ts';

export interface DescribedModel {
  readonly model: Model;
  readonly done: ReadonlyMap<string, Treatment>;
  readonly reasons: ReadonlyMap<string, FloatReason>;
  readonly dims: Readonly<Record<string, number>>;
  readonly statistics: ReadonlyMap<string, ValueStatistics> | null;
  readonly parametersOf: (value: string) => QuantizationParameters | null;
  readonly sensitivity: Sensitivity;
  readonly times: { readonly before: OwnedTimes | null; readonly after: OwnedTimes | null };
  /** Whether to look at what the runtime makes of it. */
  readonly looks: boolean;
}

/** What was done to each node that has a weight or was quantized, and what came of it. */
export async function describeNodes(work: Work, described: DescribedModel): Promise<readonly QuantizedNode[]> {
  const { prepared, layers } = work;
  const layerOf = new Map(layers.map((layer) => [layer.key, layer]));
  const scope = inferScope(prepared, { dims: described.dims });
  const costs = new CostCounter();
  const macsOf = (node: Node) => {
    const { macs, unknownMacs } = costs.node(node, scope);
    return unknownMacs.shape + unknownMacs.operator > 0 ? null : macs;
  };
  const total = [...prepared.graph.nodes()].reduce((sum, node) => sum + (macsOf(node) ?? 0), 0);
  const fates = described.looks ? await fatesOf(work, described) : new Map<string, NodeFate>();
  const nodes = [...allNodes(prepared)].filter(
    (node) => layerOf.has(nodeKey(node)) || described.done.has(nodeKey(node)),
  );
  return nodes.map((node) => {
    const key = nodeKey(node);
    const treatment = described.done.get(key) ?? 'float';
    const macs = macsOf(node);
    const fate = treatment === 'float' ? undefined : fates.get(key);
    return {
      name: node.name === '' ? key : node.name,
      op: node.op,
      treatment,
      reason: treatment === 'float' ? (layerOf.get(key)?.reason ?? described.reasons.get(key) ?? 'method') : null,
      became: fate?.became ?? null,
      fused: fate?.became == null ? null : fate.fused,
      ...noiseOf(node, treatment, described),
      macsShare: macs === null || total === 0 ? null : macs / total,
      parameters: layerOf.get(key)?.parameters ?? 0,
      ...bytesOf(node, treatment, work),
      latencyBeforeMs: described.times.before?.nodesMs.get(key) ?? null,
      latencyAfterMs: timeAfter(node, described),
    };
  });
}

/** The conversions of what it reads and makes are its own. */
function timeAfter(node: Node, { times: { after } }: DescribedModel): number | null {
  const own = after?.nodesMs.get(nodeKey(node));
  if (after === null || own === undefined) return null;
  const input = node.input(0)?.name ?? '';
  return own + (after.quantizeMs.get(input) ?? 0) + (after.dequantizeMs.get(nodeKey(node)) ?? 0);
}

function noiseOf(node: Node, treatment: Treatment, { statistics, parametersOf, sensitivity }: DescribedModel) {
  const input = node.input(0)?.name ?? '';
  const stats = treatment === 'static' ? statistics?.get(input) : undefined;
  const parameters = parametersOf(input);
  const noise = sensitivity.get(nodeKey(node));
  const inDb = stats === undefined || parameters === null ? null : expectedSqnrDb(stats.histogram, parameters);
  return {
    sqnrInDb: inDb !== null && Number.isFinite(inDb) ? inDb : null,
    sqnrOutDb: noise === undefined || noise <= 0 ? null : -10 * Math.log10(noise),
  };
}

function bytesOf(node: Node, treatment: Treatment, { request }: Work) {
  const weight = node.inputs.find((value) => (value?.constant?.dims.length ?? 0) >= 2)?.constant ?? null;
  const elements = weight?.elementCount ?? 0;
  const before = weight?.byteLength ?? 0;
  const { blockSize, symmetric, scheme } = request.settings;
  const bits = scheme.startsWith('int4') ? 4 : 8;
  const perBlock = 4 + (symmetric ? 0 : bits / 8);
  const after: Record<Treatment, number> = {
    dynamic: elements,
    static: elements,
    weights: elements,
    blocks: (elements * bits) / 8 + (elements / blockSize) * perBlock,
    float16: before / 2,
    float: before,
  };
  return { bytesBefore: before, bytesAfter: Math.round(after[treatment]) };
}

async function fatesOf(work: Work, { model, done }: DescribedModel): Promise<ReadonlyMap<string, NodeFate>> {
  const originals = nodesByKey(work.prepared);
  const keys = [...done.keys()];
  const census = keys.map((key) => ({
    node: originals.get(key)?.name ?? key,
    op: originals.get(key)?.op ?? '',
    outputs: [key],
  }));
  try {
    const optimized = await optimizedGraph(model, {
      ...editedModels(work),
      scratch: () => scratchFile(thisWorkplace(), 'optimized.onnx'),
    });
    const fates = fusionCensus(census, model, optimized);
    return new Map(keys.flatMap((key, i) => (fates[i] === undefined ? [] : [[key, fates[i]] as const])));
  } catch (error) {
    if (work.context.signal.aborted || !(error instanceof InferError)) throw error;
    return new Map();
  }
}
