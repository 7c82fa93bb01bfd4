import { collectLayerSums } from '../../compute/reconstruction/collect-layer-sums.ts';
import type { LayerSums } from '../../compute/reconstruction/layer-sums.ts';
import type { Node } from '../../onnx/node.ts';
import type { PruneGroup, WeightPlace } from '../../prune/groups/prune-group.ts';
import type { LayerWeights } from '../../prune/layers/layer-weights.ts';
import { layerSlots, readLayer } from '../../prune/layers/layer-weights.ts';
import { normalMatrix } from '../../prune/numeric/normal-equations.ts';
import type { UnitColumns } from '../../prune/numeric/obs-state.ts';
import { removalOrder, scoresOfOrder } from '../../prune/numeric/removal-order.ts';
import { varianceScores } from '../../prune/numeric/unit-scores.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { nodesByName } from './nodes-by-name.ts';
import type { Scoring } from './unit-readers.ts';
import { readingScores } from './unit-readers.ts';
import { unitsAlong } from './weight-axes.ts';
import type { PruneWork } from './work.ts';

/** Columns of a reader up to which optimal brain surgeon is a matter of seconds. */
const mostObsColumns = 1152;

/** Reconstruction-aware where the matrices are small; by the variance of what is read for the others. */
export async function obsScores(work: PruneWork, scoring: Scoring): Promise<ReadonlyMap<number, Float64Array>> {
  const { model, groups } = scoring;
  const nodes = nodesByName(model);
  const fits = (group: PruneGroup) =>
    group.consumers.length > 0 &&
    group.consumers.every((consumer) => isSmallReader(nodes.get(consumer.node), consumer));
  const isSmall = new Map(groups.map((group) => [group.id, fits(group)]));
  const small = groups.filter(({ id }) => isSmall.get(id) === true);
  const columns = await columnsOf(work, { ...scoring, groups: small });
  const scores = new Map<number, Float64Array>();
  for (const group of small) {
    const readers = columns.get(group.id) ?? [];
    const order = readers.length < group.consumers.length ? null : removalOrder(readers, { units: group.units });
    if (order !== null) scores.set(group.id, scoresOfOrder(order, group.units));
  }
  const rest = groups.filter(({ id }) => !scores.has(id));
  if (rest.length === 0) return scores;
  return new Map([...scores, ...(await readingScores(work, { ...scoring, groups: rest }, varianceScores))]);
}

function isSmallReader(node: Node | undefined, { input }: WeightPlace): boolean {
  if (node === undefined || input !== 1 || layerSlots(node) === null) return false;
  const dims = node.input(1)?.constant?.dims ?? [];
  const columns = node.is('Conv') ? dims.slice(1).reduce((product, length) => product * length, 1) : Math.min(...dims);
  return node.int('group', 1) === 1 && columns <= mostObsColumns;
}

/** What each small reader reads, as matrices with the unit of each column. */
async function columnsOf(
  work: PruneWork,
  { model, groups }: Scoring,
): Promise<ReadonlyMap<number, readonly UnitColumns[]>> {
  const readers = new Map<number, UnitColumns[]>();
  const nodes = nodesByName(model);
  const owners = new Map<string, { readonly group: PruneGroup; readonly consumer: WeightPlace }[]>();
  for (const group of groups)
    for (const consumer of group.consumers)
      owners.set(consumer.node, [...(owners.get(consumer.node) ?? []), { group, consumer }]);
  const take = (sums: LayerSums) => {
    const layer = layerNamed(nodes, sums.node);
    if (layer === null) return;
    for (const { group, consumer } of owners.get(sums.node) ?? []) {
      const columns = columnsFor(sums, { layer, along: unitsAlong(group, consumer.weight, consumer.axis) });
      if (columns !== null) readers.set(group.id, [...(readers.get(group.id) ?? []), columns]);
    }
  };
  if (owners.size > 0)
    await collectLayerSums({
      ...editedModels(work),
      original: model,
      pruned: model,
      batches: () => adapted(work, work.feeds.calibration),
      layers: [...owners.keys()].map((node) => ({ node, keptOutputs: null })),
      seed: work.request.seed,
      signal: work.context.signal,
      onSums: take,
      onProgress: ({ done }) => work.context.onEvent({ kind: 'scoring', done, of: 0 }),
    });
  return readers;
}

function layerNamed(nodes: ReadonlyMap<string, Node>, name: string): LayerWeights | null {
  const node = nodes.get(name);
  return node === undefined ? null : readLayer(node);
}

function columnsFor(
  sums: LayerSums,
  { layer, along }: { readonly layer: LayerWeights; readonly along: Int32Array | null },
): UnitColumns | null {
  if (along === null) return null;
  const { taps, weights, outputs, bias } = layer;
  const units = Int32Array.from({ length: sums.columns }, (_, column) => along[Math.floor(column / taps)] ?? -1);
  return { gram: normalMatrix(sums, { shift: 0, isCentered: bias !== null }), weights, outputs, units };
}
