import { UsageError } from '../errors.ts';
import type { Io } from './io.ts';

/** Asks for a model on a terminal; elsewhere a missing one is a usage error. */
export async function askForModels(io: Io): Promise<readonly string[]> {
  if (!io.isInteractive) throw new UsageError('missing-argument', { flag: 'MODEL', what: 'the path of an .onnx file' });
  const { input } = await import('@inquirer/prompts');
  const path = await input({ message: 'Which model? (path of an .onnx file)', required: true });
  return [path.trim()];
}
