import { Option } from 'commander';
import type { Command } from 'commander';
import { nodeProviderNames } from '../commands/bench-vocabulary.ts';
import { addDatasetOptions, collect } from './shared-options.ts';
import type { DatasetFlags } from './shared-options.ts';

export const doubtPolicies = ['warn', 'fail', 'pass'] as const;

/** Flags of every command that scores a model on data. */
export interface ScoringFlags extends DatasetFlags {
  readonly samples?: string;
  readonly task?: string;
  readonly metric?: string | readonly string[];
  readonly topK: string;
  readonly outputName?: string;
  readonly blank: string;
  readonly vocabulary?: string;
  readonly context?: string;
  readonly onInconclusive: string;
  readonly batch?: string;
  readonly batchDim?: string;
  readonly pairs?: string;
  readonly ep: string;
  readonly strictEp?: boolean;
  readonly threads?: string;
  readonly timeout: string;
}

/** What the model is for and by what it is scored. */
export function addTaskOptions(command: Command): Command {
  return command
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

/** `--on-inconclusive`; `when` says what leaves a verdict open. */
export function addDoubtOption(command: Command, when: string): Command {
  return command.addOption(
    new Option('--on-inconclusive <what>', `${when}: fail exits with 5`).choices([...doubtPolicies]).default('warn'),
  );
}

/** How samples become runs. */
export function addFeedOptions(command: Command): Command {
  command
    .option('--batch <n>', 'samples a run (default: the model’s own, or up to 64)')
    .option('--batch-dim <name>', 'the dimension that is the batch (default: found by name or position)');
  return addDatasetOptions(command).option(
    '--pairs <use>',
    'pairs of texts: joint or separate (default: separate for embeddings)',
  );
}

/** Where and how the model runs. */
export function addRuntimeOptions(command: Command, providers: readonly string[] = nodeProviderNames): Command {
  return command
    .option('--ep <name>', `execution provider: ${providers.join(', ')}`, 'cpu')
    .option('--strict-ep', 'fail when a node would fall back to the CPU')
    .option('--threads <n>', 'intra-op threads (default: usable cores)')
    .option('--timeout <time>', 'longest silence of the process before it is killed', '120s');
}
