import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { ComparedInputs } from './compared-inputs.ts';
import { checkWritable } from './write-atomically.ts';

export interface ModelOutput {
  readonly modelPath: string;
  readonly outputPath: string;
  /** Overwrite an existing output. */
  readonly force: boolean;
  readonly inputs: ComparedInputs;
}

/**
 * Says before any work that a model cannot be written, or would replace what it is made of or compared on. Throws
 * UsageError.
 */
export function checkModelOutput(output: ModelOutput): void {
  const { outputPath, force } = output;
  const folder = dirname(outputPath);
  if (!existsSync(folder))
    throw new UsageError('output-unwritable', { path: outputPath, problem: `there is no folder ${folder}` });
  checkWritable(outputPath, filesRead(output));
  if (existsSync(outputPath) && !force) throw new UsageError('output-exists', { path: outputPath });
}

/** None of them may be replaced by what is written. */
function filesRead({ modelPath, inputs }: Pick<ModelOutput, 'modelPath' | 'inputs'>): readonly string[] {
  const values = Object.values(inputs.values).flatMap((value) => (value.kind === 'file' ? [value.path] : []));
  return [modelPath, ...values, ...(inputs.dataPath === null ? [] : [inputs.dataPath])];
}

/** The same of the file that a command writes its result to, beside the model. Throws UsageError. */
export function checkReportFile(path: string, output: ModelOutput): void {
  checkWritable(path, [...filesRead(output), output.outputPath]);
  if (existsSync(dirname(output.outputPath)) && placeOf(path) === placeOf(output.outputPath))
    throw new UsageError('output-unwritable', { path, problem: 'the model is to be written there' });
}

/** Where a file is or will be, whatever links lead there. */
function placeOf(path: string): string {
  return join(realpathSync(dirname(path)), basename(path));
}
