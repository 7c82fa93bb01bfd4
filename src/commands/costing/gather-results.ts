import { resolve } from 'node:path';
import type { BenchResult } from '../../bench/bench-result.ts';
import { UsageError } from '../../errors.ts';
import type { Finding } from '../../errors.ts';
import type { CostRequest } from '../cost-request.ts';
import { readTextFile } from '../read-text-file.ts';
import { measureModels } from './measure-models.ts';
import type { MeasuringContext } from './measure-models.ts';
import { modelNamed } from './model-named.ts';
import { readResults } from './read-results.ts';
import type { NamedResult, ReadResults } from './read-results.ts';

export interface GatherContext extends MeasuringContext {
  /** What relative paths are found from. */
  readonly cwd: string;
}

/** Results as they were saved, and what was measured here. */
export interface Gathered extends ReadResults {
  /** Of what was measured here: that of saved results was told when they were made. */
  readonly warnings: readonly Finding[];
  /** Whether a point that was to be measured here did not run. */
  readonly hasFailed: boolean;
}

/** Stands for the file of a result that was measured here and not saved. */
const measuredHere = 'measured now';

/**
 * Reads saved results and measures the models that are to be.
 * @param needsModels false where a workflow is all that is asked about, and it calls none that was measured
 * @throws UsageError, DataError, ModelError, RuntimeError
 */
export async function gatherResults(
  request: CostRequest,
  context: GatherContext,
  needsModels: boolean,
): Promise<Gathered> {
  const saved = await readResults(request.resultPaths, (path) => readTextFile(resolve(context.cwd, path), 'result'));
  if (needsModels && saved.benches.length === 0 && request.measure === null)
    throw new UsageError('missing-argument', {
      flag: 'RESULT',
      what: 'a saved result of infer bench, or an .onnx file to measure: accuracies alone have no cost',
    });
  requireNames(request, saved.benches);
  const measured = request.measure === null ? [] : await measureModels(request.measure, context);
  const points = measured.flatMap((result) => result.points);
  return {
    ...saved,
    benches: [...saved.benches, ...measured.map((result) => ({ path: measuredHere, result }))],
    // One round is told of its cost.
    warnings: measured.flatMap(({ warnings }) => warnings.filter(({ code }) => code !== 'one-round')),
    hasFailed: points.some(({ status }) => status === 'failed'),
  };
}

/** A route to a model that there is not is told before minutes of measuring. */
function requireNames({ route, measure }: CostRequest, benches: readonly NamedResult<BenchResult>[]): void {
  if (route === null || measure === null) return;
  const paths = [...benches.flatMap(({ result }) => result.models.map(({ path }) => path)), ...measure.models];
  const models = [...new Set(paths)].map((path) => ({ label: path, path }));
  for (const name of [route.small, route.large]) modelNamed(name, models, '--route');
}
