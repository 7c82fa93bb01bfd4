import type { Command } from 'commander';
import { collect } from './shared-options.ts';

export interface InitFlags {
  readonly model?: readonly string[];
  readonly data?: string;
  readonly dim?: readonly string[];
  readonly maxDrop?: string;
  readonly budget?: string;
  readonly threads?: string;
  readonly baseBranch?: string;
  readonly package?: string;
  readonly comment: boolean;
  readonly calibrate: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
}

/** What is taken where nobody says otherwise. */
export const initDefaults = { maxDrop: '1pt', budget: '3m', threads: '1' } as const;

const help = `
Writes infer.config.yaml in this folder, and in the repository's .github/workflows the workflow infer.yml, which gates
pull requests, and infer-comment.yml, which comments on those of forks. Then it measures how noisy this machine is.
A config that has a gate section stays as it is. Files that say something else are overwritten after a question, or
with --force.

Examples:
  $ infer init
  $ infer init --yes --no-calibrate
  $ infer init --yes --model models/classifier.onnx --data models/test.npz --max-drop 0.5pt
  $ infer init --dry-run`;

export function addInitOptions(command: Command): Command {
  return command
    .option('--model <path>', 'model to gate; repeatable (default: those that are found)', collect)
    .option('--data <path>', 'labeled samples that the quality of the models is judged on')
    .option('--dim <name=n>', 'length of a symbolic dimension of the models; repeatable', collect)
    .option('--max-drop <limit>', `quality a change may cost on --data: 0.5pt or 1% (default: ${initDefaults.maxDrop})`)
    .option('--budget <time>', `time a gate may measure (default: ${initDefaults.budget})`)
    .option('--threads <n>', `threads of every model (default: ${initDefaults.threads})`)
    .option('--base-branch <name>', 'branch that pull requests go to (default: the main one)')
    .option(
      '--package <source>',
      'what the workflow has npx fetch where package.json names no infer: a tarball, a git URL, NAME@VERSION',
    )
    .option('--no-comment', 'write no comments on pull requests')
    .option('--no-calibrate', 'do not measure the noise of this machine')
    .option('-y, --yes', 'ask nothing: take what is found and the defaults')
    .option('--force', 'overwrite files that say something else')
    .option('--dry-run', 'print what would be written, and write nothing')
    .option('-q, --quiet', 'no progress, no remarks on stderr')
    .addHelpText('after', help);
}
