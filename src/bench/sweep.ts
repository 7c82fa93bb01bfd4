import type { ProviderName } from '../runtime/provider.ts';

/** The axes of a sweep. An empty `batches` leaves the batch to the model, its data or `--dim`. */
export interface SweepAxes {
  readonly models: number;
  readonly providers: readonly ProviderName[];
  readonly threads: readonly number[];
  readonly instances: readonly number[];
  /** Values to try for each symbolic dimension. */
  readonly dims: Readonly<Record<string, readonly number[]>>;
  readonly batches: readonly number[];
  /** Most threads of all instances together: points with more are left out. */
  readonly mostThreads?: number;
}

/** What the model is fed: the part of a point that inputs and outputs depend on. */
export interface InputCase {
  readonly modelIndex: number;
  readonly dims: Readonly<Record<string, number>>;
  readonly batch: number | null;
}

/** One thing to measure: a case on a provider with so many threads and instances. */
export interface SweepPoint extends InputCase {
  readonly ep: ProviderName;
  readonly threads: number;
  readonly instances: number;
}

/** The cross product of all axes, the first axis varying slowest, less what has too many threads. */
export function expandSweep(axes: SweepAxes): readonly SweepPoint[] {
  const batches = axes.batches.length === 0 ? [null] : axes.batches;
  return range(axes.models).flatMap((modelIndex) =>
    axes.providers.flatMap((ep) =>
      axes.threads.flatMap((threads) =>
        axes.instances
          .filter((instances) => threads * instances <= (axes.mostThreads ?? Infinity))
          .flatMap((instances) =>
            combinations(axes.dims).flatMap((dims) =>
              batches.map((batch) => ({ modelIndex, ep, threads, instances, dims, batch })),
            ),
          ),
      ),
    ),
  );
}

/** Names a case, equal for equal inputs. */
export function caseKey({ modelIndex, dims, batch }: InputCase): string {
  return JSON.stringify([modelIndex, Object.entries(dims).toSorted(), batch]);
}

/** Names a point without its model, equal for points to be compared across models. */
export function conditionKey(point: Omit<SweepPoint, 'modelIndex' | 'ep'> & { ep: string }): string {
  return JSON.stringify([point.ep, point.threads, point.instances, Object.entries(point.dims).toSorted(), point.batch]);
}

function combinations(dims: Readonly<Record<string, readonly number[]>>): readonly Readonly<Record<string, number>>[] {
  return Object.entries(dims).reduce<readonly Record<string, number>[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
