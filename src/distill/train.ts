import type { Schedule } from '../compute/training/schedule.ts';
import { learningRateAt } from '../compute/training/schedule.ts';
import type { Trainer } from '../compute/training/trainer.ts';
import type { TrainingStep } from '../compute/training/training-step.ts';
import { epochOrder } from '../data/dataset-order.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { median } from '../stats/quantile.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint.ts';
import { isBetterStudent } from './compare-students.ts';
import type { DistillEvent } from './distill-event.ts';
import type { DistillFindings, EpochRecord } from './distill-result.ts';
import type { FeedSource } from './feed-source.ts';
import type { HeldOut, Scores } from './held-out.ts';
import type { DistillMetric } from './loss-kind.ts';
import { meanOf } from './summarize-scores.ts';

/** What decides how long and how fast to train. */
export interface TrainingCourse {
  readonly schedule: Schedule;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly patience: number | null;
  readonly seed: number;
}

export interface TrainOptions {
  readonly course: TrainingCourse;
  readonly step: TrainingStep;
  readonly trainer: Trainer;
  readonly heldOut: HeldOut;
  readonly feeds: FeedSource;
  /** Samples to train on. */
  readonly chosen: Uint32Array;
  /** The student as it is to start with. */
  readonly before: Scores;
  readonly metric: DistillMetric;
  readonly store: CheckpointStore | null;
  readonly settings: Checkpoint['settings'];
  /** Where to go on from; null to start. */
  readonly checkpoint: Checkpoint | null;
  nowMs(): number;
  readonly signal: AbortSignal;
  onEvent(event: DistillEvent): void;
}

/** A student after an epoch. */
export interface TrainedStudent {
  readonly epoch: number;
  readonly weights: NamedTensors;
  readonly scores: Scores;
}

export interface Training {
  readonly epochs: readonly EpochRecord[];
  readonly best: TrainedStudent | null;
  /** The student after the last epoch, for where none is better; null without an epoch. */
  readonly last: TrainedStudent | null;
  readonly end: DistillFindings['end'];
  /** The step (counted from 1) whose loss was no number; null where none was. */
  readonly divergedAt: number | null;
  readonly stepMs: number | null;
}

/** Trains epoch by epoch, keeps the best student, and leaves a checkpoint behind each epoch. */
export async function train(options: TrainOptions): Promise<Training> {
  return new TrainingRun(options).run();
}

type EpochEnd = { readonly loss: number; readonly learningRate: number } | { readonly divergedAt: number };

class TrainingRun {
  readonly #options: TrainOptions;
  readonly #stepsMs: number[] = [];
  #epochs: EpochRecord[] = [];
  #best: TrainedStudent | null = null;
  #last: TrainedStudent | null = null;

  constructor(options: TrainOptions) {
    this.#options = options;
  }

  async run(): Promise<Training> {
    try {
      await this.#resume();
      const { epochs } = this.#options.course;
      while (this.#epochs.length < epochs) {
        if (this.#isStale()) return this.#ended('early-stop');
        const divergedAt = await this.#epoch(this.#epochs.length + 1);
        if (divergedAt !== null) return { ...this.#ended('diverged'), divergedAt };
      }
      return this.#ended('finished');
    } catch (error) {
      if (!this.#options.signal.aborted) throw error;
      return this.#ended('interrupted');
    }
  }

  async #resume(): Promise<void> {
    const { checkpoint, trainer, heldOut } = this.#options;
    if (checkpoint === null) return;
    await trainer.restore({ steps: checkpoint.steps, tensors: checkpoint.state });
    this.#epochs = [...checkpoint.epochs];
    if (checkpoint.best !== null)
      this.#best = { ...checkpoint.best, scores: await heldOut.scores(checkpoint.best.weights) };
    const weights = this.#weightsIn(checkpoint.state);
    this.#last = { epoch: checkpoint.epochs.length, weights, scores: await heldOut.scores(weights) };
  }

  /** Null, or the step at which the loss was no number any more. */
  async #epoch(epoch: number): Promise<number | null> {
    const { trainer, heldOut, course, metric, onEvent, nowMs } = this.#options;
    const startedMs = nowMs();
    const end = await this.#steps(epoch);
    if ('divergedAt' in end) return end.divergedAt;
    onEvent({ kind: 'evaluating', epoch });
    const { tensors } = await trainer.state();
    const weights = this.#weightsIn(tensors);
    const scores = await heldOut.scores(weights);
    if (!scores.loss.every(Number.isFinite)) return trainer.steps;
    const record: EpochRecord = {
      epoch,
      steps: trainer.steps,
      trainLoss: end.loss,
      heldOutLoss: meanOf(scores.loss),
      metric: meanOf(scores.metric),
      learningRate: end.learningRate,
      elapsedMs: nowMs() - startedMs,
    };
    const isBest = isBetterStudent(metric, scores, this.#best?.scores ?? this.#options.before);
    this.#last = { epoch, weights, scores };
    if (isBest) this.#best = this.#last;
    this.#epochs.push(record);
    await this.#save(tensors);
    onEvent({ kind: 'epoch', record, epochs: course.epochs, isBest, metric });
    return null;
  }

  async #steps(epoch: number): Promise<EpochEnd> {
    const { trainer, feeds, chosen, course, nowMs, signal } = this.#options;
    const { schedule } = course;
    let [sum, steps, learningRate] = [0, 0, 0];
    for await (const batch of feeds.whole(epochOrder(chosen, { seed: course.seed, epoch }))) {
      signal.throwIfAborted();
      learningRate = learningRateAt(trainer.steps, schedule);
      const startedMs = nowMs();
      const { loss = Number.NaN, gradientNorm = Number.NaN } = await trainer.run(batch, { learningRate });
      this.#stepsMs.push(nowMs() - startedMs);
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) return { divergedAt: trainer.steps };
      sum += loss;
      steps++;
      this.#tell(epoch, loss);
      if (trainer.steps >= schedule.steps) break;
    }
    return { loss: sum / Math.max(1, steps), learningRate };
  }

  #tell(epoch: number, loss: number): void {
    const { trainer, course, onEvent } = this.#options;
    const { steps } = course.schedule;
    const perStep = this.#stepsMs.reduce((sum, ms) => sum + ms, 0) / this.#stepsMs.length;
    const leftMs = perStep * (steps - trainer.steps);
    onEvent({ kind: 'step', epoch, epochs: course.epochs, step: trainer.steps, steps, loss, leftMs });
  }

  async #save(state: NamedTensors): Promise<void> {
    const { store, settings, trainer } = this.#options;
    const best = this.#best && { epoch: this.#best.epoch, weights: this.#best.weights };
    await store?.write({ settings, state, steps: trainer.steps, epochs: this.#epochs, best });
  }

  #isStale(): boolean {
    const { patience } = this.#options.course;
    return patience !== null && this.#epochs.length - (this.#best?.epoch ?? 0) >= patience;
  }

  #weightsIn(state: NamedTensors): NamedTensors {
    const values = this.#options.step.state.filter(({ role }) => role === 'value');
    return Object.fromEntries(
      values.flatMap(({ input, parameter }) => {
        const tensor = state[input];
        return tensor === undefined ? [] : [[parameter, tensor]];
      }),
    );
  }

  #ended(end: Training['end']): Training {
    const stepMs = this.#stepsMs.length === 0 ? null : median(this.#stepsMs);
    return { epochs: this.#epochs, best: this.#best, last: this.#last, end, divergedAt: null, stepMs };
  }
}
