import { InferError } from '../errors.ts';
import { describeError } from '../report/messages/message.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

const whereToReport =
  'This is a bug in infer. Please report it with the text above, the command and `infer doctor --json`.';

/** Says on stderr what went wrong and gives the exit code. */
export function reportFailure(error: unknown, io: Io): ExitCode {
  if (error instanceof InferError) {
    io.stderr.write(`error: ${describeError(error)}\n`);
    return exitCodeOf(error);
  }
  if (isInterruption(error)) {
    io.stderr.write('interrupted before anything was measured\n');
    return exitCodes.interrupted;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`${text}\n\n${whereToReport}\n`);
  return exitCodes.bug;
}

/** Ctrl-C reaches us as the abort reason, from an inquirer prompt as ExitPromptError. */
function isInterruption(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'ExitPromptError');
}
