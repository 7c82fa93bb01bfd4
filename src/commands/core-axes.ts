import type { SweepAxes } from '../bench/sweep.ts';
import { UsageError } from '../errors.ts';

/** A list that depends on the usable cores, such as 1-N. May throw UsageError. */
export type ListByCores = (usableCores: number) => readonly number[];

export interface CoreRequest {
  /** Empty: as many as there are usable cores, or as many as fit. */
  readonly threads: readonly number[] | ListByCores;
  readonly instances: readonly number[] | ListByCores;
  readonly fitCores?: boolean;
}

/** The axes that share the cores. Throws UsageError where nothing of them fits. */
export function coreAxes(
  request: CoreRequest,
  usableCores: number,
): Pick<SweepAxes, 'threads' | 'instances' | 'mostThreads'> {
  const instances = listFor(request.instances, usableCores);
  const given = listFor(request.threads, usableCores);
  if (request.fitCores !== true) return { threads: given.length === 0 ? [usableCores] : given, instances };
  // Without a wish each number of instances gets the threads that fill the cores.
  const filling = [...new Set(instances.map((count) => Math.max(1, Math.floor(usableCores / count))))];
  const threads = given.length === 0 ? filling : given;
  const least = Math.min(...threads) * Math.min(...instances);
  if (least > usableCores) throw new UsageError('nothing-fits-cores', { least, cores: usableCores });
  return { threads, instances, mostThreads: usableCores };
}

function listFor(list: readonly number[] | ListByCores, usableCores: number): readonly number[] {
  return typeof list === 'function' ? list(usableCores) : list;
}
