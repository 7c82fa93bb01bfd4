import type { Command } from 'commander';
import { usualView, type View } from '../report/view.ts';
import { parseCount } from './value-syntax.ts';

/** Flags, as text, that say how much of a long result to draw. */
export interface ViewFlags {
  readonly top: string;
  readonly details?: boolean;
  readonly tree?: boolean;
  readonly explain?: boolean;
}

export function addViewOptions(command: Command): Command {
  return command
    .option('--top <n>', 'rows of the longest lists', '10')
    .option('--details', 'also the table of every layer')
    .option('--tree', 'also the tree of the graph');
}

/** Throws UsageError for a `--top` that is no count. */
export function readView({ top, details, tree, explain }: ViewFlags): View {
  return {
    ...usualView,
    top: parseCount({ flag: '--top', text: top }),
    details: details === true,
    tree: tree === true,
    explain: explain === true,
  };
}
