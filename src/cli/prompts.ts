import { UsageError } from '../errors.ts';
import type { Scheme } from '../quantize/vocabulary.ts';
import type { Io } from './io.ts';
import { pruneFlagTexts } from './prune-wanted.ts';
import type { TargetFlags, WantedFlags } from './prune-wanted.ts';
import { schemeFlagTexts } from './quantize-scheme.ts';

/** Asks for a model on a terminal; elsewhere a missing one is a usage error. */
export async function askForModels(io: Io): Promise<readonly string[]> {
  if (!io.isInteractive) throw new UsageError('missing-argument', { flag: 'MODEL', what: 'the path of an .onnx file' });
  const { input } = await import('@inquirer/prompts');
  const path = await input({ message: 'Which model? (path of an .onnx file)', required: true });
  return [path.trim()];
}

/** Asks for saved results on a terminal; elsewhere missing ones are a usage error. */
export async function askForResults(io: Io): Promise<readonly string[]> {
  const what = 'a saved result of infer bench, or an .onnx file to measure first';
  if (!io.isInteractive) throw new UsageError('missing-argument', { flag: 'RESULT', what });
  const { input } = await import('@inquirer/prompts');
  const paths = await input({ message: `Which results? (${what}; several with commas)`, required: true });
  return paths.split(',').map((path) => path.trim());
}

/** Asks for the data on a terminal; elsewhere missing ones are a usage error. */
export async function askForData(io: Io): Promise<string> {
  const what = 'samples as .npz, .jsonl, or a folder of .npy files, images or ONNX test_data_set';
  if (!io.isInteractive) throw new UsageError('missing-argument', { flag: '--data', what });
  const { input } = await import('@inquirer/prompts');
  return (await input({ message: `Which data? (${what})`, required: true })).trim();
}

/** Asks for a model that has a part of its own, by its flag; elsewhere a missing one is a usage error. */
export async function askForRole(
  io: Io,
  { flag, what }: { readonly flag: string; readonly what: string },
): Promise<string> {
  if (!io.isInteractive) throw new UsageError('missing-argument', { flag, what: `${what}: the path of an .onnx file` });
  const { input } = await import('@inquirer/prompts');
  return (await input({ message: `Which is ${what}? (path of an .onnx file)`, required: true })).trim();
}

/** Asks what a gate holds the model against; elsewhere it is a usage error that also says how to do without. */
export async function askForBase(io: Io, flag: string): Promise<string> {
  const what = 'a model, git:REF:PATH, or the saved result of a gate or a bench';
  if (!io.isInteractive)
    throw new UsageError('missing-argument', {
      flag,
      what: `what the head is held against: ${what} (without one, --baseline or a budget such as --max-latency p99=20ms)`,
    });
  const { input } = await import('@inquirer/prompts');
  return (await input({ message: `What is it held against? (${what})`, required: true })).trim();
}

/** Asks how to quantize on a terminal; elsewhere it is a usage error that names the flags. */
export async function askForScheme(io: Io): Promise<Scheme> {
  if (!io.isInteractive) throw new UsageError('scheme-missing', { flags: schemeFlagTexts });
  const { select } = await import('@inquirer/prompts');
  return select<Scheme>({
    message: 'Quantize to what?',
    choices: [
      { value: 'int8', name: '--int8: weights and activations in 8 bits' },
      { value: 'int4', name: '--int4: weights in blocks of 4 bits' },
      { value: 'int8-weights', name: '--int8-weights: small on disk, no faster' },
      { value: 'fp16', name: '--fp16: float16, for GPUs' },
    ],
  });
}

type Pruning = WantedFlags & Pick<TargetFlags, 'maxDrop'>;

/** Asks what to prune on a terminal; elsewhere it is a usage error that names the flags. */
export async function askForPruning(io: Io, hasData: boolean): Promise<Pruning> {
  if (!io.isInteractive) throw new UsageError('prune-missing', { flags: pruneFlagTexts });
  const { select } = await import('@inquirer/prompts');
  const search = {
    value: { maxDrop: '2%' },
    name: '--max-drop 2%: as much as quality allows',
    disabled: hasData ? false : '(needs --data)',
  };
  return select<Pruning>({
    message: 'Prune what?',
    choices: [
      { value: { channels: '0.25' }, name: '--channels 0.25: a quarter of all channels and neurons' },
      { value: { channels: '0.5' }, name: '--channels 0.5: half of them' },
      { value: { heads: '0.25' }, name: '--heads 0.25: a quarter of the attention heads' },
      { value: { layers: '1' }, name: '--layers 1: the residual block that does least' },
      search,
      { value: { sparsity: '0.8' }, name: '--sparsity 0.8: zeros, for a smaller download and no speed' },
    ],
  });
}
