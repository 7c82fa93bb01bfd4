import { ModelError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { TrainingEnd } from './training-end.ts';

/** Which input of the student each input of the teacher gets its data from, by name. */
export interface InputPairs {
  readonly studentOf: ReadonlyMap<string, string>;
  readonly byPosition: boolean;
}

/**
 * Pairs inputs by name, or, where names differ and there are as many, by their order. Throws ModelError
 * 'distill-mismatch'.
 */
export function pairInputs(student: TrainingEnd, teacher: TrainingEnd): InputPairs {
  const [own, others] = [student.signature.inputs, teacher.signature.inputs];
  const names = new Set(own.map(({ name }) => name));
  const byName = own.length === others.length && others.every(({ name }) => names.has(name));
  if (own.length !== others.length)
    throw mismatch(student, teacher, `their inputs: ${listOf(own)} and ${listOf(others)}`);
  const pairs = others.map((input, index) => {
    const partner = byName ? own.find(({ name }) => name === input.name) : own[index];
    if (partner === undefined || !isAlike(partner, input))
      throw mismatch(student, teacher, `their inputs: ${listOf(own)} and ${listOf(others)}`);
    return [input.name, partner.name] as const;
  });
  return { studentOf: new Map(pairs), byPosition: !byName };
}

/** The student's feeds under the teacher's names. */
export function teacherFeeds(feeds: NamedTensors, { studentOf }: InputPairs): NamedTensors {
  return Object.fromEntries(
    [...studentOf].flatMap(([teacher, student]) => {
      const tensor = feeds[student];
      return tensor === undefined ? [] : [[teacher, tensor]];
    }),
  );
}

/** One error that names both sides. */
export function mismatch(student: TrainingEnd, teacher: TrainingEnd, problem: string): ModelError {
  return new ModelError('distill-mismatch', { student: student.path, teacher: teacher.path, problem });
}

function isAlike(a: ValueSignature, b: ValueSignature): boolean {
  if (a.type !== b.type || a.shape.length !== b.shape.length) return false;
  return a.shape.every(
    (dim, axis) => typeof dim === 'string' || typeof b.shape[axis] === 'string' || dim === b.shape[axis],
  );
}

function listOf(values: readonly ValueSignature[]): string {
  return values.map(({ name, type, shape }) => `'${name}' ${type}[${shape.join(', ')}]`).join(', ');
}
