import { InferError } from '../errors.ts';
import { PassError } from '../onnx/pass.ts';

/** What a user can mend, and an interruption, come out as they are; a pass that broke is a bug and keeps its name. */
export async function withoutPassError<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PassError && isNoBug(error.cause)) throw error.cause;
    throw error;
  }
}

function isNoBug(cause: unknown): boolean {
  return cause instanceof InferError || (cause instanceof Error && cause.name === 'AbortError');
}
