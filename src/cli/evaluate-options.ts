import { Option } from 'commander';
import type { Command } from 'commander';
import { addDatasetOptions, addOutputOptions, collect } from './shared-options.ts';
import type { DatasetFlags } from './shared-options.ts';

export const doubtPolicies = ['warn', 'fail', 'pass'] as const;

/** Options of `infer evaluate` as text, from flags, config and defaults. */
export interface EvaluateFlags extends DatasetFlags {
  readonly data?: string;
  readonly reference?: string;
  readonly samples?: string;
  readonly seed: string;
  readonly task?: string;
  readonly metric?: string | readonly string[];
  readonly topK: string;
  readonly outputName?: string;
  readonly blank: string;
  readonly vocabulary?: string;
  readonly context?: string;
  readonly maxDrop?: string;
  readonly minSqnr?: string;
  readonly onInconclusive: string;
  readonly batch?: string;
  readonly batchDim?: string;
  readonly pairs?: string;
  readonly ep: string;
  readonly strictEp?: boolean;
  readonly threads?: string;
  readonly timeout: string;
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
  addRuntimeOptions(command);
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

function addTaskOptions(command: Command): void {
  command
    .option('--task <name>', 'what the model is for (default: told by labels and outputs)')
    .option(
      '--metric <name>',
      'a metric of the task, the first one decides; repeatable (default: the usual ones)',
      collect,
    )
    .option('--top-k <k>', 'the k of top-k accuracy', '5')
    .option('--output-name <name>', 'the output to score (default: the one that fits)')
    .option('--blank <class>', 'CTC: the class that stands for nothing', '0')
    .option('--vocabulary <file>', 'CTC: what the classes are written as, one a line')
    .option('--context <n>', 'language models: tokens of one run at most; longer texts are split');
}

function addGoalOptions(command: Command): void {
  command
    .option('--max-drop <limit>', 'how far it may fall behind the reference: 0.5pt, 1% or 0.01')
    .option('--min-sqnr <db>', 'least signal-to-noise ratio of every output, in dB')
    .addOption(
      new Option('--on-inconclusive <what>', 'when the samples are too few for a verdict: fail exits with 5')
        .choices([...doubtPolicies])
        .default('warn'),
    );
}

function addFeedOptions(command: Command): void {
  command
    .option('--batch <n>', 'samples a run (default: the model’s own, or up to 64)')
    .option('--batch-dim <name>', 'the dimension that is the batch (default: found by name or position)');
  addDatasetOptions(command).option(
    '--pairs <use>',
    'pairs of texts: joint or separate (default: separate for embeddings)',
  );
}

function addRuntimeOptions(command: Command): void {
  command
    .option('--ep <name>', 'execution provider: cpu, webgpu, cuda, tensorrt, coreml, dml', 'cpu')
    .option('--strict-ep', 'fail when a node would fall back to the CPU')
    .option('--threads <n>', 'intra-op threads (default: usable cores)')
    .option('--timeout <time>', 'longest silence of the process before it is killed', '120s');
}
