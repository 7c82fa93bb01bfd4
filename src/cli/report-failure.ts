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
    io.stderr.write('interrupted before there was a result\n');
    return exitCodes.interrupted;
  }
  io.stderr.write(`${stackOf(error)}\n\n${whereToReport}\n`);
  return exitCodes.bug;
}

/** With the stack of what caused it: a pass that failed says which one it is, its cause where. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}

/** Ctrl-C reaches us as the abort reason, from an inquirer prompt as ExitPromptError. */
function isInterruption(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'ExitPromptError');
}
