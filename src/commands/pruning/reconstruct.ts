import { collectLayerSums } from '../../compute/reconstruction/collect-layer-sums.ts';
import type { LayerSums } from '../../compute/reconstruction/layer-sums.ts';
import type { Finding } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { layerSlots, readLayer } from '../../prune/layers/layer-weights.ts';
import { writeLayer } from '../../prune/layers/write-layer.ts';
import type { LinearLayer, RefittedLayer } from '../../prune/numeric/least-squares-sums.ts';
import { matchedMoments } from '../../prune/numeric/matched-moments.ts';
import { ridgeSolution } from '../../prune/numeric/ridge-solution.ts';
import type { PruneResult } from '../../prune/prune-result.ts';
import { modelMacs } from '../model-macs.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { refitLevels } from './refit-levels.ts';
import type { Origins } from './unit-origins.ts';
import { originKey } from './unit-origins.ts';
import type { PruneWork } from './work.ts';

export interface Reconstructing {
  /** The pruned model: its weights change. */
  readonly model: Model;
  /** Names of nodes that read something else than in the original: those with weights are refitted. */
  readonly layers: ReadonlySet<string>;
  readonly origins: Origins;
}

export interface Reconstructed {
  readonly repairs: PruneResult['repairs'];
  readonly warnings: readonly Finding[];
}

/**
 * Refits what reads fewer inputs or other ones, from the inputs on: each layer is to make of what it reads now, in the pruned model as
 * far as it has been refitted, what the original's made (He et al. 2017; with the original's outputs as targets errors
 * from before are absorbed). A refit that brings no gain on the calibration data is not taken.
 */
export async function reconstruct(work: PruneWork, { model, layers, origins }: Reconstructing): Promise<Reconstructed> {
  const levels = refitLevels(model, (node) => layers.has(node.name) && layerSlots(node) !== null);
  const repairs: PruneResult['repairs'] = [];
  const problems = new Map<Problem, string[]>();
  const note = (problem: Problem, node: string) => problems.set(problem, [...(problems.get(problem) ?? []), node]);
  const sampling = samplingFor(work, levels.length);
  for (const [done, level] of levels.entries()) {
    const nodes = new Map(level.map((node) => [node.name, node]));
    work.context.onEvent({ kind: 'reconstructing', node: level[0]?.name ?? '', done, of: levels.length });
    const { notFinite, neverSeen, refused } = await collectLayerSums({
      ...editedModels(work),
      original: work.prepared,
      pruned: model,
      batches: () => adapted(work, sampling.samples),
      layers: level.map((node) => ({ node: node.name, keptOutputs: keptOutputsOf(node, origins) })),
      positions: sampling.positions,
      seed: work.request.seed,
      signal: work.context.signal,
      onSums: (sums) => {
        const node = nodes.get(sums.node);
        if (node === undefined) return;
        const { repair, problem } = refit(node, sums);
        repairs.push(repair);
        if (problem !== null) note(problem, node.name);
      },
    });
    for (const { name } of notFinite) note('not-finite', name);
    for (const name of [...neverSeen, ...refused.map(({ node }) => node)]) note('not-measured', name);
  }
  const warnings = [...problems].map(([problem, list]) => ({
    code: 'not-refitted',
    details: { nodes: list, problem },
  }));
  return { repairs, warnings };
}

type Problem = 'singular' | 'not-finite' | 'not-measured';

/** Multiply-adds that all runs of refitting may take together: some ten minutes of two cores. */
const mostMacs = 3e13;

/** Fewest samples, however large the model, and rows that are wanted of all of them. */
const leastSamples = 64;
const wantedRows = 3072;

/** Where a model is large, fewer samples and more positions of each: running it is what takes the time. */
function samplingFor({ prepared, feeds, dims }: PruneWork, passes: number) {
  // The original and the pruned model are run, on average as far as their middle.
  const macs = (modelMacs(prepared, dims) ?? 0) * Math.max(1, passes);
  const affordable = macs === 0 ? feeds.calibration.samples : Math.floor(mostMacs / macs);
  const count = Math.min(feeds.calibration.samples, Math.max(leastSamples, affordable));
  const positions = Math.min(48, Math.max(12, Math.ceil(wantedRows / Math.max(1, count))));
  return { samples: feeds.calibrationPart(count), positions };
}

/** Output channels of the original that are left; null for all. The weight has an axis for them. */
function keptOutputsOf(node: Node, origins: Origins): Int32Array | null {
  const slots = layerSlots(node);
  return slots === null ? null : (origins.get(originKey(slots.weight.name, slots.outputsFirst ? 0 : 1)) ?? null);
}

type Refit = {
  readonly repair: PruneResult['repairs'][number];
  readonly problem: Problem | null;
};

function refit(node: Node, sums: LayerSums): Refit {
  const old = readLayer(node);
  const slots = layerSlots(node);
  if (old === null || slots === null) throw new RangeError(`'${node.name}' is no layer that can be refitted`);
  // The Add behind a product is no part of what the product makes.
  const isApart = slots.bias !== null && slots.bias.node !== node;
  const hasBias = slots.bias !== null;
  const zeros = hasBias ? new Float32Array(old.outputs) : null;
  const now: LinearLayer = { weights: old.weights, bias: isApart || old.bias === null ? zeros : old.bias };
  const { solution, problem } = ridgeSolution(sums, now, { hasBias });
  const matched = solution === null ? matchedMoments(sums, now, { hasBias }) : null;
  const better = solution ?? matched;
  const isBetter = better !== null && better.errorAfter < better.errorBefore;
  if (isBetter) writeLayer(node, isApart ? withOldBias(better, old.bias) : better);
  const how = !isBetter ? 'kept' : solution === null ? 'matched' : 'reconstructed';
  const before = better?.errorBefore ?? 0;
  return { repair: { node: node.name, before, after: isBetter ? better.errorAfter : before, how }, problem };
}

function withOldBias({ weights, bias }: RefittedLayer, old: Float32Array | null): LinearLayer {
  return { weights, bias: bias === null ? null : bias.map((value, i) => value + (old?.[i] ?? 0)) };
}
