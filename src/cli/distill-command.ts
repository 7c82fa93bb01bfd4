import type { Command } from 'commander';
import { checkReportFile } from '../commands/check-model-output.ts';
import { distill } from '../commands/distill.ts';
import type { DistillRequest } from '../commands/distill.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import type { DistillResult } from '../distill/distill-result.ts';
import { formatsOf } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import { readCommandConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import type { DistillFlags } from './distill-options.ts';
import { addDistillOptions } from './distill-options.ts';
import { distillProgress } from './distill-progress.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { askForData, askForRole } from './prompts.ts';
import { readDistillRequest } from './read-distill-request.ts';
import { outputChoice, showResult } from './show-result.ts';
import { runListening } from './run-listening.ts';

/** `infer distill --teacher MODEL --student MODEL --data PATH` */
export const buildDistillCommand: BuildCommand = (command, { io, words, finish }) => {
  addDistillOptions(command, formatsOf('distill')).action(async () => {
    const { flags, request } = await readRequest(command, io);
    const view = { ...usualView, details: flags.details === true };
    const report = { ...outputChoice(command, 'distill', 'report'), view };
    if (report.file !== null) checkReport(report.file.path, request);
    const result = await train({ request, words, quiet: flags.quiet === true, io });
    await showResult(result, report, io);
    finish(exitCodeFor(result));
  });
};

async function readRequest(command: Command, io: Io) {
  const { flags } = await readCommandConfig<DistillFlags>(command, 'distill', io);
  const teacher = flags.teacher ?? (await askForRole(io, { flag: '--teacher', what: 'the model to learn from' }));
  const student = flags.student ?? (await askForRole(io, { flag: '--student', what: 'the model to train' }));
  const data = flags.data ?? (await askForData(io));
  return { flags, request: readDistillRequest(flags, { teacher, student, data, cwd: io.cwd }) };
}

function checkReport(path: string, request: DistillRequest): void {
  const { studentPath, teacherPath, outputPath, force, inputs, dataPath, tokenizer } = request;
  checkWritable(path, [teacherPath, ...(tokenizer === null ? [] : [tokenizer])]);
  const compared = { ...inputs, dataPath, samples: null, seed: 0 };
  checkReportFile(path, { modelPath: studentPath, outputPath, force, inputs: compared });
}

/** The result is written first; then an interruption, a loss that was no number, and a missed goal decide. */
function exitCodeFor({ end, output, better }: DistillResult): number {
  if (end === 'interrupted') return exitCodes.interrupted;
  if (end === 'diverged') return exitCodes.goalMissed;
  // What was written although it is no better was wanted so.
  return better || output !== null ? exitCodes.ok : exitCodes.goalMissed;
}

interface Training {
  readonly request: DistillRequest;
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly io: Io;
}

async function train({ request, words, quiet, io }: Training): Promise<DistillResult> {
  const progress = await distillProgress(io, quiet);
  return runListening({ io, words, progress }, (context) => distill(request, context));
}
