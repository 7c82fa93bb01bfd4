import type { Command } from 'commander';
import { checkReportFile } from '../commands/check-model-output.ts';
import type { QuantizeRequest } from '../commands/quantize-request.ts';
import { quantize } from '../commands/quantize.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { formatsOf } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import { readCommandConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import type { Io } from './io.ts';
import { judgedExitCode } from './judged-exit-code.ts';
import { askForModels, askForScheme } from './prompts.ts';
import type { QuantizeFlags } from './quantize-options.ts';
import { addQuantizeOptions } from './quantize-options.ts';
import { quantizeProgress } from './quantize-progress.ts';
import { readScheme } from './quantize-scheme.ts';
import { readQuantizeRequest } from './read-quantize-request.ts';
import { runListening } from './run-listening.ts';
import { outputChoice, showResult } from './show-result.ts';

/** `infer quantize MODEL` */
export const buildQuantizeCommand: BuildCommand = (command, { io, words, finish }) => {
  addQuantizeOptions(command, formatsOf('quantize')).action(async (named: string | undefined) => {
    const { flags, request } = await readRequest(command, named, io);
    const view = { ...usualView, details: flags.details === true };
    // A report is read in peace: it has every node.
    const fileView = { ...view, details: true };
    const report = { ...outputChoice(command, 'quantize', 'report'), view, fileView };
    if (report.file !== null) checkReport(report.file.path, request, flags);
    const result = await rewrite({ request, words, quiet: flags.quiet === true, io });
    await showResult(result, report, io);
    finish(judgedExitCode(result, flags.onInconclusive));
  });
};

async function readRequest(command: Command, named: string | undefined, io: Io) {
  const { flags, models } = await readCommandConfig<QuantizeFlags>(command, 'quantize', io);
  const [model = ''] = named === undefined ? (models.length > 0 ? models : await askForModels(io)) : [named];
  const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
  const scheme = readScheme(flags, isGiven) ?? (flags.yes === true ? 'int8' : await askForScheme(io));
  return { flags, request: readQuantizeRequest(flags, { model, scheme, cwd: io.cwd, isGiven }) };
}

/** It may replace nothing that is read or written beside it. */
function checkReport(path: string, request: QuantizeRequest, { vocabulary }: QuantizeFlags): void {
  const { modelPath, outputPath, force, data, calibrationCache, seed } = request;
  const others = [data.tokenizer, calibrationCache, vocabulary ?? null].filter((other) => other !== null);
  checkWritable(path, others);
  const inputs = { shapes: data.shapes, values: data.values, dataPath: data.path, samples: data.samples, seed };
  checkReportFile(path, { modelPath, outputPath, force, inputs });
}

interface Rewriting {
  readonly request: QuantizeRequest;
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly io: Io;
}

async function rewrite({ request, words, quiet, io }: Rewriting): Promise<QuantizeResult> {
  const progress = await quantizeProgress(io, quiet);
  return runListening({ io, words, progress }, (context) => quantize(request, context));
}
