import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { optimizeResultSchema } from '../../src/optimize/optimize-result.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { linearModel } from '../models/small-models.ts';
import type { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import type { World } from './buffered-io.ts';

/** A folder of its own with a model in it, and `infer optimize` beside it. */
export function optimizeTrial(files: ReturnType<typeof temporaryFolder>) {
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
    /** A MatMul and an Add, which become a Gemm. */
    model: write('linear.onnx', linearModel()),
    output: join(folder, 'out.onnx'),
    optimize: (words: readonly string[], world: World = {}) =>
      runInfer(['optimize', ...words], { cwd: folder, runtime: new OptimizingRuntime(), ...world }),
  };
}

/** The result in a text. */
export function parseResult(text: string) {
  return optimizeResultSchema.parse(JSON.parse(text));
}

/** The model in a file. */
export function modelIn(path: string) {
  const opened = openModel(path);
  opened.close();
  return opened.model;
}

/** One sentence on stderr, nothing on stdout. */
export function refused(exitCode: number, sentence: RegExp) {
  const stderr = new RegExp(`^error: [^\\n]*${sentence.source}[^\\n]*\\n(\\(see --help\\)\\n)?$`);
  return { exitCode, stdout: '', stderr: expect.stringMatching(stderr) };
}
