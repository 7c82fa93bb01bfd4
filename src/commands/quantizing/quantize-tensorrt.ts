import { copyModel } from '../../compute/copy-model.ts';
import { ModelError } from '../../errors.ts';
import { wholePlan } from '../../quantize/plan/int8-plans.ts';
import { rewriteTensorrt } from '../../quantize/rewrite/rewrite-tensorrt.ts';
import type { FloatReason, Treatment } from '../../quantize/vocabulary.ts';
import { activationParameters } from './activation-ranges.ts';
import { calibrate } from './calibrate.ts';
import { judgeWeights } from './judge-weights.ts';
import type { Outcome } from './outcome.ts';
import { plainOutcome } from './outcome.ts';
import type { FedWork } from './work.ts';

/** Int8 for TensorRT: ranges from data, pairs where it fuses them. Its outputs are compared here, its speed is not told. */
export async function quantizeTensorrt(work: FedWork): Promise<Outcome> {
  const { prepared, layers, exclusion, request } = work;
  const { method, embeddings, perChannel } = request.settings;
  // Nothing here can try whether its builder fuses pairs in the branches of an If.
  const inside = layers.filter(({ node }) => node.graph !== prepared.graph);
  const outside = layers.filter(({ node }) => node.graph === prepared.graph);
  const { treatments } = wholePlan({ model: prepared, layers: outside, exclusion, method, embeddings });
  const calibrated = await calibrate(work);
  // Only int8 without zero points is fused there, whatever activations were asked for.
  const parametersOf = activationParameters(calibrated.statistics, { ...request.settings, activations: 'int8' });
  const model = copyModel(prepared);
  const { quantized, unknown } = rewriteTensorrt(model, {
    nodes: new Set(treatments.keys()),
    parametersOf,
    perChannel,
  });
  if (quantized.size === 0) throw uncovered(work, { inside: inside.length, unknown: unknown.size });
  const done = new Map<string, Treatment>([...quantized].map((key) => [key, 'static']));
  const reasons = new Map<string, FloatReason>([
    ...[...unknown.keys()].map((key) => [key, 'not-executed'] as const),
    ...inside.map(({ key }) => [key, 'in-control-flow'] as const),
  ]);
  return judgeWeights(work, { ...plainOutcome(model, done), reasons, calibrated, parametersOf });
}

function uncovered(
  { request }: FedWork,
  { inside, unknown }: Readonly<Record<'inside' | 'unknown', number>>,
): ModelError {
  const reasons = { ...(inside > 0 && { 'in-control-flow': inside }), ...(unknown > 0 && { 'not-executed': unknown }) };
  return new ModelError('nothing-to-quantize', { path: request.modelPath, reasons });
}
