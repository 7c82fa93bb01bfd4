import type { BenchResult } from '../../bench/bench-result.ts';
import { UsageError } from '../../errors.ts';
import type { EvaluateResult } from '../../evaluate/evaluate-result.ts';
import { parseResult } from '../../result/read-result.ts';

export interface NamedResult<Result> {
  /** As it was named. */
  readonly path: string;
  readonly result: Result;
}

export interface ReadResults {
  readonly benches: readonly NamedResult<BenchResult>[];
  readonly evaluations: readonly NamedResult<EvaluateResult>[];
  /** Files with the content of an earlier one, by the path of that. */
  readonly repeated: readonly { readonly path: string; readonly first: string }[];
}

/**
 * Reads saved results of `infer bench`, and of `infer evaluate` for accuracies. A file that holds the same as another
 * counts once.
 * @throws UsageError `file-missing`, `cost-result-unsuited`, DataError `result-malformed`, `result-too-new`
 */
export async function readResults(paths: readonly string[], readText: (path: string) => string): Promise<ReadResults> {
  const pathByText = new Map<string, string>();
  const benches: NamedResult<BenchResult>[] = [];
  const evaluations: NamedResult<EvaluateResult>[] = [];
  const repeated: { readonly path: string; readonly first: string }[] = [];
  for (const path of paths) {
    const text = readText(path);
    const first = pathByText.get(text);
    if (first !== undefined) {
      repeated.push({ path, first });
      continue;
    }
    pathByText.set(text, path);
    const result = await parseResult(text, path);
    if (result.kind === 'bench') benches.push({ path, result });
    else if (result.kind === 'evaluate') evaluations.push({ path, result });
    else throw new UsageError('cost-result-unsuited', { path, kind: result.kind });
  }
  return { benches, evaluations, repeated };
}
