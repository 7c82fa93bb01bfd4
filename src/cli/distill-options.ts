import { Option } from 'commander';
import type { Command } from 'commander';
import { lossNames } from '../commands/distill-vocabulary.ts';
import { addModelOutputOptions, addDatasetOptions, collect } from './shared-options.ts';
import type { DatasetFlags } from './shared-options.ts';

/** Options of `infer distill` as text, from flags, config and defaults. */
export interface DistillFlags extends DatasetFlags {
  readonly teacher?: string;
  readonly student?: string;
  readonly data?: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly acceptWorse?: boolean;
  readonly loss: string;
  readonly alpha?: string;
  readonly temperature: string;
  readonly match?: readonly string[];
  readonly matchWeight: string;
  /** One text from the config, with commas between the patterns. */
  readonly freeze?: string | readonly string[];
  readonly optimizer: string;
  readonly lr?: string;
  readonly weightDecay?: string;
  readonly clip?: string;
  readonly warmUp: string;
  readonly epochs: string;
  readonly steps?: string;
  readonly batch: string;
  readonly samples?: string;
  readonly holdout: string;
  readonly patience: string;
  readonly randomInit?: boolean;
  readonly seed: string;
  readonly resume?: boolean;
  readonly keepCheckpoint?: boolean;
  readonly ep: string;
  readonly strictEp?: boolean;
  readonly threads?: string;
  readonly timeout: string;
  readonly details?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
The loss is (1-alpha)·T²·KL(teacher || student) for scores of classes, plus alpha·(cross-entropy) where the data have
labels, and a squared error or a cosine for outputs of other kinds. A checkpoint is left beside the output after each
epoch; the same command goes on from it. Exit code 1: the student is no better than before, and was not written.

Examples:
  $ infer distill --teacher big.onnx --student small.onnx --data images.npz
  $ infer distill --teacher big.onnx --student small.onnx --data photos/ -o out.onnx --random-init --epochs 30
  $ infer distill --teacher bert.onnx --student tiny.onnx --data texts.jsonl --tokenizer tokenizer.json --loss cosine
  $ infer distill --teacher t.onnx --student s.onnx --data d.npz --match /layer3/Add=/layer7/Add --freeze 'embed.*'`;

/** Declares the flags of `infer distill`. */
export function addDistillOptions(command: Command, formats: readonly string[]): Command {
  command
    .option('--teacher <model>', 'the model to learn from')
    .option('--student <model>', 'the model to train')
    .option(
      '--data <path>',
      'samples: .npz, .jsonl, or a folder of .npy files, images or test_data_set; labels optional',
    );
  addLossOptions(command);
  addCourseOptions(command);
  addFeedOptions(command);
  return addModelOutputOptions(command, formats)
    .option('--accept-worse', 'write the student even if it is no better than before')
    .option('--resume', 'go on from a checkpoint, and fail without one (default: go on if there is one)')
    .option('--no-resume', 'start anew even if there is a checkpoint')
    .option('--keep-checkpoint', 'leave the checkpoint when all is done')
    .option('--ep <name>', 'execution provider: cpu, webgpu, cuda, tensorrt, coreml, dml', 'cpu')
    .option('--strict-ep', 'fail when a node would fall back to the CPU')
    .option('--threads <n>', 'intra-op threads (default: usable cores)')
    .option('--timeout <time>', 'longest silence of the process before it is killed', '10m')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addLossOptions(command: Command): void {
  command
    .addOption(
      new Option('--loss <name>', 'how outputs are compared; auto goes by what they look like')
        .choices(['auto', ...lossNames])
        .default('auto'),
    )
    .option('--alpha <a>', 'share of the labels in the loss, 0 to 1 (default: 0.1 with labels of classes)')
    .option('--temperature <t>', 'what scores are divided by before the softmax', '4')
    .option('--match <student=teacher>', 'nodes or values that are to become alike; repeatable', collect)
    .option('--match-weight <w>', 'weight of each match in the loss', '1')
    .option('--freeze <pattern>', 'weights to leave as they are, by name, * for anything; repeatable', collect);
}

function addCourseOptions(command: Command): void {
  command
    .option('--epochs <n>', 'times to go through the data', '10')
    .option('--steps <n>', 'steps to take, instead of --epochs')
    .option('--batch <n>', 'samples a step; fewer are taken where memory is short', '64')
    .addOption(
      new Option('--optimizer <name>', 'how weights follow the gradient').choices(['adamw', 'sgd']).default('adamw'),
    )
    .option('--lr <rate>', 'peak of the learning rate (default: adamw 1e-3, sgd 1e-2; a tenth beyond 5 M weights)')
    .option(
      '--weight-decay <w>',
      'share of a weight taken away per step and learning rate (default: adamw 0.01, sgd 0)',
    )
    .option('--clip <norm>', 'longest gradient (default: any)')
    .option('--warm-up <steps>', 'steps, or share of all, in which the learning rate rises', '5%')
    .option('--holdout <part>', 'share or number of samples that are not trained on but judge the student', '10%')
    .option('--patience <n>', 'epochs without a better student after which training stops; 0 for never', '5')
    .option('--random-init', 'draw the student’s weights anew from the seed')
    .option('--seed <n>', 'seed of the order of samples and of --random-init', '0');
}

function addFeedOptions(command: Command): void {
  command.option('--samples <n>', 'most samples to use, held-out ones included');
  addDatasetOptions(command);
}
