import { checkReportFile } from '../commands/check-model-output.ts';
import { optimize } from '../commands/optimize.ts';
import type { OptimizeRequest } from '../commands/optimize.ts';
import type { OptimizeResult } from '../optimize/optimize-result.ts';
import { formatsOf } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import type { BuildCommand } from './command-context.ts';
import { readCommandConfig } from './command-config.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { addOptimizeOptions } from './optimize-options.ts';
import type { OptimizeFlags } from './optimize-options.ts';
import { optimizeProgress } from './optimize-progress.ts';
import { askForModels } from './prompts.ts';
import { readOptimizeRequest } from './read-optimize-request.ts';
import { outputChoice, showResult } from './show-result.ts';
import { runListening } from './run-listening.ts';

/** `infer optimize MODEL` */
export const buildOptimizeCommand: BuildCommand = (command, { io, words, finish }) => {
  addOptimizeOptions(command, formatsOf('optimize')).action(async (named: string | undefined) => {
    const { flags, models } = await readCommandConfig<OptimizeFlags>(command, 'optimize', io);
    const [model = ''] = named === undefined ? (models.length > 0 ? models : await askForModels(io)) : [named];
    const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
    const request = readOptimizeRequest(flags, { model, cwd: io.cwd, isGiven });
    const view = { ...usualView, details: flags.details === true };
    const report = { ...outputChoice(command, 'optimize', 'report'), view };
    if (report.file !== null) checkReportFile(report.file.path, request);
    const result = await rewrite({ request, words, quiet: flags.quiet === true, io });
    await showResult(result, report, io);
    finish(exitCodeFor(result));
  });
};

/** The result is written first; then an interruption, a failed measurement and a missed goal decide, in this order. */
function exitCodeFor({ ok, benchFailure, interrupted, output }: OptimizeResult): number {
  if (interrupted) return exitCodes.interrupted;
  if (benchFailure !== null) return exitCodes.runtimeFailed;
  // What was written although it is worse was wanted so.
  return ok || output !== null ? exitCodes.ok : exitCodes.goalMissed;
}

interface Rewriting {
  readonly request: OptimizeRequest;
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly io: Io;
}

async function rewrite({ request, words, quiet, io }: Rewriting): Promise<OptimizeResult> {
  const progress = await optimizeProgress(io, quiet);
  return runListening({ io, words, progress }, (context) => optimize(request, context));
}
