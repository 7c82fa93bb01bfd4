import { basename, relative } from 'node:path';
import type { PlannedFile } from '../commands/init.ts';
import { planFile, writeFiles } from '../commands/init.ts';
import type { Survey } from '../commands/initializing/survey-repository.ts';
import { surveyRepository } from '../commands/initializing/survey-repository.ts';
import { earlierSource, hasComment, wantedSection, wantedWorkflows } from '../commands/initializing/wanted-files.ts';
import { UsageError } from '../errors.ts';
import type { InitAnswers } from '../init/init-answers.ts';
import { dryRunText, initText } from '../report/init-text.ts';
import type { FileOutcome } from '../report/init-text.ts';
import type { BuildCommand } from './command-context.ts';
import { exitCodes } from './exit-codes.ts';
import { settleAnswers } from './init-answers.ts';
import type { EarlierAnswers } from './init-answers.ts';
import { calibrate } from './init-calibration.ts';
import type { OwnConfig } from './init-config-file.ts';
import { readOwnConfig, withSection } from './init-config-file.ts';
import type { InitFlags } from './init-options.ts';
import { addInitOptions } from './init-options.ts';
import type { InitPrompts } from './init-prompts.ts';
import { terminalPrompts } from './init-prompts.ts';
import { initRemarks } from './init-remarks.ts';
import type { Io } from './io.ts';

/** `infer init` */
export const buildInitCommand: BuildCommand = (command, { io, finish }) => {
  addInitOptions(command).action(async () => {
    const flags = command.opts<InitFlags>();
    const prompts = await promptsFor(flags, io);
    const exitCode = await initialize({ flags, prompts, io });
    finish(exitCode);
  });
};

/** Null where nobody is to be asked. Throws UsageError where nobody can be, and nobody said that none need be. */
async function promptsFor({ yes, dryRun }: InitFlags, io: Io): Promise<InitPrompts | null> {
  if (yes === true) return null;
  if (io.isInteractive) return terminalPrompts();
  if (dryRun === true) return null;
  const what =
    'it to take the models that are found and the defaults, for nobody can be asked here (--dry-run shows them)';
  throw new UsageError('missing-argument', { flag: '--yes', what });
}

export interface Initialization {
  readonly flags: InitFlags;
  readonly prompts: InitPrompts | null;
  readonly io: Io;
}

/** All of `infer init` but the flags. Returns the exit code. */
export async function initialize({ flags, prompts, io }: Initialization): Promise<number> {
  const config = await readOwnConfig(io.cwd);
  const survey = withSource(await surveyRepository(io.cwd, flags.package ?? ''), { flags, config });
  const isConfigured = config.gate !== null && !saysSomethingNew(flags);
  if (!isConfigured && survey.models.length === 0) throw new UsageError('no-models', { folder: io.cwd });
  const earlier = earlierAnswers(config, survey);
  const answers = await settleAnswers({ flags, survey, cwd: io.cwd, prompts, isConfigured, earlier });
  const files = [
    isConfigured ? keptConfig(config, io) : await plannedConfig(config, wantedSection(answers, survey), io),
    ...wantedWorkflows(answers, survey, basename(config.path)).map(planFile),
  ];
  const written = flags.dryRun === true ? [] : await writeAgreed(files, { flags, prompts, io });
  if (flags.dryRun === true) io.stdout.write(dryRunText(files));
  if (flags.quiet !== true)
    for (const remark of initRemarks({ flags, survey, answers, config })) io.stderr.write(`! ${remark}\n`);
  return written.length === 0 ? 0 : firstCalibration({ flags, survey, config, answers }, io);
}

/** What the workflow says of where infer comes from stays as it is, unless a flag says something else. */
function withSource(
  survey: Survey,
  { flags, config }: { readonly flags: InitFlags; readonly config: OwnConfig },
): Survey {
  const { installation } = survey;
  if (installation.kind === 'dependency' || flags.package !== undefined) return survey;
  return { ...survey, installation: { ...installation, source: earlierSource(survey, basename(config.path)) ?? '' } };
}

/** What was answered when the files were written, so that writing them again changes nothing. */
function earlierAnswers({ gate, path }: OwnConfig, survey: Survey): EarlierAnswers {
  return { ...gate, comment: hasComment(survey, basename(path)) };
}

/** Whether flags say what the section of the config is made of. */
function saysSomethingNew({ model, data, dim, maxDrop, budget, threads }: InitFlags): boolean {
  return [model, data, dim, maxDrop, budget, threads].some((flag) => flag !== undefined);
}

function shownFrom(io: Io, path: string): string {
  return relative(io.cwd, path);
}

function keptConfig({ path, text }: OwnConfig, io: Io): PlannedFile {
  return { path, shown: shownFrom(io, path), text: text ?? '', before: text, state: 'kept' };
}

async function plannedConfig(config: OwnConfig, section: string, io: Io): Promise<PlannedFile> {
  const text = await withSection(config, section);
  return planFile({ path: config.path, shown: shownFrom(io, config.path), text });
}

/** Writes what is new, and what differs where that is wanted. Throws UsageError before anything is written. */
async function writeAgreed(files: readonly PlannedFile[], { flags, prompts, io }: Initialization) {
  const differing = files.filter(({ state }) => state === 'differs');
  if (differing.length > 0 && flags.force !== true && prompts === null)
    throw new UsageError('files-differ', { paths: differing.map(({ shown }) => shown) });
  const agreed = new Set(files.filter(({ state }) => state === 'new'));
  for (const file of differing) {
    const question = `${file.shown} says something else. Overwrite it?`;
    if (flags.force === true || (await prompts?.confirm(question, false)) === true) agreed.add(file);
  }
  const chosen = files.filter((file) => agreed.has(file));
  writeFiles(chosen);
  io.stdout.write(initText({ files: files.map((file) => ({ shown: file.shown, outcome: outcomeOf(file, agreed) })) }));
  return chosen;
}

function outcomeOf(file: PlannedFile, agreed: ReadonlySet<PlannedFile>): FileOutcome {
  if (agreed.has(file)) return 'written';
  if (file.state === 'kept') return 'kept';
  return file.state === 'same' ? 'unchanged' : 'left';
}

interface Calibrating {
  readonly flags: InitFlags;
  readonly survey: Survey;
  readonly config: OwnConfig;
  readonly answers: InitAnswers;
}

/** Measures how noisy this machine is, unless that is not wanted, or the models are not there yet. */
async function firstCalibration({ flags, survey, config, answers }: Calibrating, io: Io): Promise<number> {
  const say = (text: string) => {
    if (flags.quiet !== true) io.stderr.write(`${text}\n`);
  };
  const later = 'infer gate --calibrate does it later';
  const isPointer = (path: string) => survey.models.some((model) => model.path === path && model.isPointer);
  if (!flags.calibrate) {
    say(`The noise of this machine is not measured (--no-calibrate); ${later}`);
    return 0;
  }
  if (answers.models.some(({ path }) => isPointer(path))) {
    say(
      `The noise of this machine is not measured, for models are in Git LFS only; git lfs pull brings them, ${later}`,
    );
    return 0;
  }
  if (answers.models.some(({ openDims }) => openDims.length > 0)) {
    say(`The noise of this machine is not measured, for lengths are still to be said in ${config.path}; ${later}`);
    return 0;
  }
  say(`Measuring how noisy this machine is, for about ${answers.budget}. The files are written: Ctrl-C does no harm`);
  const exitCode = await calibrate({ io, quiet: flags.quiet === true, configPath: config.path });
  // The machine that gates is another, and what was asked for is done.
  if (exitCode === exitCodes.goalMissed) say(coarse(config.path));
  return exitCode === exitCodes.goalMissed ? exitCodes.ok : exitCode;
}

function coarse(path: string): string {
  return `! tolerances in ${basename(path)} are finer than this machine can tell in the budget; the runners' noise is measured after the first push to the base branch`;
}
