export interface CoreBounds {
  readonly availableParallelism: number;
  readonly affinityCores: number | null;
  readonly quotaCores: number | null;
}

/**
 * Threads that can really run at once.
 *
 * A fractional quota is rounded down: onnxruntime's threads meet at a barrier after every operator, so with a quota of
 * 2.5 three busy threads use it up in 83 % of each period and then all stand still, while two are never stopped.
 */
export function usableCores({ availableParallelism, affinityCores, quotaCores }: CoreBounds): number {
  const bounds = [availableParallelism, affinityCores, quotaCores].filter((bound) => bound !== null);
  return Math.max(1, Math.floor(Math.min(...bounds)));
}

/** Processors this process may run on, from `Cpus_allowed_list` of `/proc/self/status`; null where it is not told. */
export function parseAffinityCores(status: string | null): number | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? '')?.[1];
  if (list === undefined) return null;
  const sizes = list.split(',').map((range) => {
    const [first, last] = range.split('-').map(Number);
    return first === undefined ? Number.NaN : (last ?? first) - first + 1;
  });
  const cores = sizes.reduce((sum, size) => sum + size, 0);
  return Number.isInteger(cores) && cores > 0 ? cores : null;
}
