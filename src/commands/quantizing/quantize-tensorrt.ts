import { copyModel } from '../../compute/copy-model.ts';
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
  const { treatments } = wholePlan({ model: prepared, layers, exclusion, method, embeddings });
  const calibrated = await calibrate(work);
  // Only int8 without zero points is fused there, whatever activations were asked for.
  const parametersOf = activationParameters(calibrated.statistics, { ...request.settings, activations: 'int8' });
  const model = copyModel(prepared);
  const { quantized, unknown } = rewriteTensorrt(model, {
    nodes: new Set(treatments.keys()),
    parametersOf,
    perChannel,
  });
  const done = new Map<string, Treatment>([...quantized].map((key) => [key, 'static']));
  const reasons = new Map<string, FloatReason>([...unknown.keys()].map((key) => [key, 'not-executed']));
  return judgeWeights(work, { ...plainOutcome(model, done), reasons, calibrated, parametersOf });
}
