import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { CostContext, Costed } from '../commands/cost.ts';
import { cost } from '../commands/cost.ts';
import type { CostRequest } from '../commands/cost-request.ts';
import { envelopeOf } from '../commands/envelope.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import type { CostResult } from '../cost/cost-result.ts';
import { formatsOf } from '../report/reporters.ts';
import type { View } from '../report/view.ts';
import { usualView } from '../report/view.ts';
import { joinConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import { readConfig } from './config-file.ts';
import { checkCostConflicts, checkNothingToMeasure } from './cost-conflicts.ts';
import { addCostOptions } from './cost-options.ts';
import type { CostFlags } from './cost-options.ts';
import { costProgress } from './cost-progress.ts';
import type { CostProgress } from './cost-progress.ts';
import type { ExitCode } from './exit-codes.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { buildPricesCommand } from './prices-command.ts';
import { askForResults } from './prompts.ts';
import { readCostRequest } from './read-cost-request.ts';
import { outputChoice, showResult } from './show-result.ts';
import { parseCount } from './value-syntax.ts';
import { version } from './version.ts';

/** `infer cost [RESULT|MODEL…]` and `infer cost prices` */
export const buildCostCommand: BuildCommand = (command, context) => {
  const { io, words, finish } = context;
  addCostOptions(command, formatsOf('cost')).action(async (named: readonly string[]) => {
    const { flags, request } = await readRequest(command, named, io);
    const view = viewOf(flags);
    // A report is read in peace: it has every option.
    const output = { ...outputChoice(command, 'cost'), view, fileView: { ...view, details: true } };
    if (output.file !== null) checkWritable(output.file.path, filesRead(request, io.cwd));
    const { result, hasFailed } = await run(request, { io, words, quiet: flags.quiet === true });
    await showResult(result, output, io);
    finish(exitCodeFor(result, hasFailed));
  });
  // Without this, flags of the subcommand would be taken for those of the command.
  command.enablePositionalOptions();
  const prices = command.command('prices').summary('list the prices that costs are worked out with');
  buildPricesCommand(prices, context);
};

async function readRequest(command: Command, named: readonly string[], io: Io) {
  const config = (await readConfig(command.opts<CostFlags>().config, io.cwd)).cost ?? {};
  const { results = [], prices, ...settings } = config;
  const joined = joinConfig<CostFlags>(command, settings);
  // Rows of the command line come last, and so win.
  const flags = { ...joined, prices: [...[prices ?? []].flat(), ...(joined.prices ?? [])] };
  checkCostConflicts(flags);
  const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
  const files = named.length > 0 ? named : results.length > 0 ? results : await askUnlessWorkflow(flags, io);
  const budgetIsHard = isGiven('budget') || Object.hasOwn(config, 'budget');
  const request = readCostRequest(flags, { files, cwd: io.cwd, budgetIsHard });
  if (request.measure === null) checkNothingToMeasure(isGiven);
  return { flags, request };
}

/** A workflow may do without. */
async function askUnlessWorkflow({ workflow }: CostFlags, io: Io): Promise<readonly string[]> {
  return workflow === undefined ? askForResults(io) : [];
}

function viewOf({ top, details, explain }: CostFlags): View {
  return {
    ...usualView,
    top: parseCount({ flag: '--top', text: top }),
    details: details === true,
    explain: explain === true,
  };
}

/** None of them may be replaced by the result. */
function filesRead(request: CostRequest, cwd: string): readonly string[] {
  const { resultPaths, measure, pricePaths, workflowPath, settings } = request;
  const arrivals = settings.load?.arrivals;
  const others = [workflowPath, measure?.dataPath, arrivals?.kind === 'trace' ? arrivals.path : null];
  return [...resultPaths, ...(measure?.models ?? []), ...pricePaths, ...others].flatMap((path) =>
    typeof path === 'string' ? [resolve(cwd, path)] : [],
  );
}

interface Running {
  readonly io: Io;
  readonly words: readonly string[];
  readonly quiet: boolean;
}

async function run(request: CostRequest, { io, words, quiet }: Running): Promise<Costed> {
  const progress = await costProgress(io, quiet);
  const interruption = new AbortController();
  // Without anything to measure there is nothing to wind up: Ctrl-C may end it at once.
  const stopListening = request.measure === null ? null : io.onInterrupt(() => interruption.abort());
  try {
    return await cost(request, contextOf({ io, words, progress, signal: interruption.signal }));
  } finally {
    stopListening?.();
    progress.stop();
  }
}

interface Surroundings extends Omit<Running, 'quiet'> {
  readonly progress: CostProgress;
  readonly signal: AbortSignal;
}

function contextOf({ io, words, progress, signal }: Surroundings): CostContext {
  return {
    envelope: envelopeOf({ version: version(), argv: ['infer', ...words], now: io.now() }),
    openRuntime: io.openRuntime,
    nowMs: () => io.now().getTime(),
    cwd: io.cwd,
    signal,
    onEvent: progress.onEvent,
  };
}

/** The result is written first; then a point that did not run and a missed objective decide. */
function exitCodeFor({ objective, cheapest, models }: CostResult, hasFailed: boolean): ExitCode {
  if (hasFailed) return exitCodes.runtimeFailed;
  return objective !== null && cheapest === null && models.length > 0 ? exitCodes.goalMissed : exitCodes.ok;
}
