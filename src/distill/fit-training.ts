import type { OptimizerOptions } from '../compute/training/optimizer.ts';
import { byteLengthOf } from '../onnx/data-type.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import { ModelError, RuntimeError } from '../errors.ts';
import type { SampleBatch } from './batch-feeds.ts';
import { readBatch } from './batch-feeds.ts';
import type { DistillOptions } from './distill-options.ts';
import type { DistillFindings } from './distill-result.ts';
import type { DistillWarning } from './distill-warning.ts';
import { nodeLabel } from './node-label.ts';
import type { PreparedDistill } from './prepare-distill.ts';
import { isBatchFree } from './prepare-distill.ts';
import type { TrainingPlan, Unreached } from './training-plan.ts';
import { findUnreached, planTraining } from './training-plan.ts';

/** A training whose step fits into memory. */
export interface FittedTraining {
  readonly plan: TrainingPlan;
  readonly spec: SampleBatch;
  /** Names of what is trained. */
  readonly parameters: readonly string[];
  readonly unreached: Unreached;
  readonly memory: DistillFindings['memory'];
  readonly warnings: readonly DistillWarning[];
}

/** Node, onnxruntime and the models' code themselves; measured. */
const processBytes = 112 * 2 ** 20;

/** onnxruntime's arena grows by doubling, and constants are kept a second time as kernels want them; measured. */
const overhead = 2;

/**
 * Writes the training step, on half the samples for as long as it does not fit into memory. Parameters that no gradient
 * reaches stay constants. Throws ModelError 'nothing-to-train', RuntimeError 'training-too-large'.
 */
export async function fitTraining(
  prepared: PreparedDistill,
  options: DistillOptions,
  optimizer: OptimizerOptions,
): Promise<FittedTraining> {
  const { availableBytes, place } = options;
  const { candidates } = prepared.parameters;
  if (candidates.length === 0) throw nothingToTrain(prepared, null);
  let spec = await specOf(prepared, options, prepared.batch);
  const unreached = await findUnreached(prepared.plan, spec, { place, parameters: candidates, optimizer });
  const parameters = candidates.filter((name) => !unreached.blocked.has(name) && !unreached.unused.includes(name));
  if (parameters.length === 0) throw nothingToTrain(prepared, unreached);
  for (;;) {
    options.signal.throwIfAborted();
    const plan = await planTraining(prepared.plan, spec, { place, parameters, optimizer });
    const memory = { ...memoryOf(plan), availableBytes };
    if (availableBytes === null || memory.totalBytes <= availableBytes)
      return { plan, spec, parameters, unreached, memory, warnings: reduction(prepared.batch, spec.batch) };
    if (spec.batch === 1 || !isBatchFree({ ...prepared.plan, dataset: prepared.dataset }))
      throw new RuntimeError('training-too-large', {
        model: prepared.plan.student.path,
        batch: spec.batch,
        neededBytes: memory.totalBytes,
        availableBytes,
      });
    spec = await specOf(prepared, options, Math.floor(spec.batch / 2));
  }
}

function reduction(asked: number, batch: number): readonly DistillWarning[] {
  return batch === asked ? [] : [{ code: 'batch-reduced', details: { asked, batch, why: 'memory', problem: '' } }];
}

function specOf(
  { plan, dataset, order, given }: PreparedDistill,
  options: DistillOptions,
  batch: number,
): Promise<SampleBatch> {
  options.onEvent({ kind: 'preparing', batch });
  const { student, teacher, inputs: pairs } = plan;
  const request = { student, teacher, pairs, dataset, inputs: given, seed: options.settings.seed };
  return readBatch([...order.chosen.subarray(0, batch)], request);
}

/** Weights and moments are there twice while a step makes the next ones; both sessions keep what they once took. */
function memoryOf({ step, memory }: TrainingPlan): Omit<DistillFindings['memory'], 'availableBytes'> {
  const ofState = step.state.reduce((sum, { dims }) => sum + byteLengthOf('float32', elementCount(dims)), 0);
  const stateBytes = 2 * ofState + memory.evaluation.inputBytes;
  const activationBytes = overhead * (memory.step.activationBytes + memory.evaluation.activationBytes);
  const constantBytes = overhead * (memory.step.constantBytes + memory.evaluation.constantBytes);
  const totalBytes = processBytes + stateBytes + activationBytes + constantBytes;
  return { activationBytes, stateBytes, constantBytes, totalBytes };
}

function nothingToTrain({ plan, parameters }: PreparedDistill, unreached: Unreached | null): ModelError {
  const frozen = parameters.frozen.length;
  const blocked = [...(unreached?.blocked.values() ?? [])].map(
    ({ node, problem }) => `node '${nodeLabel(node)}' (${node.op}) stops the gradient: ${problem}`,
  );
  const reasons = [
    ...(frozen > 0 ? [`${frozen} are frozen by --freeze`] : []),
    ...new Set(blocked),
    ...((unreached?.unused.length ?? 0) > 0 ? [`the loss depends on none of ${unreached?.unused.length ?? 0}`] : []),
  ];
  const none = 'it has no float32 weights in its main graph (quantized ones cannot be trained)';
  return new ModelError('nothing-to-train', {
    path: plan.student.path,
    reasons: reasons.length > 0 ? reasons : [none],
  });
}
