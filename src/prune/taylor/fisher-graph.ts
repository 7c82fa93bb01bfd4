import type { EditedModels } from '../../compute/load-edited.ts';
import type { BlockedNode } from '../../compute/training/autodiff.ts';
import { differentiate } from '../../compute/training/autodiff.ts';
import { TrainingGraph } from '../../compute/training/training-graph.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import type { ScoredOutput } from './scored-output.ts';
import type { DirectionInput } from './taylor-loss.ts';
import { taylorLoss } from './taylor-loss.ts';
import type { UnitMask } from './unit-masks.ts';

export interface FisherGraphOptions extends EditedModels {
  /** With the masks in it. */
  readonly model: Model;
  readonly masks: readonly UnitMask[];
  readonly outputs: readonly ScoredOutput[];
  /** Of the shapes that the graph is to take. */
  readonly feeds: NamedTensors;
}

/** A model that takes what the original takes, masks and directions, and returns gradients of a loss. */
export interface FisherGraph {
  readonly model: Model;
  /** Inputs that the masks are fed to. */
  readonly ones: NamedTensors;
  readonly directions: readonly DirectionInput[];
  /** Names of outputs by that of the mask whose gradient they hold. */
  readonly gradients: ReadonlyMap<string, string>;
  /** Masks whose gradient a node without a rule keeps away. */
  readonly blocked: ReadonlyMap<string, BlockedNode>;
}

/** Writes forward and backward for feeds of one shape. Throws as {@link TrainingGraph.include}. */
export async function writeFisherGraph(options: FisherGraphOptions): Promise<FisherGraph> {
  const { model, masks, outputs, feeds } = options;
  const graph = new TrainingGraph([model]);
  const { e } = graph;
  const included = await graph.include(model, {
    ...options,
    dims: lengthsOf(model, feeds),
    parameters: masks.map((mask) => mask.name),
    taps: [],
  });
  const { loss, directions } = taylorLoss(graph, included.outputs, outputs);
  const names = new Map([...included.parameters].map(([mask, { value }]) => [value, mask]));
  const { gradients, frozen } = differentiate({ e, loss, wanted: [...names.keys()] });
  for (let index = e.graph.outputs.length - 1; index >= 0; index--) e.graph.removeOutput(index);
  const returned = [...gradients].map(([value, gradient]) => {
    const output = e.graph.names.unique(`${value.name}_gradient`);
    e.output(gradient, output);
    return [names.get(value) ?? value.name, output] as const;
  });
  const ones = masks.flatMap((mask) => {
    const input = included.parameters.get(mask.name)?.value.name;
    return input === undefined ? [] : [[input, mask.ones] as const];
  });
  return {
    model: e.model(),
    ones: Object.fromEntries(ones),
    directions,
    gradients: new Map(returned),
    blocked: new Map([...frozen].map(([value, block]) => [names.get(value) ?? value.name, block])),
  };
}

/** What the symbolic dimensions of a model's inputs are in these feeds; `INPUT#AXIS` names those without a name. */
function lengthsOf({ graph }: Model, feeds: NamedTensors): Readonly<Record<string, number>> {
  const lengths = new Map<string, number>();
  for (const { name, declaredType } of graph.inputs) {
    const shape = declaredType?.kind === 'tensor' ? (declaredType.shape ?? []) : [];
    for (const [axis, length] of (feeds[name]?.dims ?? []).entries()) {
      const dim = shape[axis];
      if (typeof dim === 'number' && dim >= 0) continue;
      lengths.set(typeof dim === 'string' && dim !== '' ? dim : `${name}#${axis}`, length);
    }
  }
  return Object.fromEntries(lengths);
}
