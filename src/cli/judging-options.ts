import { Option } from 'commander';
import type { Command } from 'commander';
import { addDoubtOption } from './scoring-options.ts';

/** `--data` and `--samples` of a command that makes another model; `use` is what it does with samples. */
export function addSampleOptions(command: Command, use: string): Command {
  return command
    .option(
      '--data <path>',
      'samples: .npz, .jsonl, or a folder of .npy files, images or test_data_set; labels optional',
    )
    .option(
      '--samples <n>',
      `${use} on so many samples, chosen by the seed, and judge on as many others (default: 300, and all others)`,
    );
}

/** How a model that was made is held against the one it was made from. */
export function addJudgingOptions(command: Command): Command {
  command
    .option('--accept-worse', 'write the model even if it missed its goal')
    .option('--no-bench', 'measure no latency')
    .option('--budget <time>', 'time for measuring latency', '60s');
  return addDoubtOption(command, 'when noise or too few samples leave a goal open');
}

/** An option of a closed set of words. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices([...choices]);
}
