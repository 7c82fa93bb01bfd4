import type { Finding } from '../../errors.ts';
import { ModelError } from '../../errors.ts';
import { privatizeConstants } from '../../prune/groups/privatize-constants.ts';
import type { GroupKind } from '../../prune/groups/prune-group.ts';
import { groupKinds } from '../../prune/groups/prune-group.ts';
import type { PruneSettings } from '../../prune/prune-settings.ts';
import { unlockedMacsOf } from './cost-nodes.ts';
import { describeCandidates } from './describe-candidates.ts';
import { describeGroups } from './describe-groups.ts';
import { judgeChosen } from './judge-chosen.ts';
import { latencyShares } from './latency-shares.ts';
import { mostMaskError } from './mask-error.ts';
import { nodeMacs } from './node-macs.ts';
import type { PruneOutcome } from './outcome.ts';
import { nothingTold } from './outcome.ts';
import type { PrunedState } from './pruned-state.ts';
import { pruneByRatio, widthsAfter } from './ratio-steps.ts';
import type { Scores } from './score-units.ts';
import { searchWidths } from './search-widths.ts';
import type { Structure } from './structure.ts';
import { structureOf } from './structure.ts';
import type { PruneTrial } from './trial.ts';
import { tryPruned } from './trial.ts';
import type { PruneWork } from './work.ts';

/** A pruned model, and how it was come by. */
export interface Pruned {
  readonly state: PrunedState;
  readonly scores: Scores;
  readonly trials: readonly PruneTrial[];
  /** One of the trials. */
  readonly chosen: PruneTrial;
  readonly sensitivity: PruneOutcome['sensitivity'];
  readonly warnings: readonly Finding[];
}

/** Takes out channels, neurons and heads: as many as asked for, or as goals allow. */
export async function pruneStructured(work: PruneWork): Promise<PruneOutcome> {
  privatizeConstants(work.prepared);
  const structure = await structureOf(work, work.prepared);
  refuseLocked(work, structure);
  const macsOf = nodeMacs(work.prepared, work.dims);
  const latency = await latencyShares(work);
  const pruned = hasRatio(work) ? await byRatio(work, structure) : await searchWidths(work, { structure, latency });
  try {
    const warnings = [...pruned.warnings, ...pruned.state.warnings, ...maskWarnings(pruned.state)];
    const told = await judgeChosen(work, { chosen: pruned.chosen, warnings });
    return {
      ...nothingTold,
      ...told,
      groups: describeGroups({ structure, after: widthsAfter(structure, pruned.state), macsOf, latency, ...pruned }),
      unlockedMacs: unlockedMacsOf(structure, macsOf),
      sensitivity: pruned.sensitivity,
      repairs: pruned.state.repairs,
      candidates: describeCandidates(work, pruned),
      maskError: pruned.state.maskError,
    };
  } finally {
    for (const { file } of pruned.trials) file.dispose();
  }
}

function hasRatio({ request: { settings } }: PruneWork): boolean {
  return settings.channels !== null || settings.heads !== null || settings.width !== null;
}

/** Throws ModelError `nothing-to-prune` where every group that was asked for is locked. */
function refuseLocked({ request }: PruneWork, { groups }: Structure): void {
  const wanted = wantedKinds(request.settings);
  const own = groups.filter(({ kind }) => wanted.includes(kind));
  if (own.some((group) => group.locks.length === 0)) return;
  const locks: Record<string, string> = {};
  for (const group of own) for (const { reason, node } of group.locks) locks[reason] ??= node;
  throw new ModelError('nothing-to-prune', { path: request.modelPath, wanted, locks });
}

/** Goals alone may be reached by anything but the width of a stream. */
function wantedKinds({ channels, heads, width }: PruneSettings): readonly GroupKind[] {
  const isOpen = channels === null && heads === null && width === null;
  return groupKinds.filter((kind) => {
    if (kind === 'heads') return isOpen || heads !== null;
    return kind === 'width' ? width !== null : isOpen || channels !== null;
  });
}

async function byRatio(work: PruneWork, structure: Structure): Promise<Pruned> {
  const { settings } = work.request;
  const { state, scores, warnings } = await pruneByRatio(work, structure);
  const parts = (['channels', 'heads', 'width'] as const).flatMap((kind) => {
    const share = settings[kind];
    return share === null ? [] : [`${Math.round(share * 100)} % of ${kind}`];
  });
  const trial = await tryPruned(work, { name: parts.join(', '), model: state.model, samples: null });
  return { state, scores, trials: [trial], chosen: trial, sensitivity: [], warnings };
}

function maskWarnings({ maskError }: PrunedState): readonly Finding[] {
  return maskError === null || maskError <= mostMaskError
    ? []
    : [{ code: 'mask-differs', details: { error: maskError } }];
}
