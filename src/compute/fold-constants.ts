import type { Graph } from '../onnx/graph.ts';
import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import type { Pass } from '../onnx/pass.ts';
import { inferTypes } from '../onnx/shape/infer-types.ts';
import type { Tensor } from '../onnx/tensor.ts';
import { allGraphsOf } from '../onnx/traverse.ts';
import type { Value } from '../onnx/value.ts';
import type { ModelRunner } from '../runtime/model-runner.ts';
import type { FoldPlan } from './fold-plan.ts';
import { planFolds } from './fold-plan.ts';
import type { FoldRegion } from './fold-regions.ts';
import { isTold } from './fold-regions.ts';
import { replaceFolded } from './replace-folded.ts';
import { runFolds } from './run-folds.ts';

export interface FoldContext {
  readonly runner: ModelRunner;
  /** Largest constant that a fold may make; 10 MB unless given. */
  readonly maxFoldedBytes?: number;
  /** Largest constant that is loaded to be folded; 64 MiB unless given. */
  readonly maxFoldInputBytes?: number;
}

/** A result beyond this is better computed than stored. */
const defaultMaxFoldedBytes = 10e6;

/** Loading half a gigabyte to transpose it is no clean-up. */
const defaultMaxFoldInputBytes = 64 * 2 ** 20;

/** Models run in search of what the runtime cannot compute; what is not found by then is left alone. */
const mostTries = 64;

/** A fold tells shapes that let others follow; honest models settle in three or four rounds. */
const mostRounds = 20;

/**
 * Replaces what does not depend on the inputs by constants: nodes that read constants only, computed by the runtime,
 * and integers that shapes alone tell (Shape, Size, and the arithmetic on them, where the axes are known). A value
 * keeps its name, type and shape.
 *
 * Left alone: random operators and Dropout in training; operators of other domains and of functions; QuantizeLinear and
 * DequantizeLinear (quantized weights stay quantized); Loop, sequences, optionals, strings; nodes that make an output of
 * a graph; bodies of functions; whatever has an unknown size before it runs; whatever would make the file grow by more
 * than 1 KiB or give a constant beyond the limit; whatever the runtime cannot compute.
 */
export const foldConstants: Pass<FoldContext> = {
  name: 'fold-constants',
  async apply(model, context) {
    let changed = false;
    for (let round = 0; round < mostRounds; round++) {
      if (!(await foldOnce(model, context))) return changed;
      changed = true;
    }
    return changed;
  },
};

async function foldOnce(model: Model, context: FoldContext): Promise<boolean> {
  const types = inferTypes(model);
  const tries = { left: mostTries };
  let changed = false;
  for (const graph of allGraphsOf(model.graph)) {
    if (await foldGraph(graph, { model, types, context, tries })) changed = true;
  }
  return changed;
}

interface Fold {
  readonly model: Model;
  readonly types: ReturnType<typeof inferTypes>;
  readonly context: FoldContext;
  /** Counted down with every model that is run. */
  readonly tries: { left: number };
}

async function foldGraph(graph: Graph, { model, types, context, tries }: Fold): Promise<boolean> {
  const maxResultBytes = context.maxFoldedBytes ?? defaultMaxFoldedBytes;
  const maxInputBytes = context.maxFoldInputBytes ?? defaultMaxFoldInputBytes;
  const excluded = new Set<Node>();
  const tensors = new Map<Value, Tensor>();
  for (;;) {
    const plan = planFolds(graph, { model, types, excluded, maxInputBytes, maxResultBytes });
    await compute(plan, { model, runner: context.runner, tensors, tries, maxBytes: maxInputBytes });
    const failed = plan.regions.filter(({ results }) => !results.every((value) => tensors.has(value)));
    if (failed.length === 0) {
      for (const region of plan.regions) replaceFolded(graph, region, tensors);
      return plan.regions.length > 0;
    }
    const isHopeless = tries.left <= 0;
    for (const region of failed)
      for (const node of region.nodes)
        if (isHopeless ? !isTold(node, plan.known) : lacksResult(node, region, tensors)) excluded.add(node);
  }
}

function lacksResult(node: Node, { results }: FoldRegion, tensors: ReadonlyMap<Value, Tensor>): boolean {
  return results.some((value) => value.producer === node && !tensors.has(value));
}

interface Computing extends Pick<Fold, 'model' | 'tries'> {
  readonly runner: ModelRunner;
  /** Filled with what was computed. */
  readonly tensors: Map<Value, Tensor>;
  readonly maxBytes: number;
}

/** Runs regions together, as many as fit in memory. */
async function compute(plan: FoldPlan, { model, runner, tensors, tries, maxBytes }: Computing): Promise<void> {
  for (const [value, tensor] of plan.known) tensors.set(value, tensor);
  let wanted: Value[] = [];
  let bytes = 0;
  const flush = async () => {
    await runFolds(wanted, { model, foldable: plan, runner, tensors, tries });
    wanted = [];
    bytes = 0;
  };
  for (const { results, workBytes } of plan.regions) {
    const missing = results.filter((value) => !tensors.has(value));
    if (missing.length === 0) continue;
    if (bytes + workBytes > maxBytes) await flush();
    bytes += workBytes;
    wanted.push(...missing);
  }
  await flush();
}
