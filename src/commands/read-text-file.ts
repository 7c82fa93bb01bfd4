import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';

/** The text of a file that the user named. Throws UsageError where there is none; `what` says what was expected. */
export function readTextFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT') throw new UsageError('file-missing', { path, what }, { cause: error });
    if (code === 'EISDIR') throw new UsageError('is-directory', { path, what }, { cause: error });
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError('file-unreadable', { path, problem }, { cause: error });
  }
}
