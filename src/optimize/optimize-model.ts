import type { FoldContext } from '../compute/fold-constants.ts';
import { UsageError } from '../errors.ts';
import { checkGraph } from '../onnx/check.ts';
import { miscomputedOnWebGpu } from '../onnx/miscomputed-conv.ts';
import type { Model } from '../onnx/model.ts';
import { fixDimensions } from '../onnx/passes/fix-dimensions.ts';
import { inlineFunctions } from '../onnx/passes/inline-functions.ts';
import { makeBatchDynamic } from '../onnx/passes/make-batch-dynamic.ts';
import { removeInitializersFromInputs } from '../onnx/passes/remove-initializers-from-inputs.ts';
import { widenConvInputs } from '../onnx/passes/widen-conv-inputs.ts';
import { upgradeOpset } from '../onnx/opset/upgrade-opset.ts';
import type { PurePass } from '../onnx/pass.ts';
import { sortTopologically } from '../onnx/sort.ts';
import { allGraphs } from '../onnx/traverse.ts';
import type { PassRecord } from './optimize-result.ts';
import { countNodes } from './graph-figures.ts';
import type { OptimizeTarget } from './optimize-target.ts';
import { cleanUpPasses } from './pass-list.ts';
import type { PassesRun } from './run-passes.ts';
import { runPasses } from './run-passes.ts';

/** What was asked for beside the clean-up. */
export interface OptimizeSettings {
  /** Names the model in errors. */
  readonly path: string;
  /** Symbolic dimensions to bake in. */
  readonly dims: Readonly<Record<string, number>>;
  readonly dynamicBatch: boolean;
  /** Opset to upgrade to; null keeps the model's own. */
  readonly opset: number | null;
  readonly inlineFunctions: boolean;
  /** Names of clean-up passes to leave out. */
  readonly skip: readonly string[];
  /** Where the model is going to run: what is computed wrong there is avoided. The CPU unless given. */
  readonly target?: OptimizeTarget;
}

export interface OptimizeContext extends FoldContext {
  readonly onPass: (pass: string, nodes: number) => void | Promise<void>;
}

/**
 * Rewrites a model as asked and cleans it up until nothing is left to do. Throws UsageError for names and versions that
 * fit nothing, ModelError for a request that the model cannot meet, PassError for a pass that failed.
 */
export async function optimizeModel(
  model: Model,
  settings: OptimizeSettings,
  context: OptimizeContext,
): Promise<PassesRun> {
  // Last: what it pads must be what is left once all is folded.
  const passes = [...chosenPasses(settings.skip), ...(settings.target === 'webgpu' ? [widenConvInputs] : [])];
  const sorted = applyOnce(model, sortNodes);
  // Before anything is edited: what does not hold now is the reader's fault, what does not hold later a pass's.
  checkGraph(model);
  const asked = requestedPasses({ ...settings, inlineFunctions: inlines(model, settings) }).map((pass) =>
    applyOnce(model, pass),
  );
  const cleaned = await runPasses(model, { passes, context, onPass: context.onPass });
  return { ...cleaned, passes: [sorted, ...asked, ...cleaned.passes] };
}

/** Function bodies are not rewritten: what is to be avoided in one has to come out of it. */
function inlines(model: Model, { inlineFunctions: asked, target }: OptimizeSettings): boolean {
  return asked || (target === 'webgpu' && model.functions.some(({ body }) => miscomputedOnWebGpu(body).length > 0));
}

const sortNodes: PurePass = {
  name: 'sort-nodes',
  apply: (model) => [...allGraphs(model)].filter(sortTopologically).length > 0,
};

/** Functions first, for later requests do not look into them; dims before the opset, whose rewrites profit from shapes. */
function requestedPasses({ path, dims, dynamicBatch, opset, inlineFunctions: inline }: OptimizeSettings) {
  return [
    ...(inline ? [inlineFunctions(path)] : []),
    ...(Object.keys(dims).length > 0 ? [fixDimensions(dims)] : []),
    // Initializers that callers may override are no constants, which some rewrites want.
    ...(opset === null ? [] : [removeInitializersFromInputs, upgradeOpset(opset, path)]),
    ...(dynamicBatch ? [makeBatchDynamic({ path })] : []),
  ];
}

function applyOnce(model: Model, pass: PurePass): PassRecord {
  const before = countNodes(model);
  const changes = pass.apply(model) ? 1 : 0;
  return { pass: pass.name, changes, nodesRemoved: before - countNodes(model) };
}

function chosenPasses(skip: readonly string[]) {
  const known = cleanUpPasses.map(({ name }) => name);
  for (const value of skip)
    if (!known.includes(value)) throw new UsageError('unknown-name', { what: '--skip', value, known });
  return cleanUpPasses.filter(({ name }) => !skip.includes(name));
}
