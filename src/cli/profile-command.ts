import type { Command } from 'commander';
import { roofFile } from '../commands/profiling/roof-file.ts';
import { profile } from '../commands/profile.ts';
import type { ProfileRequest } from '../commands/profile.ts';
import type { ProfileResult } from '../profile/profile-result.ts';
import { formatsOf } from '../report/reporters.ts';
import { readCommandConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { checkProfileFiles, profileFiles, writeProfileFiles } from './profile-files.ts';
import type { ProfileFlags } from './profile-options.ts';
import { addProfileOptions } from './profile-options.ts';
import { profileProgress } from './profile-progress.ts';
import { askForModels } from './prompts.ts';
import { readProfileRequest } from './read-profile-request.ts';
import { runListening } from './run-listening.ts';
import { outputChoice, showResult } from './show-result.ts';
import { readView } from './view-options.ts';

/** `infer profile MODEL` */
export const buildProfileCommand: BuildCommand = (command, { io, words, finish }) => {
  addProfileOptions(command, formatsOf('profile')).action(async (named: string | undefined) => {
    const { flags, request } = await readRequest(command, named, io);
    const output = { ...outputChoice(command, 'profile'), view: readView(flags) };
    const files = profileFiles(flags);
    checkProfileFiles(files, { output: output.file?.path ?? null, inputs: filesRead(request) });
    const result = await measure({ request, words, quiet: flags.quiet === true, io });
    await showResult(result, output, io);
    await writeProfileFiles(result, files);
    finish(result.interrupted ? exitCodes.interrupted : exitCodes.ok);
  });
};

async function readRequest(command: Command, named: string | undefined, io: Io) {
  const { flags, models } = await readCommandConfig<ProfileFlags>(command, 'profile', io);
  const [model = ''] = named === undefined ? (models.length > 0 ? models : await askForModels(io)) : [named];
  return { flags, request: readProfileRequest(flags, { model, cwd: io.cwd }) };
}

/** None of them may be replaced by what is written. */
function filesRead({ modelPath, compare, dataPath, inputs }: ProfileRequest): readonly string[] {
  const values = Object.values(inputs.values).flatMap((value) => (value.kind === 'file' ? [value.path] : []));
  return [modelPath, compare?.modelPath ?? null, dataPath, ...values].filter((path) => path !== null);
}

interface Measuring {
  readonly request: ProfileRequest;
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly io: Io;
}

async function measure({ request, words, quiet, io }: Measuring): Promise<ProfileResult> {
  const progress = await profileProgress(io, quiet);
  const roofStore = roofStoreOf(io);
  return runListening({ io, words, progress }, (context) => profile(request, { ...context, roofStore }));
}

/** Whoever has no home has no cache either. */
function roofStoreOf({ env }: Io) {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? env['XDG_CACHE_HOME'];
  return home === undefined ? null : roofFile({ platform: process.platform, home, env });
}
