import { readFileSync } from 'node:fs';
import { DataError } from '../errors.ts';

/**
 * Largest single tensor taken in or made up: what onnxruntime's own protobuf format allows for one, and a bound on what
 * a damaged or hostile header can make us allocate.
 */
export const maxTensorBytes = 2 ** 31;

/** All bytes of a data file. @throws DataError `data-missing` when it is not there or cannot be read. */
export function readDataFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The error for a data file that the system does not let us read. */
export function unreadable(path: string, cause: unknown): DataError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new DataError('data-missing', { path, problem }, { cause });
}
