import { resolve } from 'node:path';
import type { Command } from 'commander';
import { calibrateGate } from '../commands/calibrate-gate.ts';
import type { GateContext, GateRequest } from '../commands/gate-request.ts';
import { gate } from '../commands/gate.ts';
import { gateAlone } from '../commands/gating/gate-alone.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import { formatsOf } from '../report/reporters.ts';
import type { Reportable } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import { joinConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import { readConfig } from './config-file.ts';
import type { ExitCode } from './exit-codes.ts';
import { checkGateConflicts } from './gate-conflicts.ts';
import { calibrationExitCode, gateExitCode } from './gate-exit-code.ts';
import { addGateOptions } from './gate-options.ts';
import type { GateFlags } from './gate-options.ts';
import { gateProgress } from './gate-progress.ts';
import type { GateWait } from './gate-progress.ts';
import { replay } from './gate-replay.ts';
import { gateSubjects, loneSubject } from './gate-scenarios.ts';
import type { Io } from './io.ts';
import { askForBase, askForRole } from './prompts.ts';
import { readGateRequest } from './read-gate-request.ts';
import { runListening } from './run-listening.ts';
import { outputChoice, showResult } from './show-result.ts';
import { parseDurationMs } from './value-syntax.ts';

/** `infer gate` */
export const buildGateCommand: BuildCommand = (command, { io, words, finish }) => {
  addGateOptions(command, formatsOf('gate')).action(async () => {
    const { flags, request } = await readRequest(command, io);
    const view = { ...usualView, details: flags.details === true };
    // A report is read in peace: it has every cell.
    const fileView = { ...view, details: true };
    const kind = request?.mode === 'calibrate' ? 'gate-calibration' : 'gate';
    const output = { ...outputChoice(command, kind), view, fileView };
    if (output.file !== null) checkWritable(output.file.path, filesRead(flags, request, io.cwd));
    const { result, exitCode } =
      request === null ? await replay(flags, { command, io, words }) : await run(request, { io, words, flags });
    await showResult(result, output, io);
    finish(exitCode);
  });
};

/** The request is null where nothing is to be run. */
async function readRequest(command: Command, io: Io) {
  const config = (await readConfig(command.opts<GateFlags>().config, io.cwd)).gate ?? {};
  const { scenarios: _, tolerance: __, ...settings } = config;
  const flags = joinConfig<GateFlags>(command, settings);
  const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
  checkGateConflicts(flags, isGiven);
  if (flags.replay !== undefined) return { flags, request: null };
  const options = { command, config, cwd: io.cwd };
  const subjects = gateSubjects(options) ?? [loneSubject(await headOf(flags, io), options)];
  const request = readGateRequest(flags, { subjects, cwd: io.cwd, now: io.now(), isGiven });
  return { flags, request: await withBases(request, io) };
}

/** A calibration holds a model against itself, by whichever flag it is named. */
async function headOf({ base, calibrate }: GateFlags, io: Io): Promise<string> {
  if (calibrate === true && base !== undefined) return base;
  return askForRole(io, { flag: '--head', what: 'the model to gate' });
}

/** Without a base, nothing but a stored baseline or budgets is left to hold a model against. */
async function withBases(request: GateRequest, io: Io): Promise<GateRequest> {
  const { scenarios, mode, baseline } = request;
  if (mode === 'calibrate' || baseline !== null) return request;
  const complete = [];
  for (const scenario of scenarios) {
    const isHeld = scenario.base !== null || scenario.rules.some(({ budget }) => budget !== null);
    const flag = scenarios.length === 1 ? '--base' : `gate.scenarios.${scenario.name}.base`;
    complete.push(isHeld ? scenario : { ...scenario, base: await askForBase(io, flag) });
  }
  return { ...request, scenarios: complete };
}

/** None of them may be replaced by the result. */
function filesRead({ replay: saved }: GateFlags, request: GateRequest | null, cwd: string): readonly string[] {
  if (request === null) return saved === undefined ? [] : [resolve(cwd, saved)];
  const files = request.scenarios.flatMap(({ head, base, dataPath, quality, values }) => [
    head,
    base,
    dataPath,
    quality?.dataPath,
    quality?.tokenizer,
    ...Object.values(values).map((value) => (value.kind === 'file' ? value.path : null)),
  ]);
  return [...files, request.baseline?.path, request.journalPath].flatMap((path) =>
    typeof path === 'string' ? [resolve(cwd, path)] : [],
  );
}

interface Running {
  readonly io: Io;
  readonly words: readonly string[];
  readonly flags: GateFlags;
}

interface Outcome {
  readonly result: Reportable;
  readonly exitCode: ExitCode;
}

/** One gate at a time on a machine: two would measure each other. */
async function run(request: GateRequest, { io, words, flags }: Running): Promise<Outcome> {
  const timeoutMs = parseDurationMs({ flag: '--lock-timeout', text: flags.lockTimeout });
  const progress = await gateProgress(io, flags.quiet === true);
  const onWait = (holder: Omit<GateWait, 'kind'>) => progress.onEvent({ kind: 'waiting', ...holder });
  return runListening({ io, words, progress }, (context) => {
    const alone = { cwd: io.cwd, now: io.now(), folder: io.env['TMPDIR'], timeoutMs, onWait, signal: context.signal };
    return gateAlone(alone, () => judge(request, { ...context, cwd: io.cwd }));
  });
}

async function judge(request: GateRequest, context: GateContext): Promise<Outcome> {
  if (request.mode === 'gate') {
    const result = await gate(request, context);
    return { result, exitCode: gateExitCode(result) };
  }
  const result = await calibrateGate(request, context);
  return { result, exitCode: calibrationExitCode(result) };
}
