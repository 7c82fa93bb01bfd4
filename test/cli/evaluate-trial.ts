import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateResultSchema } from '../../src/evaluate/evaluate-result.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { buildNpy } from '../data/build-npy.ts';
import { buildZip } from '../data/build-zip.ts';
import type { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import type { World } from './buffered-io.ts';

const classes = 3;

/**
 * A classifier of three classes whose scores are three columns of its input: what it says of each sample is up to the
 * data, and so is what another one says that reads the other three.
 */
export function columnsModel(from: 0 | 3, batch: number | string = 'batch'): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [batch, 2 * classes]);
  const bounds = [from, from + classes, 1].map((value, i) => g.constant(`bound_${i}`, longs([value])));
  g.output(g.op('Slice', [x, ...bounds]), 'scores', tensorType('float32', [batch, classes]));
  return encodeModel(g.model());
}

/** What both classifiers say of a sample, and what is true. */
export interface Decision {
  readonly head: number;
  readonly base: number;
  readonly label?: number;
}

/** An archive of the input `x` and, where the decisions have them, labels. */
export function decisionsNpz(decisions: readonly Decision[]): Uint8Array {
  const rows = decisions.flatMap(({ head, base }) =>
    [head, base].flatMap((chosen) => Array.from({ length: classes }, (_, i) => (i === chosen ? 2 : i / 10))),
  );
  const labels = decisions.flatMap(({ label }) => (label === undefined ? [] : [BigInt(label)]));
  const x = buildNpy('<f4', [decisions.length, 2 * classes], Float32Array.from(rows));
  const label = buildNpy('<i8', [labels.length], BigInt64Array.from(labels));
  return buildZip([{ name: 'x.npy', data: x }, ...(labels.length > 0 ? [{ name: 'label.npy', data: label }] : [])]);
}

/** So many samples of which the head gets `headRight` right and the base all: labels go round the classes. */
export function labeledDecisions(count: number, headRight: number): readonly Decision[] {
  return Array.from({ length: count }, (_, i) => {
    const label = i % classes;
    return { head: i < headRight ? label : (label + 1) % classes, base: label, label };
  });
}

/** A folder of its own with both classifiers in it, and `infer evaluate` beside them. */
export function evaluateTrial(files: ReturnType<typeof temporaryFolder>) {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  const write = (name: string, content: Uint8Array | string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    folder,
    write,
    head: write('head.onnx', columnsModel(0)),
    base: write('base.onnx', columnsModel(3)),
    evaluate: (words: readonly string[], world: World = {}) =>
      runInfer(['evaluate', ...words], { cwd: folder, runtime: new OptimizingRuntime(), ...world }),
  };
}

/** The result in a text. */
export function parseResult(text: string) {
  return evaluateResultSchema.parse(JSON.parse(text));
}
