import { Trainer } from '../compute/training/trainer.ts';
import { ModelError, UsageError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkSameTraining } from './checkpoint.ts';
import { describeFindings, describePlan } from './describe-distill.ts';
import type { DistillOptions } from './distill-options.ts';
import type { DistillFindings } from './distill-result.ts';
import { FeedSource } from './feed-source.ts';
import { fitTraining } from './fit-training.ts';
import type { Scores } from './held-out.ts';
import { HeldOut } from './held-out.ts';
import type { PreparedDistill } from './prepare-distill.ts';
import { prepareDistill } from './prepare-distill.ts';
import type { DistillRun } from './distill-run.ts';
import { sizeOf } from './parameter-size.ts';
import { settingsRecord } from './settings-record.ts';
import { train } from './train.ts';
import type { Training } from './train.ts';
import { courseOf, optimizerOf } from './training-course.ts';

export interface Distilled {
  readonly findings: DistillFindings;
  /** What the best student's weights are, by the names of its constants; null when there is no student to write. */
  readonly weights: NamedTensors | null;
}

/**
 * Trains a student to do as its teacher does, and judges it on samples that it was not trained on. Nothing is written
 * but checkpoints. Throws UsageError, ModelError, DataError and RuntimeError.
 */
export async function distill(options: DistillOptions): Promise<Distilled> {
  const prepared = await prepareDistill(options);
  try {
    const fitted = await fitTraining(prepared, options, optimizerOf(options.settings));
    const course = courseOf(options.settings, {
      batch: fitted.spec.batch,
      samples: prepared.order.chosen.length,
      weights: sizeOf(prepared.plan.student, fitted.parameters).elements,
    });
    return await trainAndJudge({ options, prepared, fitted, course });
  } finally {
    await prepared.dataset.close();
  }
}

async function trainAndJudge(run: DistillRun): Promise<Distilled> {
  const { options, prepared, fitted, course } = run;
  const { plan, order } = prepared;
  const settings = settingsRecord(run);
  const checkpoint = await checkpointOf(options, settings);
  options.onEvent({ kind: 'planned', ...describePlan(run), resumedFrom: checkpoint?.epochs.length ?? null });
  const initial = initialWeights(prepared, fitted.parameters);
  const feeds = feedSource(run);
  const models = { ...options.place, name: plan.student.path };
  const heldOut = await HeldOut.open(fitted.plan.evaluation, { feeds, held: order.held }, models);
  const before = await heldOut.scores(initial);
  checkFinite(before, run);
  const teacherMetric = await heldOut.teacherMetric();
  const trainer = await Trainer.open({ ...models, step: fitted.plan.step, initial });
  const training = await train({
    course,
    step: fitted.plan.step,
    trainer,
    heldOut,
    feeds,
    chosen: order.chosen,
    before,
    metric: plan.metric,
    store: options.store,
    settings,
    checkpoint,
    nowMs: () => options.nowMs(),
    signal: options.signal,
    onEvent: (event) => options.onEvent(event),
  });
  const findings = describeFindings(run, {
    training,
    before,
    teacherMetric,
    resumedFrom: checkpoint?.epochs.length ?? null,
  });
  return { findings, weights: weightsOf(training, prepared) };
}

/** A loss that is no number from the start is no matter of the learning rate. Throws ModelError 'loss-not-finite'. */
function checkFinite({ loss }: Scores, { prepared: { plan, order, dataset } }: DistillRun): void {
  const at = loss.findIndex((value) => !Number.isFinite(value));
  if (at === -1) return;
  const sample = dataset.originOf(order.held[at] ?? 0);
  throw new ModelError('loss-not-finite', { student: plan.student.path, teacher: plan.teacher.path, sample });
}

/** A checkpoint to go on from. Throws UsageError for one that is missing or of another training. */
async function checkpointOf(
  { store, resume }: DistillOptions,
  settings: Checkpoint['settings'],
): Promise<Checkpoint | null> {
  if (store === null || resume === 'new') return null;
  const found = await store.read();
  if (found === null && resume === 'required')
    throw new UsageError('file-missing', { path: store.path, what: 'checkpoint to resume from' });
  if (found !== null) checkSameTraining(store.path, found.settings, settings);
  return found;
}

function feedSource({ prepared, fitted }: DistillRun): FeedSource {
  const { spec } = fitted;
  const read = Object.entries(spec.feeds).filter(([name]) => !Object.hasOwn(spec.given, name));
  return new FeedSource({
    dataset: prepared.dataset,
    batch: spec.batch,
    given: spec.given,
    classes: prepared.plan.classes,
    shapes: new Map(read.map(([name, { dims }]) => [name, dims])),
  });
}

/** What the parameters are in the student's file, or were drawn to be. */
function initialWeights({ plan }: PreparedDistill, parameters: readonly string[]): NamedTensors {
  const chosen = new Set(parameters);
  return Object.fromEntries(
    [...plan.student.model.graph.initializers].flatMap(({ name, tensor }) =>
      chosen.has(name) && tensor?.kind === 'dense' ? [[name, tensor.toDense()] as const] : [],
    ),
  );
}

/** Running statistics that were drawn anew belong to the weights. */
function weightsOf({ best, last }: Training, { drawn }: PreparedDistill): NamedTensors | null {
  const student = best ?? last;
  return student === null ? null : { ...drawn, ...student.weights };
}
