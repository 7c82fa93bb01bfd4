import type { StatisticsOptions } from '../../compute/calibration/collect-statistics.ts';
import { collectStatistics } from '../../compute/calibration/collect-statistics.ts';
import type { Statistics } from '../../compute/calibration/statistics.ts';
import { branchValues, withBranchValues } from './branch-values.ts';

/** As `collectStatistics`, of values in the branches of Ifs as well. Values have names of their own (`tellApart`). */
export async function collectInBranches(options: StatisticsOptions): Promise<Statistics> {
  const inBranches = new Set(branchValues(options.model).map(({ name }) => name));
  const wanted = new Set(options.values.flatMap(({ name }) => (inBranches.has(name) ? [name] : [])));
  if (wanted.size === 0) return collectStatistics(options);
  const { model, names } = withBranchValues(options.model, wanted);
  const values = options.values.map((value) => ({ ...value, name: names.get(value.name) ?? value.name }));
  const found = await collectStatistics({ ...options, model, values });
  const own = new Map([...names].map(([name, shown]) => [shown, name]));
  const nameOf = (name: string) => own.get(name) ?? name;
  return {
    values: new Map([...found.values].map(([name, value]) => [nameOf(name), value])),
    neverSeen: found.neverSeen.map(nameOf),
    refused: found.refused.map(nameOf),
    notFinite: found.notFinite.map((value) => ({ ...value, name: nameOf(value.name) })),
  };
}
