import { isFloatType } from '../onnx/data-type.ts';
import { mismatch } from './pair-inputs.ts';
import type { ProbedOutput } from './probe-ends.ts';
import type { TrainingEnd } from './training-end.ts';

/** An output of the student that is to become like one of the teacher. */
export interface OutputPairing {
  readonly student: ProbedOutput;
  readonly teacher: ProbedOutput;
}

export interface OutputPairs {
  readonly pairs: readonly OutputPairing[];
  readonly byPosition: boolean;
  /** Outputs that have no partner, are no floats, or do not tell samples apart; teacher's in parentheses. */
  readonly leftOut: readonly string[];
}

interface Side {
  readonly end: TrainingEnd;
  readonly outputs: readonly ProbedOutput[];
}

/**
 * Pairs outputs: those of one name, or, where the two share none and have as many, by their order. Throws ModelError
 * 'distill-mismatch' where a pair's shapes differ or nothing is left to compare.
 */
export function pairOutputs(student: Side, teacher: Side): OutputPairs {
  const [own, others] = [student.outputs.filter(isComparable), teacher.outputs.filter(isComparable)];
  const shared = own.flatMap((output) => {
    const partner = others.find(({ name }) => name === output.name);
    return partner === undefined ? [] : [{ student: output, teacher: partner }];
  });
  const byPosition = shared.length === 0 && own.length === others.length;
  const pairs = byPosition ? inOrder(own, others) : shared;
  const problem = `their outputs: ${listOf(own)} and ${listOf(others)}`;
  if (pairs.length === 0 || !pairs.every(hasEqualShapes)) throw mismatch(student.end, teacher.end, problem);
  const paired = new Set(pairs.flatMap((pair) => [pair.student, pair.teacher]));
  const lonely = ({ outputs }: Side): readonly string[] =>
    outputs.filter((output) => !paired.has(output) && !cacheNames.test(output.name)).map(({ name }) => name);
  const leftOut = [...lonely(student), ...lonely(teacher).map((name) => `${name} (teacher)`)];
  return { pairs, byPosition, leftOut };
}

function inOrder(own: readonly ProbedOutput[], others: readonly ProbedOutput[]): readonly OutputPairing[] {
  return own.flatMap((student, index) => {
    const teacher = others[index];
    return teacher === undefined ? [] : [{ student, teacher }];
  });
}

/** What a language model hands to its next run, as exporters name it. */
const cacheNames = /^present\b|^present[._]/i;

/** A cache is the model's own business: a smaller student has another one. */
function isComparable({ name, tensor, sampleAxis }: ProbedOutput): boolean {
  return !cacheNames.test(name) && isFloatType(tensor.type) && sampleAxis !== null && tensor.data.length > 0;
}

function hasEqualShapes({ student, teacher }: OutputPairing): boolean {
  return student.tensor.dims.join() === teacher.tensor.dims.join() && student.sampleAxis === teacher.sampleAxis;
}

function listOf(outputs: readonly ProbedOutput[]): string {
  if (outputs.length === 0) return 'none that can be compared';
  return outputs.map((output) => `'${output.name}' ${output.tensor.type}[${shapeText(output)}]`).join(', ');
}

/** With the samples' axis named, for its length is the probe's. */
function shapeText({ tensor, sampleAxis }: ProbedOutput): string {
  return tensor.dims.map((dim, axis) => (axis === sampleAxis ? 'samples' : String(dim))).join(', ');
}
