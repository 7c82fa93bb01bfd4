import type { Command } from 'commander';
import {
  activationTypes,
  blockAlgorithms,
  calibrationMethods,
  methods,
  targets,
} from '../commands/quantize-vocabulary.ts';
import { addJudgingOptions, addSampleOptions, choice } from './judging-options.ts';
import { addDataPlaceOptions } from './place-of-data.ts';
import type { DataPlaceFlags } from './place-of-data.ts';
import { blockSizes, accuracyLevels } from './quantize-figures.ts';
import type { SchemeFlags } from './quantize-scheme.ts';
import type { ScoringFlags } from './scoring-options.ts';
import { addFeedOptions, addRuntimeOptions, addTaskOptions } from './scoring-options.ts';
import { addModelOutputOptions, collect } from './shared-options.ts';

/** Options of `infer quantize` as text, from flags, config and defaults. */
export interface QuantizeFlags extends ScoringFlags, SchemeFlags, DataPlaceFlags {
  readonly data?: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly method: string;
  readonly target: string;
  readonly calibration: string;
  readonly percentile: string;
  readonly calibrationCache?: string;
  readonly activations: string;
  readonly perTensor?: boolean;
  readonly reduceRange?: boolean;
  readonly blockSize: string;
  readonly symmetric?: boolean;
  readonly algorithm: string;
  readonly accuracyLevel?: string;
  readonly embeddings?: boolean;
  readonly smooth: string;
  readonly biasCorrection: boolean;
  readonly keepIo?: boolean;
  /** One text from the config, with commas between the patterns. */
  readonly exclude?: string | readonly string[];
  readonly maxDrop?: string;
  readonly minSpeedup?: string;
  readonly maxSize?: string;
  readonly acceptWorse?: boolean;
  readonly verify: boolean;
  readonly bench: boolean;
  readonly budget: string;
  readonly seed: string;
  readonly yes?: boolean;
  readonly details?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
Limits of --max-drop: 0.5pt is points (of a metric from 0 to 100), 1% is relative to the float model's, 0.01 is
absolute; without labels it limits how often the two disagree. With --data the default is 1%.
Where --data has fewer others than samples that calibrate, all of them judge, those included.
Exit code 1: a goal was missed, and nothing was written; --accept-worse writes it all the same.

Examples:
  $ infer quantize model.onnx --int8 --data calibration.npz
  $ infer quantize model.onnx --int8 --method dynamic --data test.npz --max-drop 0.5pt --min-speedup 1.2x
  $ infer quantize resnet.onnx --int8 --data images/ --preprocess resize=256,crop=224 --exclude '/fc/*' --report r.md
  $ infer quantize llm.onnx --int4 --block-size 64 --data texts.jsonl --tokenizer tokenizer.json --details
  $ infer quantize model.onnx --fp16 --target webgpu --keep-io -o model.webgpu.onnx`;

/** Declares the flags of `infer quantize`. */
export function addQuantizeOptions(command: Command, formats: readonly string[]): Command {
  addSchemeOptions(command.argument('[model]', 'ONNX file'));
  addCalibrationOptions(command);
  addIntegerOptions(command);
  addBlockOptions(command);
  addTaskOptions(command);
  addFeedOptions(command);
  addGoalOptions(command);
  addRuntimeOptions(command);
  addModelOutputOptions(command, formats);
  return addDataPlaceOptions(command)
    .option('--seed <n>', 'seed of the choice of samples and of synthetic inputs', '0')
    .option('--yes', 'ask nothing: --int8 where nothing says how to quantize')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addSchemeOptions(command: Command): void {
  command
    .option('--int8', 'weights and activations in 8 bits')
    .option('--int4', 'weights in blocks of 4 bits (MatMul and Gemm); with --fp16 the rest in float16')
    .option('--int8-weights', 'weights in 8 bits, to be unpacked while the model runs: small, not faster')
    .option('--fp16', 'float16')
    .addOption(choice('--method <name>', 'way to int8; auto measures them all', methods).default('auto'))
    .addOption(choice('--target <name>', 'where the model is going to run', targets).default('cpu'))
    .option(
      '--exclude <patterns>',
      'nodes to leave in float, by name or operator, * for anything; repeatable',
      collect,
    );
}

function addCalibrationOptions(command: Command): void {
  addSampleOptions(command, 'calibrate')
    .addOption(
      choice('--calibration <name>', 'how a range is chosen; auto takes the least noise', calibrationMethods).default(
        'auto',
      ),
    )
    .option('--percentile <p>', 'what --calibration percentile keeps', '99.99')
    .option('--calibration-cache <file>', 'ranges to read where it exists, and to write where not');
}

function addIntegerOptions(command: Command): void {
  command
    .addOption(choice('--activations <type>', 'type of quantized activations', activationTypes).default('uint8'))
    .option('--per-tensor', 'one scale for a whole weight (default: one for each channel)')
    .option('--reduce-range', 'weights of 7 bits (default: where 8-bit products saturate on this processor)')
    .option('--no-reduce-range', 'weights of 8 bits, whatever the processor')
    .option('--smooth <alpha>', 'move outliers of activations into weights: off, auto, or 0 to 1', 'off')
    .option('--no-bias-correction', 'leave biases as they are')
    .option('--keep-io', 'float16: inputs and outputs stay float32');
}

function addBlockOptions(command: Command): void {
  command
    .addOption(choice('--block-size <n>', 'weights that share a scale', blockSizes).default('32'))
    .option('--symmetric', 'blocks without zero points')
    .addOption(
      choice('--algorithm <name>', 'how blocks are rounded; auto is gptq with --data', blockAlgorithms).default('auto'),
    )
    .addOption(
      choice('--accuracy-level <n>', 'of MatMulNBits: 4 computes in int8 (default: 4; 0 for webgpu)', accuracyLevels),
    )
    .option('--embeddings', 'quantize tables that Gather reads, too');
}

function addGoalOptions(command: Command): void {
  command
    .option('--max-drop <limit>', 'how far it may fall behind: 0.5pt, 1% or 0.01 (default: 1% with --data)')
    .option('--min-speedup <factor>', 'how much faster it must be, such as 1.2x')
    .option('--max-size <limit>', 'how large it may be: 0.3x of the size before, or 10MB')
    .option('--no-verify', 'compare and judge nothing');
  addJudgingOptions(command);
}
