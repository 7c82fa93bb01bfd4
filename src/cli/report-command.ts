import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runReport } from '../commands/report.ts';
import { UsageError } from '../errors.ts';
import { formatsOf } from '../report/reporters.ts';
import type { BuildCommand } from './command-context.ts';
import { addOutputOptions } from './shared-options.ts';
import { outputChoice, showResult } from './show-result.ts';

const examples = `
Examples:
  $ infer report result.json
  $ infer report result.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  $ infer report monday.json tuesday.json other-machine.json`;

/** `infer report RESULT…` */
export const buildReportCommand: BuildCommand = (command, { io }) => {
  addOutputOptions(command, formatsOf('bench'))
    .argument('<results...>', 'saved result files; several are put side by side')
    .addHelpText('after', examples)
    .action(async (paths: readonly string[]) => {
      const result = await runReport(paths, (path) => readText(resolve(io.cwd, path)));
      showResult(result, outputChoice(command, result.kind), io);
    });
};

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT') throw new UsageError('file-missing', { path, what: 'result' }, { cause: error });
    if (code === 'EISDIR') throw new UsageError('is-directory', { path, what: 'result' }, { cause: error });
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError('file-unreadable', { path, problem }, { cause: error });
  }
}
