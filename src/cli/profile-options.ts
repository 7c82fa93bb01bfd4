import { Option } from 'commander';
import type { Command } from 'commander';
import { nodeProviderNames, optimizationLevels } from '../commands/bench-vocabulary.ts';
import type { ProfileFileFlags } from './profile-files.ts';
import { addProfileFileOptions } from './profile-files.ts';
import { addOutputOptions, collect } from './shared-options.ts';

/** Options of `infer profile` as text, from flags, config and defaults. */
export interface ProfileFlags extends ProfileFileFlags {
  readonly ep: string;
  readonly compare?: string;
  readonly threads?: string;
  readonly batch?: string;
  readonly batchDim?: string;
  readonly dim?: readonly string[];
  readonly shape?: readonly string[];
  readonly input?: readonly string[];
  readonly data?: string;
  readonly seed: string;
  readonly runs: string;
  readonly rounds: string;
  readonly budget: string;
  readonly timeout: string;
  readonly optimization: string;
  readonly strictEp?: boolean;
  readonly roofs: boolean;
  readonly top: string;
  readonly details?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
Profiling slows a model down, so times are shares of the profile scaled to the latency measured without it.
Traces open in ui.perfetto.dev and chrome://tracing, speedscope files in speedscope.app.

Examples:
  $ infer profile model.onnx
  $ infer profile model.onnx --dim seq=128 --threads 4 --details
  $ infer profile fp32.onnx --compare int8.onnx -o profile.json
  $ infer profile model.onnx --compare webgpu --trace trace.json --flame flame.html`;

/** Declares the flags of `infer profile`. */
export function addProfileOptions(command: Command, formats: readonly string[]): Command {
  addSubjectOptions(command);
  addProtocolOptions(command);
  addViewOptions(command);
  return addOutputOptions(command, formats)
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addSubjectOptions(command: Command): void {
  command
    .argument('[model]', 'ONNX file')
    .option(
      '--compare <other>',
      `profile this one beside it: a model, or another provider (${nodeProviderNames.join(', ')})`,
    )
    .option('--ep <name>', 'execution provider', 'cpu')
    .option('--threads <n>', 'intra-op threads (default: usable cores)')
    .option('--batch <n>', 'batch size (default: the model’s own, or 1)')
    .option('--batch-dim <name>', 'the dimension that is the batch (default: found by name or position)')
    .option('--dim <name=n>', 'length of a symbolic dimension; repeatable', collect)
    .option('--shape <input=AxBxC>', 'whole shape of an input; repeatable', collect)
    .option(
      '--input <name=value>',
      'value of an input: number, range 0..N, list, .npy or .pb file; repeatable',
      collect,
    )
    .option('--data <path>', 'inputs from an .npz, a folder of .npy or an ONNX test_data_set: the first sample')
    .option('--seed <n>', 'seed of synthetic inputs', '0');
}

function addProtocolOptions(command: Command): void {
  command
    .option('--runs <n>', 'profiled runs of a block', '20')
    .option('--rounds <n>', 'rounds of blocks, one plain and one profiled, that intervals are over', '5')
    .option('--budget <time>', 'time to take; three rounds are taken in any case', '60s')
    .option('--timeout <time>', 'longest silence of a process before it is killed', '120s')
    .addOption(
      new Option('--optimization <level>', 'graph optimization level').choices([...optimizationLevels]).default('all'),
    )
    .option('--strict-ep', 'fail when a node would fall back to the CPU')
    .option('--no-roofs', 'do not measure what the machine reaches at best, nor tell what holds kernels back');
}

function addViewOptions(command: Command): void {
  command
    .option('--top <n>', 'rows of the longest lists', '10')
    .option('--details', 'also every kernel, and what became of every node of the file');
  addProfileFileOptions(command);
}
