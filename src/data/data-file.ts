import { readFileSync } from 'node:fs';
import { DataError, UsageError } from '../errors.ts';

/**
 * Largest single tensor taken in or made up: what onnxruntime's own protobuf format allows for one, and a bound on what
 * a damaged or hostile header can make us allocate.
 */
export const maxTensorBytes = 2 ** 31;

/** All bytes of a data file. @throws UsageError `file-missing` or `file-unreadable` */
export function readDataFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The error for a data file that the system does not let us read. */
export function unreadable(path: string, cause: unknown): UsageError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new UsageError('file-missing', { path, what: 'data file' }, { cause });
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new UsageError('file-unreadable', { path, problem }, { cause });
}

/** The error for a pipe or device, which is not read by position and may never end. */
export function irregular(path: string): DataError {
  return new DataError('data-unsupported', { path, problem: 'it is a pipe or device; save the data in a file' });
}
