import { UsageError } from '../errors.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';
import type { LossName, LossReason } from './loss-kind.ts';
import type { OutputPairing } from './pair-outputs.ts';
import type { ProbedOutput } from './probe-ends.ts';

/** How one pair of outputs is compared. */
export interface OutputLoss {
  readonly pair: OutputPairing;
  readonly loss: LossName;
  readonly reason: LossReason;
  /** Axis of the classes once the samples are the first axis; null for other losses. */
  readonly classAxis: number | null;
  /** Whether it gives probabilities, not the scores before them. */
  readonly givesProbabilities: { readonly student: boolean; readonly teacher: boolean };
}

const scoreNames = /logit|score|class|prob|softmax|label/i;
const vectorNames = /embed|hidden|feature|pool|state|vector/i;

/** What is off by less is rounding. */
const closeEnough = 1e-3;

/**
 * The loss of each pair: the one asked for, else what the teacher's outputs look like. `classes` says whether the data
 * have labels that are classes. Throws UsageError for a loss that an output cannot have.
 */
export function chooseLosses(
  pairs: readonly OutputPairing[],
  asked: LossName | 'auto',
  { classes }: { readonly classes: boolean },
): readonly OutputLoss[] {
  return pairs.map((pair) => {
    const { loss, reason } =
      asked === 'auto' ? guess(pair.teacher, classes) : { loss: asked, reason: 'asked' as const };
    const classAxis = loss === 'kl' ? classAxisOf(rowDims(pair.student)) : null;
    if (loss === 'kl' && classAxis === null) throw unfit(pair.student, loss, 'mse: there are no classes in it');
    if (loss === 'cosine' && rowDims(pair.student).length < 2)
      throw unfit(pair.student, loss, 'mse: it holds one number a sample');
    const givesProbabilities = { student: areProbabilities(pair.student), teacher: areProbabilities(pair.teacher) };
    return { pair, loss, reason, classAxis, givesProbabilities };
  });
}

/** The shape with the samples along the first axis. */
export function rowDims({ tensor, sampleAxis }: ProbedOutput): readonly number[] {
  if (sampleAxis === 'whole') return [1, ...tensor.dims];
  const axis = sampleAxis ?? 0;
  return [tensor.dims[axis] ?? 1, ...tensor.dims.toSpliced(axis, 1)];
}

function guess(output: ProbedOutput, classes: boolean): { readonly loss: LossName; readonly reason: LossReason } {
  const dims = rowDims(output);
  if (classAxisOf(dims) === null) return { loss: 'mse', reason: 'raw-values' };
  if (dims.length === 2 && classes) return { loss: 'kl', reason: 'class-labels' };
  if (areProbabilities(output)) return { loss: 'kl', reason: 'probabilities' };
  if (scoreNames.test(output.name)) return { loss: 'kl', reason: 'score-name' };
  if (areUnitVectors(output)) return { loss: 'cosine', reason: 'unit-vectors' };
  if (vectorNames.test(output.name)) return { loss: 'mse', reason: 'vector-name' };
  return dims.length === 2 ? { loss: 'kl', reason: 'class-vector' } : { loss: 'mse', reason: 'raw-values' };
}

/** [samples, classes], [samples, positions, classes], and [samples, classes, height, width]. */
function classAxisOf(dims: readonly number[]): number | null {
  const axis = dims.length >= 4 ? 1 : dims.length - 1;
  return dims.length >= 2 && (dims[axis] ?? 1) > 1 ? axis : null;
}

/** Whether all are between 0 and 1 and sum to 1 along the classes. */
function areProbabilities(output: ProbedOutput): boolean {
  const axis = classAxisOf(rowDims(output));
  if (axis === null) return false;
  return sumsAlong(output, axis, (value) => (isShare(value) ? value : Number.NaN)).every(isOne);
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1 + closeEnough;
}

function areUnitVectors(output: ProbedOutput): boolean {
  return sumsAlong(output, rowDims(output).length - 1, (value) => value * value).every(isOne);
}

function isOne(sum: number): boolean {
  return Math.abs(sum - 1) < closeEnough;
}

/** Sums along an axis of the rows. Samples that are not along the first axis are not looked at: nothing is told. */
function sumsAlong(output: ProbedOutput, axis: number, term: (value: number) => number): readonly number[] {
  if (output.sampleAxis !== 0 && output.sampleAxis !== 'whole') return [Number.NaN];
  const dims = rowDims(output);
  const length = dims[axis] ?? 1;
  const inner = elementCount(dims.slice(axis + 1));
  const values = numbersOf(output.tensor);
  return Array.from({ length: values.length / length }, (_, position) => {
    const start = Math.floor(position / inner) * length * inner + (position % inner);
    let sum = 0;
    for (let index = 0; index < length; index++) sum += term(values[start + index * inner] ?? 0);
    return sum;
  });
}

function unfit({ name }: ProbedOutput, loss: LossName, instead: string): UsageError {
  return new UsageError('bad-value', {
    flag: '--loss',
    value: loss,
    expected: `a loss for output '${name}'; use ${instead}`,
  });
}
