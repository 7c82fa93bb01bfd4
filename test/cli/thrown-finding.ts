import { InferError } from '../../src/errors.ts';
import type { Finding } from '../../src/errors.ts';

/** Code and details of the error that a call throws. */
export function thrownFinding(call: () => unknown): Finding | null {
  try {
    call();
    return null;
  } catch (error) {
    if (error instanceof InferError) return error.finding;
    throw error;
  }
}
