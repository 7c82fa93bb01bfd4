import type { Command } from 'commander';
import { providerNames } from '../commands/bench-vocabulary.ts';
import type { ScoringFlags } from './scoring-options.ts';
import { addDoubtOption, addFeedOptions, addRuntimeOptions, addTaskOptions } from './scoring-options.ts';
import { addOutputOptions } from './shared-options.ts';

/** Options of `infer evaluate` as text, from flags, config and defaults. */
export interface EvaluateFlags extends ScoringFlags {
  readonly browser?: string;
  readonly data?: string;
  readonly reference?: string;
  readonly seed: string;
  readonly maxDrop?: string;
  readonly minSqnr?: string;
  readonly details?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
Limits of --max-drop: 0.5pt is points (of a metric from 0 to 100), 1% is relative to the reference's, 0.01 is absolute.
Exit code 1 only when the 95 % interval says that a limit is missed.

Examples:
  $ infer evaluate digits.onnx --data test.npz
  $ infer evaluate int8.onnx --reference fp32.onnx --data test.npz --max-drop 0.5pt
  $ infer evaluate int8.onnx --reference fp32.onnx --data inputs.npz --min-sqnr 30
  $ infer evaluate resnet.onnx --data images/ --preprocess resize=256,crop=224,mean=0.485:0.456:0.406,std=0.229:0.224:0.225
  $ infer evaluate gpt.onnx --data texts.jsonl --tokenizer tokenizer.json --context 1024 -o result.json`;

/** Declares the flags of `infer evaluate`. */
export function addEvaluateOptions(command: Command, formats: readonly string[]): Command {
  addDataOptions(command.argument('[model]', 'ONNX file'));
  addTaskOptions(command);
  addGoalOptions(command);
  addFeedOptions(command);
  addRuntimeOptions(command, providerNames).option(
    '--browser <path>',
    'Chromium or Chrome of the browser providers (default: CHROME_PATH, or an installed one)',
  );
  return addOutputOptions(command, formats)
    .option('--details', 'print the longest lists in full')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addDataOptions(command: Command): void {
  command
    .option(
      '--data <path>',
      'samples, with labels or without: .npz, .jsonl, a folder of .npy, of images per class, or of ONNX test_data_set',
    )
    .option('--reference <model>', 'the model to hold it against, run on the same samples')
    .option('--samples <n>', 'use only so many samples, chosen by the seed (default: all)')
    .option('--seed <n>', 'seed of that choice and of intervals by bootstrap', '0');
}

function addGoalOptions(command: Command): void {
  command
    .option('--max-drop <limit>', 'how far it may fall behind the reference: 0.5pt, 1% or 0.01')
    .option('--min-sqnr <db>', 'least signal-to-noise ratio of every output, in dB');
  addDoubtOption(command, 'when the samples are too few for a verdict');
}
