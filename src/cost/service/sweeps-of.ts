import type { BenchResult, Point } from '../../bench/bench-result.ts';
import { findBatchAxis } from '../../data/batch-axis.ts';
import { DataError } from '../../errors.ts';
import { median } from '../../stats/quantile.ts';
import type { Sweep } from './sweep.ts';

type Dims = Readonly<Record<string, number>>;

/**
 * The sweeps over the batch that a bench result holds: its points, grouped by all that they were measured under but the
 * batch. Points that failed or were skipped are left out.
 *
 * @param path of the saved result
 * @throws DataError `cost-no-points` where nothing was measured, `cost-no-batches` where the batch could be varied and
 *   was not, `result-malformed` where times cannot be
 */
export function sweepsOf(result: BenchResult, path: string): readonly Sweep[] {
  const measured = result.points.filter(({ status, rounds }) => status === 'ok' && rounds.length > 0);
  if (measured.length === 0) throw nothingMeasured(result, path);
  for (const point of measured) requireTimes(point, path);
  const names = result.models.map((_, modelIndex) => batchDimensions(result, modelIndex));
  const sweeps = groupsOf(measured, names).flatMap((points) => {
    const [first] = points;
    const model = first === undefined ? undefined : result.models[first.modelIndex];
    if (first === undefined || model === undefined) return [];
    const { ep, threads, instances } = first;
    const dims = without(first.dims, names[first.modelIndex] ?? new Set());
    return [{ path, environment: result.environment, model, ep, threads, instances, dims, points: byBatch(points) }];
  });
  requireBatches(sweeps);
  return sweeps;
}

function nothingMeasured({ points, models }: BenchResult, path: string): DataError {
  const count = (status: Point['status']): number => points.filter((point) => point.status === status).length;
  return new DataError('cost-no-points', {
    path,
    model: models[0]?.path ?? '',
    failed: count('failed'),
    skipped: count('skipped'),
  });
}

/** A file that was edited may hold anything, and a time of 0 would make the model free. */
function requireTimes({ rounds, model, batch }: Point, path: string): void {
  for (const { latencyMs, round } of rounds) {
    const middle = latencyMs.length === 0 ? Number.NaN : median(latencyMs);
    if (middle > 0 && Number.isFinite(middle)) continue;
    const problem = `round ${round} of ${model} at batch ${batch ?? 1} has no service time above 0`;
    throw new DataError('result-malformed', { path, problem });
  }
}

/** Dimensions of a model that are its batch: by their names, or as they are the batch in all points of several batches. */
function batchDimensions({ models, points }: BenchResult, modelIndex: number): ReadonlySet<string> {
  const axis = findBatchAxis(models[modelIndex]?.inputs ?? []);
  const named = axis.kind === 'symbolic' ? [axis.dimension, ...axis.also] : [];
  const own = points.filter((point) => point.modelIndex === modelIndex && point.batch !== null);
  const several = new Set(own.map(({ batch }) => batch)).size > 1;
  const equal = several
    ? Object.keys(own[0]?.dims ?? {}).filter((name) => own.every(({ dims, batch }) => dims[name] === batch))
    : [];
  return new Set([...named, ...equal]);
}

function without(dims: Dims, names: ReadonlySet<string>): Dims {
  return Object.fromEntries(Object.entries(dims).filter(([name]) => !names.has(name)));
}

function groupsOf(points: readonly Point[], names: readonly ReadonlySet<string>[]): readonly Point[][] {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const key = groupKey(point, names[point.modelIndex] ?? new Set());
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups.values()];
}

function groupKey({ modelIndex, ep, threads, instances, dims }: Point, names: ReadonlySet<string>): string {
  return JSON.stringify([modelIndex, ep, threads, instances, Object.entries(without(dims, names)).toSorted()]);
}

/** Ascending; of two with the same batch the one that was measured in more rounds. */
function byBatch(points: readonly Point[]): readonly Point[] {
  const best = new Map<number, Point>();
  for (const point of points) {
    const batch = point.batch ?? 1;
    const other = best.get(batch);
    if (other === undefined || other.rounds.length < point.rounds.length) best.set(batch, point);
  }
  return [...best.entries()].toSorted(([a], [b]) => a - b).map(([, point]) => point);
}

/** What a batch brings is half of the cost of inference: a result that could tell and does not is worth measuring again. */
function requireBatches(sweeps: readonly Sweep[]): void {
  if (sweeps.some(({ points }) => points.length > 1)) return;
  const variable = sweeps.find(({ model, points }) => {
    const [point] = points;
    return findBatchAxis(model.inputs).kind === 'symbolic' || (point !== undefined && isBatchBound(point));
  });
  if (variable === undefined) return;
  const { path, model, ep, threads, instances, dims, points } = variable;
  throw new DataError('cost-no-batches', {
    path,
    model: model.path,
    batch: points[0]?.batch ?? 1,
    ep,
    threads,
    instances,
    // Those that the user bound: the others are guessed alike again.
    dims: Object.fromEntries(Object.entries(dims).filter(([name]) => points[0]?.requestedDims[name] !== undefined)),
  });
}

/** A batch that is the value of a dimension, which can have others: the user named it with `--batch-dim`. */
function isBatchBound({ batch, dims }: Point): boolean {
  return batch !== null && batch > 1 && Object.values(dims).includes(batch);
}
