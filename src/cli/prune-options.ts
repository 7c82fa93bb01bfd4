import type { Command } from 'commander';
import { unitScores, weightScores } from '../commands/prune-vocabulary.ts';
import { addJudgingOptions, addSampleOptions, choice } from './judging-options.ts';
import { addDataPlaceOptions } from './place-of-data.ts';
import type { DataPlaceFlags } from './place-of-data.ts';
import type { TargetFlags, WantedFlags } from './prune-wanted.ts';
import type { ScoringFlags } from './scoring-options.ts';
import { addFeedOptions, addRuntimeOptions, addTaskOptions } from './scoring-options.ts';
import { addModelOutputOptions, collect } from './shared-options.ts';

/** Options of `infer prune` as text, from flags, config and defaults. */
export interface PruneFlags extends ScoringFlags, WantedFlags, TargetFlags, DataPlaceFlags {
  readonly data?: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly global?: boolean;
  readonly score: string;
  readonly sparsityScore: string;
  readonly roundTo: string;
  readonly reconstruct: boolean;
  readonly steps: string;
  /** True where no epochs are given. */
  readonly distill?: string | boolean;
  /** One text from the config, with commas between the patterns. */
  readonly exclude?: string | readonly string[];
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
Shares of --channels, --heads, --width and --sparsity are what is REMOVED, those of --target-latency, --target-size and
--target-macs what is KEPT. With a share to remove, goals are judged; with goals alone, what to remove is searched for.
Limits of --max-drop: 0.5pt is points (of a metric from 0 to 100), 1% is relative to the original's, 0.01 is absolute;
without labels it limits how often the two disagree. With --data the default is 2%.
Prune first, quantize afterwards. Zeros (--sparsity) make a smaller download, and nothing faster in onnxruntime.
Exit code 1: a goal was missed, and nothing was written; --accept-worse writes it all the same.

Examples:
  $ infer prune model.onnx --channels 0.5 --data samples.npz
  $ infer prune model.onnx --data test.npz --max-drop 1% --target-latency 0.6x --report prune.md
  $ infer prune vit.onnx --channels 0.5 --heads 0.5 --data images/ --preprocess resize=256,crop=224 --distill 5
  $ infer prune bert.onnx --layers 2 --data texts.jsonl --tokenizer tokenizer.json --details
  $ infer prune model.onnx --sparsity 2:4 --data samples.npz -o model.sparse.onnx`;

/** Declares the flags of `infer prune`. */
export function addPruneOptions(command: Command, formats: readonly string[]): Command {
  addWantedOptions(command.argument('[model]', 'ONNX file'));
  addMethodOptions(command);
  addSampleOptions(command, 'score and refit');
  addTaskOptions(command);
  addFeedOptions(command);
  addGoalOptions(command);
  addRuntimeOptions(command);
  addModelOutputOptions(command, formats);
  return addDataPlaceOptions(command)
    .option('--seed <n>', 'seed of the choice of samples, of positions in them, of synthetic inputs', '0')
    .option('--yes', 'ask nothing: --channels 0.25 where nothing says what to prune')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addWantedOptions(command: Command): void {
  command
    .option('--channels <share>', 'of channels and neurons to remove: 0.5 or 50%')
    .option('--heads <share>', 'of attention heads to remove')
    .option('--width <share>', 'of the residual stream of a transformer to remove, through its norms')
    .option('--layers <n>', 'residual blocks to drop')
    .option('--sparsity <share>', 'of weights to set to 0, or N:M such as 2:4; a smaller download, no faster')
    .option(
      '--exclude <patterns>',
      'nodes to leave as they are, by name or operator, * for anything; repeatable',
      collect,
    );
}

function addMethodOptions(command: Command): void {
  command
    .option('--global', 'take the share from all groups together, the least important first (default: from each group)')
    .addOption(
      choice('--score <name>', 'how channels and heads are ranked; auto is l2 without --data', unitScores).default(
        'auto',
      ),
    )
    .addOption(
      choice(
        '--sparsity-score <name>',
        'how single weights are chosen; auto is sparsegpt with --data',
        weightScores,
      ).default('auto'),
    )
    .option('--round-to <n>', 'keep widths of convolutions multiples of it: others are slow in onnxruntime', '16')
    .option('--no-reconstruct', 'do not refit layers that read fewer inputs to what they returned before')
    .option('--steps <n>', 'rounds of scoring, removing and refitting', '1')
    .option('--distill [epochs]', 'train afterwards to do as the original does (10 epochs unless given)');
}

function addGoalOptions(command: Command): void {
  command
    .option('--max-drop <limit>', 'how far it may fall behind: 0.5pt, 1% or 0.01 (default: 2% with --data)')
    .option('--target-latency <share>', 'latency to keep, as measured: 0.6x of the original’s')
    .option('--target-size <limit>', 'size to keep: 0.5x of the file before, or 10MB')
    .option('--target-macs <share>', 'multiply-accumulates to keep: 0.5x')
    .option('--no-verify', 'compare and judge nothing, and do not check removing against masking');
  addJudgingOptions(command);
}
