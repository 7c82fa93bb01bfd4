import type { Command } from 'commander';
import {
  bench,
  benchLeavesObjectiveOpen,
  benchMissedGoal,
  benchMissedLimit,
  benchMissedObjective,
} from '../commands/bench.ts';
import type { BenchRequest } from '../commands/bench.ts';
import { envelopeOf } from '../commands/envelope.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import type { BenchResult } from '../bench/bench-result.ts';
import { formatsOf } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import { addBenchOptions } from './bench-options.ts';
import type { BenchFlags } from './bench-options.ts';
import { benchProgress } from './bench-progress.ts';
import { checkpointWriter } from './checkpoint-writer.ts';
import { readCommandConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { askForModels } from './prompts.ts';
import { readBenchRequest } from './read-bench-request.ts';
import { outputChoice, showResult } from './show-result.ts';
import type { OutputChoice } from './show-result.ts';
import { version } from './version.ts';

/** `infer bench MODEL…` */
export const buildBenchCommand: BuildCommand = (command, { io, words, finish }) => {
  addBenchOptions(command, formatsOf('bench')).action(async (named: readonly string[]) => {
    const { flags, request } = await readRequest(command, named, io);
    const output = { ...outputChoice(command, 'bench'), view: { ...usualView, explain: flags.explain === true } };
    if (output.file !== null) checkWritable(output.file.path, inputFiles(request));
    const result = await measure({ request, words, flags, output, io });
    await showResult(result, output, io);
    finish(exitCodeFor(result, flags));
  });
};

async function readRequest(command: Command, named: readonly string[], io: Io) {
  const { flags, models: configured, isConfigured } = await readCommandConfig<BenchFlags>(command, 'bench', io);
  const models = named.length > 0 ? named : configured.length > 0 ? configured : await askForModels(io);
  const budgetIsHard = command.getOptionValueSource('budget') === 'cli' || isConfigured('budget');
  const minRunsAreGiven = command.getOptionValueSource('minRuns') === 'cli' || isConfigured('minRuns');
  return { flags, request: readBenchRequest(flags, { models, cwd: io.cwd, budgetIsHard, minRunsAreGiven }) };
}

function inputFiles({ models, dataPath, inputs, load }: BenchRequest): readonly string[] {
  const files = Object.values(inputs.values).flatMap((value) => (value.kind === 'file' ? [value.path] : []));
  const trace = load?.arrivals.kind === 'trace' ? [load.arrivals.path] : [];
  return [...models, ...files, ...trace, ...(dataPath === null ? [] : [dataPath])];
}

interface Measuring {
  readonly request: BenchRequest;
  readonly flags: BenchFlags;
  readonly output: OutputChoice;
  readonly io: Io;
  readonly words: readonly string[];
}

async function measure({ request, flags, output, io, words }: Measuring): Promise<BenchResult> {
  const progress = await benchProgress(io, flags.quiet === true);
  const interruption = new AbortController();
  const stopListening = io.onInterrupt(() => interruption.abort());
  try {
    return await bench(request, {
      runtime: await io.openRuntime(),
      envelope: envelopeOf({ version: version(), argv: ['infer', ...words], now: io.now() }),
      signal: interruption.signal,
      onEvent: progress.onEvent,
      onCheckpoint: await checkpointWriter(output, progress),
    });
  } finally {
    stopListening();
    progress.stop();
  }
}

/** Results are written first; then a failed point, a missed goal and doubt decide, in this order. */
function exitCodeFor(result: BenchResult, flags: BenchFlags): number {
  if (result.interrupted) return exitCodes.interrupted;
  if (result.points.some(({ status }) => status === 'failed')) return exitCodes.runtimeFailed;
  if (benchMissedLimit(result) || benchMissedObjective(result)) return exitCodes.goalMissed;
  if (flags.verify === true && benchMissedGoal(result)) return exitCodes.goalMissed;
  return flags.onInconclusive === 'fail' && benchLeavesObjectiveOpen(result) ? exitCodes.inconclusive : exitCodes.ok;
}
