import { resolve } from 'node:path';
import { runReport } from '../commands/report.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import { resultFormats } from '../report/reporters.ts';
import type { BuildCommand } from './command-context.ts';
import { readTextFile } from '../commands/read-text-file.ts';
import { addOutputOptions } from './shared-options.ts';
import { outputChoice, showResult } from './show-result.ts';
import type { ViewFlags } from './view-options.ts';
import { addViewOptions, readView } from './view-options.ts';

const examples = `
Examples:
  $ infer report result.json
  $ infer report result.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  $ infer report monday.json tuesday.json other-machine.json`;

/** `infer report RESULT…` */
export const buildReportCommand: BuildCommand = (command, { io }) => {
  addOutputOptions(addViewOptions(command), resultFormats)
    .option('--explain', 'also every formula of a cost, with the numbers put in')
    .argument('<results...>', 'saved result files; several are put side by side')
    .addHelpText('after', examples)
    .action(async (paths: readonly string[]) => {
      const result = await runReport(paths, async (path) => readTextFile(resolve(io.cwd, path), 'result'));
      const output = { ...outputChoice(command, result.kind), view: readView(command.opts<ViewFlags>()) };
      if (output.file !== null) checkWritable(output.file.path, paths);
      await showResult(result, output, io);
    });
};
