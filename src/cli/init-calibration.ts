import { Command } from 'commander';
import type { Io } from './io.ts';

export interface CalibrationSettings {
  readonly io: Io;
  readonly quiet: boolean;
  /** The config that was written. */
  readonly configPath: string;
}

/** `infer gate --calibrate` with the config that was just written. Returns its exit code. */
export async function calibrate({ io, quiet, configPath }: CalibrationSettings): Promise<number> {
  const { buildGateCommand } = await import('./gate-command.ts');
  let exitCode = 0;
  const words = ['--calibrate', '--config', configPath, ...(quiet ? ['--quiet'] : [])];
  const finish = (code: number) => {
    exitCode = code;
  };
  const command = new Command('gate').exitOverride();
  buildGateCommand(command, { io, words: ['gate', ...words], finish });
  await command.parseAsync(words, { from: 'user' });
  return exitCode;
}
