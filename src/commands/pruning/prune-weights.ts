import { collectLayerSums } from '../../compute/reconstruction/collect-layer-sums.ts';
import type { LayerSums } from '../../compute/reconstruction/layer-sums.ts';
import { copyModel } from '../../compute/copy-model.ts';
import { ModelError } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { topologicalOrder } from '../../onnx/sort.ts';
import { layerSlots, readLayer } from '../../prune/layers/layer-weights.ts';
import { writeLayer } from '../../prune/layers/write-layer.ts';
import { layerRatios } from '../../prune/numeric/layer-ratios.ts';
import { magnitudeSparse } from '../../prune/numeric/magnitude.ts';
import { holdsPattern } from '../../prune/numeric/n-of-m.ts';
import { outputChange } from '../../prune/numeric/output-change.ts';
import { sparseGpt } from '../../prune/numeric/sparsegpt.ts';
import type { SparseTarget, SparseWeights, WeightRows } from '../../prune/numeric/sparse-weights.ts';
import { wandaSparse } from '../../prune/numeric/wanda.ts';
import type { SparseLayer } from '../../prune/prune-result.ts';
import type { WeightScore } from '../../prune/vocabulary.ts';
import { exclusionOf } from '../../quantize/plan/exclusion.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { compressedSizes } from './compressed-sizes.ts';
import { describeCandidates } from './describe-candidates.ts';
import { judgeChosen } from './judge-chosen.ts';
import type { PruneOutcome } from './outcome.ts';
import { nothingTold } from './outcome.ts';
import { tryPruned } from './trial.ts';
import type { PruneWork } from './work.ts';

/** Sets weights to 0, layer after layer, each with what it reads once those before it are pruned. */
export async function pruneWeights(work: PruneWork): Promise<PruneOutcome> {
  const { request, context, original } = work;
  const model = copyModel(work.prepared);
  const sparseLayers = await prunedLayers(work, model);
  if (sparseLayers.length === 0)
    throw new ModelError('nothing-to-prune', { path: request.modelPath, wanted: ['weights'], locks: {} });
  const name = nameOf(request.settings.sparsity);
  const chosen = await tryPruned(work, { name, model, samples: null });
  try {
    const judged = await judgeChosen(work, { chosen, warnings: [] });
    const download = {
      before: await compressedSizes(original.opened.path, context.signal),
      after: await compressedSizes(chosen.file.path, context.signal),
    };
    const candidates = describeCandidates(work, { trials: [chosen], chosen });
    return { ...nothingTold, ...judged, sparseLayers, candidates, download };
  } finally {
    chosen.file.dispose();
  }
}

function nameOf(sparsity: PruneWork['request']['settings']['sparsity']): string {
  if (sparsity === null) return 'dense';
  return 'ratio' in sparsity ? `${Math.round(sparsity.ratio * 100)} % zeros` : `${sparsity.keep}:${sparsity.of}`;
}

async function prunedLayers(work: PruneWork, model: Model): Promise<SparseLayer[]> {
  const { context } = work;
  const nodes = prunableLayers(work, model);
  const targets = targetsOf(work, nodes);
  const score = settledScore(work);
  const told: SparseLayer[] = [];
  for (const [done, node] of nodes.entries()) {
    context.onEvent({ kind: 'reconstructing', node: node.name, done, of: nodes.length });
    const layer = readLayer(node);
    const target = targets.get(node);
    if (layer === null || target === undefined) continue;
    const rows: WeightRows = { data: layer.weights, outputs: layer.outputs, inputs: layer.inputs, taps: layer.taps };
    const sums = work.feeds.source === 'data' ? await sumsOf(work, model, node.name) : null;
    const { data, zeros } = sparse(rows, { target, score, sums });
    writeLayer(node, { weights: data, bias: null });
    const error =
      sums === null
        ? null
        : outputChange({ before: layer.weights, after: data, outputs: layer.outputs, gram: sums.gram });
    told.push({
      node: node.name,
      weights: data.length,
      zeros: zeros / data.length,
      score: scoreUsed(score, sums),
      error,
    });
  }
  context.signal.throwIfAborted();
  return told;
}

/** Models of so few layers have no ends to protect. */
const leastProtected = 3;

/**
 * Layers with a weight matrix of their own. Depthwise kernels have too few weights each; the first and the last layer
 * stay dense, as usual: they are small, and everything passes through them.
 */
function prunableLayers({ request }: PruneWork, model: Model): readonly Node[] {
  const { sparsity, exclude } = request.settings;
  const exclusion = exclusionOf(exclude);
  const all = [...topologicalOrder(model.graph)].filter((node) => layerSlots(node) !== null);
  const inner = all.length > leastProtected ? all.slice(1, -1) : all;
  return inner.filter((node) => {
    if (node.int('group', 1) !== 1 || exclusion.has(node)) return false;
    const inputs = inputsOf(node);
    return sparsity === null || 'ratio' in sparsity || holdsPattern({ inputs }, sparsity);
  });
}

function inputsOf(node: Node): number {
  const [first = 0, second = 0] = node.input(1)?.constant?.dims ?? [];
  return layerSlots(node)?.outputsFirst === true ? second : first;
}

/** The same share of each layer, or as one threshold over all of them has it. */
function targetsOf({ request }: PruneWork, nodes: readonly Node[]): ReadonlyMap<Node, SparseTarget> {
  const { sparsity, global } = request.settings;
  if (sparsity === null) return new Map();
  if (!global || !('ratio' in sparsity)) return new Map(nodes.map((node) => [node, sparsity]));
  const weights = nodes.map((node) => readLayer(node)?.weights ?? new Float32Array());
  const ratios = layerRatios(weights, { ratio: sparsity.ratio, score: 'lamp' });
  return new Map(nodes.map((node, i) => [node, { ratio: ratios[i] ?? sparsity.ratio }]));
}

function settledScore({ request, feeds }: PruneWork): WeightScore {
  const { sparsityScore } = request.settings;
  if (sparsityScore !== 'auto') return sparsityScore;
  return feeds.source === 'data' ? 'sparsegpt' : 'magnitude';
}

/** Without a matrix there is nothing but the weights to go by. */
function scoreUsed(score: WeightScore, sums: LayerSums | null): WeightScore {
  return sums === null ? 'magnitude' : score;
}

interface Choosing {
  readonly target: SparseTarget;
  readonly score: WeightScore;
  readonly sums: LayerSums | null;
}

function sparse(rows: WeightRows, { target, score, sums }: Choosing): SparseWeights {
  switch (scoreUsed(score, sums)) {
    case 'sparsegpt':
    case 'auto':
      return sums === null ? magnitudeSparse(rows, target) : sparseGpt(rows, target, sums.gram);
    case 'wanda':
      return sums === null ? magnitudeSparse(rows, target) : wandaSparse(rows, target, squaresOf(sums));
    case 'magnitude':
      return magnitudeSparse(rows, target);
  }
}

/** Sum of x² of each column. */
function squaresOf({ gram, columns }: LayerSums): Float64Array {
  return Float64Array.from({ length: columns }, (_, i) => gram[i * columns + i] ?? 0);
}

async function sumsOf(work: PruneWork, model: Model, node: string): Promise<LayerSums | null> {
  let found: LayerSums | null = null;
  await collectLayerSums({
    ...editedModels(work),
    original: model,
    pruned: model,
    batches: () => adapted(work, work.feeds.calibration),
    layers: [{ node, keptOutputs: null }],
    seed: work.request.seed,
    signal: work.context.signal,
    onSums: (sums) => {
      found = sums;
    },
  });
  return found;
}
