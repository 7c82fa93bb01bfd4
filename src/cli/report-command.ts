import { resolve } from 'node:path';
import { runReport } from '../commands/report.ts';
import { resultFormats } from '../report/reporters.ts';
import type { BuildCommand } from './command-context.ts';
import { readTextFile } from '../commands/read-text-file.ts';
import type { ProfileFileFlags } from './profile-files.ts';
import {
  addProfileFileOptions,
  checkHasProfile,
  checkProfileFiles,
  profileFiles,
  writeProfileFiles,
} from './profile-files.ts';
import { addOutputOptions } from './shared-options.ts';
import { outputChoice, showResult } from './show-result.ts';
import type { ViewFlags } from './view-options.ts';
import { addViewOptions, readView } from './view-options.ts';

const examples = `
Examples:
  $ infer report result.json
  $ infer report result.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  $ infer report monday.json tuesday.json other-machine.json
  $ infer report profile.json --trace trace.json --flame flame.html`;

/** `infer report RESULT…` */
export const buildReportCommand: BuildCommand = (command, { io }) => {
  addProfileFileOptions(addOutputOptions(addViewOptions(command), resultFormats))
    .option('--explain', 'also every formula of a cost, with the numbers put in')
    .argument('<results...>', 'saved result files; several are put side by side')
    .addHelpText('after', examples)
    .action(async (paths: readonly string[]) => {
      const files = profileFiles(command.opts<ProfileFileFlags>());
      const result = await runReport(paths, async (path) => readTextFile(resolve(io.cwd, path), 'result'));
      const output = { ...outputChoice(command, result.kind), view: readView(command.opts<ViewFlags>()) };
      checkProfileFiles(files, { output: output.file?.path ?? null, inputs: paths });
      if (result.kind !== 'profile') checkHasProfile(files, result.kind);
      await showResult(result, output, io);
      if (result.kind === 'profile') await writeProfileFiles(result, files);
    });
};
