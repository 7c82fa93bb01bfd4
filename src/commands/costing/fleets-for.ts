import type { CostOption } from '../../cost/cost-result.ts';
import { projectOptions } from '../../cost/fleet/project-options.ts';
import type { Load } from '../../cost/load.ts';
import type { CostRequest } from '../cost-request.ts';
import type { BuiltCurve } from './build-curves.ts';
import type { PreparedCost } from './prepare-cost.ts';

export interface FleetSources {
  readonly request: CostRequest;
  readonly prepared: PreparedCost;
  readonly curves: readonly BuiltCurve[];
}

/** Ranked options of one model under another load than the one that was asked about. */
export function fleetsFor(
  { request: { settings }, prepared: { catalog, instances }, curves }: FleetSources,
  modelIndex: number,
  load: Load | null,
): readonly CostOption[] {
  const own = curves.flatMap(({ measured }) => (measured.modelIndex === modelIndex ? [measured] : []));
  return projectOptions({ curves: own, catalog, instances }, { ...settings, load }).options;
}
