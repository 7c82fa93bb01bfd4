import type { Expr } from '../compute/expressions/expr.ts';
import type { Expressions } from '../compute/expressions/expressions.ts';
import {
  cosineRows,
  crossEntropyRows,
  divergenceRows,
  relativeErrorRows,
  squaredErrorRows,
} from '../compute/training/losses.ts';
import type { IncludedModel } from '../compute/training/training-graph.ts';
import { TrainingGraph } from '../compute/training/training-graph.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import type { OutputLoss } from './choose-losses.ts';
import type { DistillMetric } from './loss-kind.ts';
import type { MatchPoint } from './match-points.ts';
import type { InputPairs } from './pair-inputs.ts';
import { mismatch, teacherFeeds } from './pair-inputs.ts';
import { agreementRows, distanceRows, hitRows, logitsOf } from './row-metrics.ts';
import type { ModelPlace, TrainingEnd } from './training-end.ts';

/** What a student is trained and judged by, whatever the size of a batch. */
export interface LossPlan {
  readonly student: TrainingEnd;
  readonly teacher: TrainingEnd;
  readonly inputs: InputPairs;
  readonly losses: readonly OutputLoss[];
  /** The one of them that labels and metric are about. */
  readonly scored: OutputLoss;
  /** Number of classes where the data's labels are used; else null. */
  readonly classes: number | null;
  /** Share of the labels in the loss. */
  readonly alpha: number;
  readonly temperature: number;
  readonly matches: readonly MatchPoint[];
  readonly matchWeight: number;
  readonly metric: DistillMetric;
}

/** One batch as both models take it. */
export interface BatchSpec {
  readonly batch: number;
  /** By the student's names. */
  readonly feeds: NamedTensors;
  readonly dims: { readonly student: Dims; readonly teacher: Dims };
}

type Dims = Readonly<Record<string, number>>;

/** The input that labels are fed to. */
export const labelInput = 'infer.label';

/** Both models with a loss and a metric for each sample: vectors as long as the batch. */
export interface LossGraph {
  readonly e: Expressions;
  /** The student's parameters: inputs of the graph. */
  readonly parameters: ReadonlyMap<string, Expr>;
  readonly loss: Expr;
  metric(): Expr;
  /** How often the teacher is right, where there are labels; else null. */
  teacherMetric(): Expr | null;
}

interface WriteOptions {
  readonly place: ModelPlace;
  /** Names of what becomes inputs of the graph. */
  readonly parameters: readonly string[];
  /** Whether the metric will be asked for, which may need the teacher where the loss does not. */
  readonly needsMetric: boolean;
}

/** Writes the graph for one batch. Throws ModelError 'distill-mismatch' where matched values differ in shape. */
export async function writeLossGraph(plan: LossPlan, spec: BatchSpec, options: WriteOptions): Promise<LossGraph> {
  const { student, teacher, inputs, matches } = plan;
  const graph = new TrainingGraph([student.model, teacher.model]);
  const labels = plan.classes === null ? null : graph.input(labelInput, 'int64', [spec.batch]);
  const taught =
    isTaught(plan) || options.needsMetric
      ? await graph.include(teacher.model, {
          ...options.place,
          name: teacher.path,
          dims: spec.dims.teacher,
          parameters: [],
          taps: matches.map((match) => match.teacher),
          feeds: teacherFeeds(spec.feeds, inputs),
          inputNames: inputs.studentOf,
        })
      : null;
  const trained = await graph.include(student.model, {
    ...options.place,
    name: student.path,
    dims: spec.dims.student,
    parameters: options.parameters,
    taps: matches.map((match) => match.student),
    feeds: spec.feeds,
  });
  const writer: Writer = { plan, e: graph.e, batch: spec.batch, labels, student: trained, teacher: taught };
  return {
    e: graph.e,
    parameters: trained.parameters,
    loss: totalLoss(writer),
    metric: () => metricRows(writer),
    teacherMetric: () => teacherRows(writer),
  };
}

/** Whether the loss needs the teacher at all. */
function isTaught({ alpha, matches }: Pick<LossPlan, 'alpha' | 'matches'>): boolean {
  return alpha < 1 || matches.length > 0;
}

interface Writer {
  readonly plan: LossPlan;
  readonly e: Expressions;
  readonly batch: number;
  readonly labels: Expr | null;
  readonly student: IncludedModel;
  readonly teacher: IncludedModel | null;
}

/** (1 - alpha)·(what the outputs differ by) + alpha·(cross-entropy) + weight·(what the matched values differ by). */
function totalLoss(writer: Writer): Expr {
  const { e, plan, labels } = writer;
  const { alpha, matchWeight } = plan;
  const terms: Expr[] = [];
  if (alpha < 1) terms.push(...plan.losses.map((loss) => e.mul(outputRows(writer, loss), 1 - alpha)));
  if (alpha > 0 && labels !== null) {
    const logits = sideOf(writer, plan.scored, 'student');
    terms.push(e.mul(crossEntropyRows(e, { logits, labels }), alpha));
  }
  terms.push(...plan.matches.map((match) => e.mul(matchRows(writer, match), matchWeight)));
  const [first = e.zeros([writer.batch]), ...rest] = terms;
  return rest.reduce((sum, term) => e.add(sum, term), first);
}

function outputRows(writer: Writer, loss: OutputLoss): Expr {
  const { e, plan } = writer;
  const pair = pairOf(writer, loss);
  switch (loss.loss) {
    case 'kl':
      return divergenceRows(e, pair, plan.temperature);
    case 'mse':
      return squaredErrorRows(e, pair);
    case 'cosine':
      return cosineRows(e, pair);
  }
}

function metricRows(writer: Writer): Expr {
  const { e, plan, labels } = writer;
  const { scored } = plan;
  switch (plan.metric) {
    case 'accuracy':
      return labels === null ? e.zeros([writer.batch]) : hitRows(e, sideOf(writer, scored, 'student'), labels);
    case 'agreement':
      return agreementRows(e, pairOf(writer, scored));
    case 'cosine':
      return e.add(e.neg(cosineRows(e, pairOf(writer, scored))), 1);
    case 'relative-error':
      return distanceRows(e, pairOf(writer, scored));
  }
}

function teacherRows(writer: Writer): Expr | null {
  const { e, plan, labels } = writer;
  if (plan.metric !== 'accuracy' || labels === null) return null;
  return hitRows(e, sideOf(writer, plan.scored, 'teacher'), labels);
}

function pairOf(writer: Writer, loss: OutputLoss) {
  return { student: sideOf(writer, loss, 'student'), teacher: sideOf(writer, loss, 'teacher') };
}

/** An output with the samples first, and classes, as scores before the softmax, last. */
function sideOf(writer: Writer, loss: OutputLoss, side: 'student' | 'teacher'): Expr {
  const { e } = writer;
  const { name, sampleAxis } = loss.pair[side];
  const rows = samplesFirst(e, e.cast(outputOf(writer, side, name), 'float32'), sampleAxis);
  if (loss.classAxis === null) return rows;
  const axes = [...rows.dims.keys()];
  const last = e.transpose(rows, [...axes.toSpliced(loss.classAxis, 1), loss.classAxis]);
  return loss.givesProbabilities[side] ? logitsOf(e, last) : last;
}

function samplesFirst(e: Expressions, x: Expr, sampleAxis: OutputLoss['pair']['student']['sampleAxis']): Expr {
  if (sampleAxis === 'whole') return e.reshape(x, [1, ...x.dims]);
  const axis = sampleAxis ?? 0;
  return e.transpose(x, [axis, ...[...x.dims.keys()].toSpliced(axis, 1)]);
}

/** Values in between may lack the samples' axis: they weigh alike for every sample then. */
function matchRows(writer: Writer, { student, teacher }: MatchPoint): Expr {
  const { e, plan, batch } = writer;
  const [own, other] = [outputOf(writer, 'student', student), outputOf(writer, 'teacher', teacher)];
  if (own.dims.join() !== other.dims.join() || !own.type.startsWith('float') || !other.type.startsWith('float'))
    throw mismatch(
      plan.student,
      plan.teacher,
      `'${student}' ${shapeText(own)} and '${teacher}' ${shapeText(other)} of --match`,
    );
  const pair = { student: e.cast(own, 'float32'), teacher: e.cast(other, 'float32') };
  if (own.dims[0] === batch) return relativeErrorRows(e, pair);
  const all = [1, elementCount(own.dims)];
  const flat = { student: e.reshape(pair.student, all), teacher: e.reshape(pair.teacher, all) };
  return e.expand(relativeErrorRows(e, flat), [batch]);
}

function shapeText({ type, dims }: Expr): string {
  return `${type}[${dims.join(', ')}]`;
}

function outputOf({ student, teacher }: Writer, side: 'student' | 'teacher', name: string): Expr {
  const found = (side === 'student' ? student : teacher)?.outputs.get(name);
  if (found === undefined) throw new RangeError(`the ${side} has no '${name}'`);
  return found;
}
