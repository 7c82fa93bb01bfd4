import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import { upgradeOpset } from '../../onnx/opset/upgrade-opset.ts';
import type { Pass } from '../../onnx/pass.ts';
import { constantsToInitializers } from '../../onnx/passes/constants-to-initializers.ts';
import { fixDimensions } from '../../onnx/passes/fix-dimensions.ts';
import { inlineConstantIf } from '../../onnx/passes/inline-constant-if.ts';
import { inlineFunctions } from '../../onnx/passes/inline-functions.ts';
import { removeDeadNodes } from '../../onnx/passes/remove-dead-nodes.ts';
import { removeInitializersFromInputs } from '../../onnx/passes/remove-initializers-from-inputs.ts';
import { removeNoops } from '../../onnx/passes/remove-noops.ts';
import { removeUnusedInitializers } from '../../onnx/passes/remove-unused-initializers.ts';
import { sequence, untilStable } from '../../onnx/pipeline.ts';
import { inferTypes } from '../../onnx/shape/infer-types.ts';
import { valuesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';
import { copyModel } from '../copy-model.ts';
import { foldConstants } from '../fold-constants.ts';
import type { EditedModels } from '../load-edited.ts';
import { observeShapes } from '../observe-shapes.ts';

export interface PrepareOptions extends EditedModels {
  /** The standard operator set that it is brought to; a model that is newer already stays. */
  readonly opset: number;
  /** Lengths of all symbolic dimensions, by name or `INPUT#AXIS`. */
  readonly dims: Readonly<Record<string, number>>;
  /** Initializers that become inputs, to be trained. */
  readonly parameters: readonly string[];
  /** Values, by name, that are returned beside the model's outputs. */
  readonly taps: readonly string[];
  /** One set of inputs of these lengths, for shapes that only a run tells. */
  readonly feeds: NamedTensors;
}

/** A copy of a model whose shapes are all numbers, written in the operator set of expressions or a later one. */
export interface PreparedModel {
  readonly model: Model;
  /** Type and shape of every value of its main graph. */
  readonly shapes: ReadonlyMap<Value, TensorShape>;
  /** The input that stands for each parameter, by the initializer's name. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** The tapped values by the name each had; those of outputs too. */
  readonly taps: ReadonlyMap<string, Value>;
}

/** What a loss and its gradients are written on: lengths bound, parameters as inputs, shape arithmetic folded away. */
export async function prepareModel(original: Model, options: PrepareOptions): Promise<PreparedModel> {
  const { runner, name, dims } = options;
  const model = copyModel(original);
  inlineFunctions(name).apply(model);
  removeInitializersFromInputs.apply(model);
  constantsToInitializers.apply(model);
  if (model.opset < options.opset) upgradeOpset(options.opset, name).apply(model);
  fixDimensions(dims).apply(model);
  const returned = tap(model, options.taps);
  const { parameters, tensors } = asInputs(model, options.parameters);
  await untilStable(sequence('prepare', passes)).apply(model, { runner });
  const shapes = await shapesOf(model, { ...options, feeds: { ...options.feeds, ...tensors } });
  // A pass may put another value in the place of one that is returned; the place stays.
  const taps = returned.flatMap((tapped, index) => {
    const value = model.graph.outputs[index];
    return value === undefined ? [] : [[tapped, value] as const];
  });
  return { model, shapes, parameters, taps: new Map(taps) };
}

const passes: readonly Pass<Pick<EditedModels, 'runner'>>[] = [
  inlineConstantIf,
  foldConstants,
  removeNoops,
  removeDeadNodes,
  removeUnusedInitializers,
];

/** Makes values outputs, which keeps passes from taking them out. Returns the names of all outputs in order. */
function tap({ graph }: Model, names: readonly string[]): readonly string[] {
  const byName = new Map([...valuesOf(graph)].map((value) => [value.name, value]));
  for (const name of names) {
    const value = byName.get(name);
    if (value === undefined) throw new RangeError(`there is no value '${name}'`);
    if (!value.isOutput) graph.addOutput(value);
  }
  return graph.outputs.map((value) => value.name);
}

/** Makes inputs of initializers and returns what was in them. */
function asInputs({ graph }: Model, names: readonly string[]) {
  const byName = new Map([...graph.initializers].map((value) => [value.name, value]));
  const parameters = new Map<string, Value>();
  const tensors = new Map<string, DenseTensor>();
  for (const name of names) {
    const value = byName.get(name);
    if (value?.tensor?.kind !== 'dense') throw new RangeError(`there is no initializer '${name}'`);
    tensors.set(name, value.tensor.toDense());
    value.setType(value.type);
    graph.exposeInitializer(value);
    graph.removeInitializer(value);
    parameters.set(name, value);
  }
  return { parameters, tensors: Object.fromEntries(tensors) };
}

async function shapesOf(model: Model, options: PrepareOptions): Promise<ReadonlyMap<Value, TensorShape>> {
  const values = new Set(valuesOf(model.graph));
  const told = inferTypes(model);
  const shapes = new Map<Value, TensorShape>();
  for (const value of values) {
    const { elementType, shape } = told.get(value) ?? { elementType: null, shape: null };
    const dims = shape?.flatMap((dim) => (typeof dim === 'number' ? [dim] : [])) ?? null;
    if (elementType !== null && dims !== null && dims.length === shape?.length)
      shapes.set(value, { type: elementType, dims });
  }
  if (shapes.size === values.size) return shapes;
  const { runner, name, write, feeds } = options;
  const observed = await observeShapes({ model, runner, name, write }, feeds);
  for (const value of values) {
    const shape = observed.values.get(value.name);
    if (shape !== undefined) shapes.set(value, shape);
  }
  return shapes;
}
