import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpz } from '../../src/data/write-npz.ts';
import { distillResultSchema } from '../../src/distill/distill-result.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { normal, perceptronBytes } from '../distill/small-students.ts';
import type { temporaryFolder } from '../models/temporary-models.ts';
import { runModel } from '../numerics/run-model.ts';
import { runInfer } from './buffered-io.ts';
import type { World } from './buffered-io.ts';

/** Enough steps for a small student to become better, and no more. */
export const short = ['--epochs', '4', '--lr', '0.02', '--batch', '32', '-q'];

/** A folder of its own with a teacher, a student and data in it, and `infer distill` beside them. */
export async function distillTrial(files: ReturnType<typeof temporaryFolder>) {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  const write = (name: string, content: Uint8Array | string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const data = async (name: string, tensors: NamedTensors) => {
    await writeNpz(join(folder, name), tensors);
    return join(folder, name);
  };
  const teacherBytes = perceptronBytes({ seed: 1, hidden: 24 });
  const rows = normal([160, 4], { seed: 9, name: 'rows' });
  const teacher = write('teacher.onnx', teacherBytes);
  const student = write('student.onnx', perceptronBytes({ seed: 2, hidden: 8 }));
  const unlabeled = await data('data.npz', { x: rows });
  const usual = ['--teacher', teacher, '--student', student, '--data', unlabeled];
  return {
    folder,
    write,
    data,
    rows,
    teacher,
    teacherBytes,
    student,
    unlabeled,
    output: join(folder, 'student.distilled.onnx'),
    checkpoint: join(folder, 'student.distilled.onnx.checkpoint.npz'),
    /** With the flags that every run needs. */
    distill: (words: readonly string[], world: World = {}) =>
      runInfer(['distill', ...usual, ...short, ...words], { cwd: folder, runtime: new OptimizingRuntime(), ...world }),
    /** With these flags alone. */
    run: (words: readonly string[], world: World = {}) =>
      runInfer(['distill', ...words], { cwd: folder, runtime: new OptimizingRuntime(), ...world }),
  };
}

/** The result in a text. */
export function parseDistill(text: string) {
  return distillResultSchema.parse(JSON.parse(text));
}

/** What the rows' largest classes are by a model, as onnxruntime runs it. */
export async function classesBy(bytes: Uint8Array, rows: NamedTensors): Promise<readonly number[]> {
  const outputs = Object.values(await runModel(bytes, rows));
  const [first] = outputs;
  if (first === undefined) return [];
  const [count = 0, classes = 1] = first.dims;
  const values = Array.from(numbersOf(first));
  return Array.from({ length: count }, (_, row) => {
    const scores = values.slice(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
}
