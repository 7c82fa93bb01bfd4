import type { Finding } from '../../../src/errors.ts';
import { InferError } from '../../../src/errors.ts';

/** What is wrong, as our own errors say it; null for nothing. Anything else is thrown on. */
export function findingOf(act: () => unknown): Finding | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof InferError) return error.finding;
    throw error;
  }
}
