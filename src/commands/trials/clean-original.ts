import { setImmediate } from 'node:timers/promises';
import { ModelError } from '../../errors.ts';
import { checkGraph } from '../../onnx/check.ts';
import type { Model } from '../../onnx/model.ts';
import { upgradeOpset } from '../../onnx/opset/upgrade-opset.ts';
import { removeInitializersFromInputs } from '../../onnx/passes/remove-initializers-from-inputs.ts';
import { optimizeModel } from '../../optimize/optimize-model.ts';
import type { OptimizeTarget } from '../../optimize/optimize-target.ts';
import type { ModelRunner } from '../../runtime/model-runner.ts';
import { withoutPassError } from '../without-pass-error.ts';

/** Scales along an axis came with opset 13, LayerNormalization as one operator with 17. */
const wantedOpsets = [17, 13] as const;

export interface Cleaning {
  readonly path: string;
  readonly runner: ModelRunner;
  /** An older model that cannot be upgraded is refused. */
  readonly leastOpset: number;
  /** Names of passes that are left out; none unless given. */
  readonly skip?: readonly string[];
  /** Where the model is going to run; the CPU unless given. */
  readonly target?: OptimizeTarget;
  readonly onPass: (pass: string, nodes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Cleans a model up before it is rewritten: constants folded, batch normalization in the convolutions, a newer operator
 * set, a name for every node of the main graph.
 * @throws ModelError `opset-unsupported`
 */
export async function cleanOriginal(model: Model, cleaning: Cleaning): Promise<void> {
  const { path, runner, signal } = cleaning;
  raiseOpset(model, cleaning);
  const settings = {
    path,
    dims: {},
    dynamicBatch: false,
    opset: null,
    inlineFunctions: true,
    skip: cleaning.skip ?? [],
    target: cleaning.target ?? 'cpu',
  };
  const onPass = async (pass: string, nodes: number) => {
    cleaning.onPass(pass, nodes);
    await setImmediate();
    signal.throwIfAborted();
  };
  await withoutPassError(() => optimizeModel(model, settings, { runner, onPass }));
  nameNodes(model);
  checkGraph(model);
}

/** As far as it goes. */
function raiseOpset(model: Model, { path, leastOpset }: Cleaning): void {
  removeInitializersFromInputs.apply(model);
  for (const opset of wantedOpsets) {
    if (model.opset >= opset) return;
    try {
      upgradeOpset(opset, path).apply(model);
      return;
    } catch (error) {
      const isLast = opset === wantedOpsets.at(-1);
      if (!(error instanceof ModelError) || (isLast && model.opset < leastOpset)) throw error;
    }
  }
}

/** Reports name nodes, and so do people who exclude some: those without a name get that of what they make. */
function nameNodes(model: Model): void {
  for (const node of model.graph.nodes())
    if (node.name === '')
      node.rename(model.graph.names.uniqueNode(node.outputs.find((value) => value !== null)?.name ?? ''));
}
