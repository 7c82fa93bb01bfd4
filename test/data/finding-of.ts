import { expect } from 'vitest';
import { InferError } from '../../src/errors.ts';

/** The finding that `act` throws; any other error, or none, fails the test. */
export function findingOf(act: () => unknown): { readonly code: string; readonly details: object } {
  try {
    act();
  } catch (error) {
    if (error instanceof InferError) return error.finding;
    throw error;
  }
  return expect.fail('nothing was thrown');
}
