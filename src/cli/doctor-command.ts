import { runDoctor } from '../commands/doctor.ts';
import { envelopeOf } from '../commands/envelope.ts';
import { noiseLevel } from '../commands/noise-level.ts';
import { formatsOf } from '../report/reporters.ts';
import type { BuildCommand } from './command-context.ts';
import { exitCodes } from './exit-codes.ts';
import { addOutputOptions } from './shared-options.ts';
import { outputChoice, showResult } from './show-result.ts';
import { version } from './version.ts';

const examples = `
Examples:
  $ infer doctor
  $ infer doctor --json -o machine.json`;

/** `infer doctor` */
export const buildDoctorCommand: BuildCommand = (command, { io, words, finish }) => {
  addOutputOptions(command, formatsOf('doctor'))
    .addHelpText('after', examples)
    .action(async () => {
      const output = outputChoice(command, 'doctor');
      const result = await runDoctor({
        runtime: await io.openRuntime(),
        platform: process.platform,
        arch: process.arch,
        noiseLevel,
        envelope: envelopeOf({ version: version(), argv: ['infer', ...words], now: io.now() }),
      });
      await showResult(result, output, io);
      finish(result.usable ? exitCodes.ok : exitCodes.runtimeFailed);
    });
};
