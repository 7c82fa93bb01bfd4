import type { CostConfig } from './cost-config-schema.ts';

type Move = (path: string) => string;

/** Paths of the section are meant from the config's own folder. */
export function moveCostPaths(section: CostConfig, moved: Move): CostConfig {
  const { results, prices, workflow, data, arrivals, input, measuredOn } = section;
  return {
    ...section,
    ...(results && { results: results.map(moved) }),
    ...(prices !== undefined && { prices: [prices].flat().map(moved) }),
    ...(workflow !== undefined && { workflow: moved(workflow) }),
    ...(data !== undefined && { data: moved(data) }),
    ...(arrivals !== undefined && { arrivals: isFile(arrivals, /\.(csv|tsv|txt)$/i) ? moved(arrivals) : arrivals }),
    ...(typeof measuredOn === 'object' && {
      measuredOn: mapRecord(measuredOn, ([result, instance]) => [moved(result), instance]),
    }),
    ...(input && {
      input: mapRecord(input, ([name, value]) => [name, isFile(value, /\.(npy|pb)$/i) ? moved(value) : value]),
    }),
  };
}

function isFile(value: unknown, extension: RegExp): value is string {
  return typeof value === 'string' && extension.test(value);
}

function mapRecord<T>(
  record: Readonly<Record<string, T>>,
  change: (entry: readonly [string, T]) => readonly [string, T],
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(change));
}
