import { DataError } from '../../errors.ts';

export interface WorkflowProblem {
  /** Its name, or `#3` where it has none; empty where the whole file is meant. */
  readonly step: string;
  /** Of the mapping, such as `retries.max`; empty where none is to blame. */
  readonly key: string;
  readonly problem: string;
  /** What was mistyped, and what could have been meant. */
  readonly value?: string;
  readonly known?: readonly string[];
}

export function workflowError(path: string, problem: WorkflowProblem, cause?: unknown): DataError {
  return new DataError('cost-workflow-invalid', { path, value: '', known: [], ...problem }, { cause });
}
