import { copyModel } from '../../compute/copy-model.ts';
import type { Finding } from '../../errors.ts';
import { checkGraph } from '../../onnx/check.ts';
import type { Model } from '../../onnx/model.ts';
import type { PruneGroup, Removal } from '../../prune/groups/prune-group.ts';
import { maskUnits } from '../../prune/groups/mask-units.ts';
import { removeUnits } from '../../prune/groups/remove-units.ts';
import type { PruneResult } from '../../prune/prune-result.ts';
import { changedLayers } from './changed-layers.ts';
import { maskErrorOf } from './mask-error.ts';
import { reconstruct } from './reconstruct.ts';
import type { Origins } from './unit-origins.ts';
import { originsAfter } from './unit-origins.ts';
import type { PruneWork } from './work.ts';

/** A model on its way, and what of the original is left in it. */
export interface PrunedState {
  readonly model: Model;
  readonly origins: Origins;
  readonly repairs: PruneResult['repairs'];
  /** Largest difference between removing and masking so far; null where nobody looked. */
  readonly maskError: number | null;
  readonly warnings: readonly Finding[];
}

export function stateOf(model: Model): PrunedState {
  return { model, origins: new Map(), repairs: [], maskError: null, warnings: [] };
}

export interface RemovalStep {
  /** Of the state's model. */
  readonly groups: readonly PruneGroup[];
  readonly removal: Removal;
  /** Whether to check that removing units is masking them. */
  readonly checked: boolean;
}

/** Removes units and refits what read them. */
export async function withoutUnits(
  work: PruneWork,
  before: PrunedState,
  { groups, removal, checked }: RemovalStep,
): Promise<PrunedState> {
  const model = copyModel(before.model);
  removeUnits(model, groups, removal);
  checkGraph(model);
  const maskError = checked
    ? await maskErrorOf(work, { removed: model, masked: masked(before, groups, removal) })
    : null;
  const origins = originsAfter(before.origins, groups, removal);
  const isRefitted = work.request.settings.reconstruct && work.feeds.source === 'data';
  const layers = changedLayers(model, { groups, removal });
  const nothing = { repairs: [], warnings: [] };
  const { repairs, warnings } = isRefitted ? await reconstruct(work, { model, layers, origins }) : nothing;
  return {
    model,
    origins,
    repairs: [...repairs],
    maskError: maskError === null ? before.maskError : Math.max(maskError, before.maskError ?? 0),
    warnings: [...before.warnings, ...warnings],
  };
}

function masked({ model }: PrunedState, groups: readonly PruneGroup[], removal: Removal): Model {
  const copy = copyModel(model);
  maskUnits(copy, groups, removal);
  return copy;
}
