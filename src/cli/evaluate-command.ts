import type { Command } from 'commander';
import { evaluate } from '../commands/evaluate.ts';
import type { EvaluateRequest } from '../commands/evaluate.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import type { EvaluateResult } from '../evaluate/evaluate-result.ts';
import { formatsOf } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import { readCommandConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import type { EvaluateFlags } from './evaluate-options.ts';
import { addEvaluateOptions } from './evaluate-options.ts';
import { evaluateProgress } from './evaluate-progress.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { askForData, askForModels } from './prompts.ts';
import { readEvaluateRequest } from './read-evaluate-request.ts';
import { outputChoice, showResult } from './show-result.ts';
import { runListening } from './run-listening.ts';

/** `infer evaluate MODEL` */
export const buildEvaluateCommand: BuildCommand = (command, { io, words, finish }) => {
  addEvaluateOptions(command, formatsOf('evaluate')).action(async (named: string | undefined) => {
    const { flags, request } = await readRequest(command, named, io);
    const view = { ...usualView, details: flags.details === true };
    const output = { ...outputChoice(command, 'evaluate'), view };
    if (output.file !== null) checkWritable(output.file.path, filesRead(request, flags));
    const result = await measure({ request, words, quiet: flags.quiet === true, io });
    await showResult(result, output, io);
    finish(exitCodeFor(result, flags));
  });
};

async function readRequest(command: Command, named: string | undefined, io: Io) {
  const { flags, models } = await readCommandConfig<EvaluateFlags>(command, 'evaluate', io);
  const [model = ''] = named === undefined ? (models.length > 0 ? models : await askForModels(io)) : [named];
  const data = flags.data ?? (await askForData(io));
  return { flags, request: readEvaluateRequest(flags, { model, data, cwd: io.cwd }) };
}

/** None of them may be replaced by the result. */
function filesRead(request: EvaluateRequest, { vocabulary }: EvaluateFlags): readonly string[] {
  const values = Object.values(request.values).flatMap((value) => (value.kind === 'file' ? [value.path] : []));
  const { modelPath, dataPath, referencePath, tokenizer } = request;
  return [
    modelPath,
    dataPath,
    ...values,
    ...[referencePath, tokenizer, vocabulary ?? null].filter((path) => path !== null),
  ];
}

interface Measuring {
  readonly request: EvaluateRequest;
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly io: Io;
}

async function measure({ request, words, quiet, io }: Measuring): Promise<EvaluateResult> {
  const progress = await evaluateProgress(io, quiet);
  return runListening({ io, words, progress }, (context) => evaluate(request, context));
}

/** The result is written first; then an interruption and the verdict decide, in this order. */
function exitCodeFor({ interrupted, verdict }: EvaluateResult, { onInconclusive }: EvaluateFlags): number {
  if (interrupted) return exitCodes.interrupted;
  if (verdict === 'fail') return exitCodes.goalMissed;
  return verdict === 'inconclusive' && onInconclusive === 'fail' ? exitCodes.inconclusive : exitCodes.ok;
}
