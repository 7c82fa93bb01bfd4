import { UsageError } from '../errors.ts';
import type { BenchSet, SavedBench } from '../result/bench-set.ts';
import { benchSet } from '../result/bench-set.ts';
import type { SavedResult } from '../result/read-result.ts';
import { parseResult } from '../result/read-result.ts';

/**
 * Reads saved results to be reported again: one as it is, several bench results side by side.
 * @throws UsageError `missing-argument` without a path, `results-mixed` when several are not all bench results
 */
export async function runReport(
  paths: readonly string[],
  readText: (path: string) => Promise<string>,
): Promise<SavedResult | BenchSet> {
  const results = [];
  for (const path of paths) results.push({ path, result: await parseResult(await readText(path), path) });
  const [first] = results;
  if (first === undefined)
    throw new UsageError('missing-argument', { flag: 'RESULT', what: 'one or more result files' });
  return results.length === 1 ? first.result : benchSet(results.map(benchOnly));
}

function benchOnly({ path, result }: { path: string; result: SavedResult }): SavedBench {
  if (result.kind !== 'bench') throw new UsageError('results-mixed', { path, kind: result.kind });
  return { path, result };
}
