import type { Command } from 'commander';
import { checkReportFile } from '../commands/check-model-output.ts';
import type { PruneRequest } from '../commands/prune-request.ts';
import { prune } from '../commands/prune.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import type { PruneResult } from '../prune/prune-result.ts';
import { formatsOf } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import { readCommandConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import type { Io } from './io.ts';
import { judgedExitCode } from './judged-exit-code.ts';
import { askForModels, askForPruning } from './prompts.ts';
import type { PruneFlags } from './prune-options.ts';
import { addPruneOptions } from './prune-options.ts';
import { pruneProgress } from './prune-progress.ts';
import { isWantedGiven, readWanted, saysWhat, usualWanted } from './prune-wanted.ts';
import { readPruneRequest } from './read-prune-request.ts';
import { runListening } from './run-listening.ts';
import { outputChoice, showResult } from './show-result.ts';

/** `infer prune MODEL` */
export const buildPruneCommand: BuildCommand = (command, { io, words, finish }) => {
  addPruneOptions(command, formatsOf('prune')).action(async (named: string | undefined) => {
    const { flags, request } = await readRequest(command, named, io);
    const view = { ...usualView, details: flags.details === true };
    // A report is read in peace: it has every group.
    const fileView = { ...view, details: true };
    const report = { ...outputChoice(command, 'prune', 'report'), view, fileView };
    if (report.file !== null) checkReport(report.file.path, request, flags);
    const result = await rewrite({ request, words, quiet: flags.quiet === true, io });
    await showResult(result, report, io);
    finish(judgedExitCode(result, flags.onInconclusive));
  });
};

async function readRequest(command: Command, named: string | undefined, io: Io) {
  const { flags, models, isConfigured } = await readCommandConfig<PruneFlags>(command, 'prune', io);
  const [model = ''] = named === undefined ? (models.length > 0 ? models : await askForModels(io)) : [named];
  const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
  const isOfConfig = !isWantedGiven(isGiven);
  const isMeant = (option: string) => isGiven(option) || (isOfConfig && isConfigured(option));
  const said = await whatToPrune(flags, isGiven, io);
  return { flags, request: readPruneRequest(said.flags, { ...said, model, cwd: io.cwd, isGiven, isMeant }) };
}

/** What is to be taken out, asked for where neither a share nor a goal says so. */
async function whatToPrune(flags: PruneFlags, isGiven: (option: string) => boolean, io: Io) {
  const wanted = readWanted(flags, isGiven);
  if (saysWhat(wanted, flags)) return { flags, wanted };
  if (flags.yes === true) return { flags, wanted: usualWanted };
  const { maxDrop, ...asked } = await askForPruning(io, flags.data !== undefined);
  return { flags: maxDrop === undefined ? flags : { ...flags, maxDrop }, wanted: asked };
}

/** It may replace nothing that is read or written beside it. */
function checkReport(path: string, request: PruneRequest, { vocabulary }: PruneFlags): void {
  const { modelPath, outputPath, force, data, seed } = request;
  const others = [data.tokenizer, vocabulary ?? null].filter((other) => other !== null);
  checkWritable(path, others);
  const inputs = { shapes: data.shapes, values: data.values, dataPath: data.path, samples: data.samples, seed };
  checkReportFile(path, { modelPath, outputPath, force, inputs });
}

interface Pruning {
  readonly request: PruneRequest;
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly io: Io;
}

async function rewrite({ request, words, quiet, io }: Pruning): Promise<PruneResult> {
  const progress = await pruneProgress(io, quiet);
  return runListening({ io, words, progress }, (context) => prune(request, context));
}
