import type { Command } from 'commander';
import type { Io } from './io.ts';

export interface CommandContext {
  readonly io: Io;
  /** The words after `infer`, for results to say how they were made. */
  readonly words: readonly string[];
  /** Sets the exit code. */
  readonly finish: (exitCode: number) => void;
}

/** Adds options, examples and action to its command. */
export type BuildCommand = (command: Command, context: CommandContext) => void;
