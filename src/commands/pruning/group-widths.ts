import type { Model } from '../../onnx/model.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import { allowedWidths } from '../../prune/plan/allowed-widths.ts';
import { nodesByName } from './nodes-by-name.ts';
import { unitsAlong } from './weight-axes.ts';
import { layersOf } from './cost-nodes.ts';

/** Counts of units that a group may keep, as the runtime's fast layouts allow them. */
export function widthsOf(group: PruneGroup, model: Model, roundTo: number): readonly number[] {
  const nodes = nodesByName(model);
  const touchesConv = [...layersOf(group)].some((name) => nodes.get(name)?.is('Conv', 'ConvTranspose') === true);
  return allowedWidths({
    units: group.units,
    kind: group.kind,
    touchesConv,
    channelsPerUnit: group.kind === 'heads' ? 1 : channelsPerUnit(group),
    // Products know no steps.
    roundTo: touchesConv ? roundTo : null,
  });
}

/** Channels of what makes the units, for each of them: those of a group of a grouped convolution are one unit. */
function channelsPerUnit(group: PruneGroup): number {
  const [first] = group.producers;
  const units = first === undefined ? null : unitsAlong(group, first.weight, first.axis);
  return units === null
    ? 1
    : Math.max(
        1,
        units.reduce((count, unit) => count + (unit === 0 ? 1 : 0), 0),
      );
}
