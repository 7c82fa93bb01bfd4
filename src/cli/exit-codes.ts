import { DataError, InferError, ModelError, RuntimeError, UsageError } from '../errors.ts';

/** What the exit code of `infer` means; the same for every command. */
export const exitCodes = {
  ok: 0,
  goalMissed: 1,
  usage: 2,
  unusableInput: 3,
  runtimeFailed: 4,
  inconclusive: 5,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Who must act decides the code. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof ModelError || error instanceof DataError) return exitCodes.unusableInput;
  if (error instanceof RuntimeError || error instanceof InferError) return exitCodes.runtimeFailed;
  return exitCodes.bug;
}
