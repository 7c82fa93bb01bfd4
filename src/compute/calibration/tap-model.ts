import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import { upgradeOpset } from '../../onnx/opset/upgrade-opset.ts';
import { removeInitializersFromInputs } from '../../onnx/passes/remove-initializers-from-inputs.ts';
import { inferTypes } from '../../onnx/shape/infer-types.ts';
import { valuesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import { copyModel } from '../copy-model.ts';
import { ExpressionWriter } from '../expressions/expression-writer.ts';

/** Reductions take their axes as an input from here on, and ScatterElements (16) adds. */
const tapOpset = 18;

/** What a tap is written on: `floats` is the value as float32. */
export interface Tap {
  readonly name: string;
  readonly floats: Value;
  readonly writer: ExpressionWriter;
}

/** Adds nodes that measure a value and returns what they make, small tensors all. */
export type TapWriter = (tap: Tap) => readonly Value[];

export interface TapModel {
  readonly model: Model;
  /** Names of the outputs that measure a value, by the value's name. */
  readonly outputs: ReadonlyMap<string, readonly string[]>;
}

export interface Tapped {
  readonly model: Model;
  /** What errors call the model. */
  readonly name: string;
}

/**
 * A copy of a model that measures values of its main graph, by name, and returns nothing but the measures. What no
 * measure needs is left out. Copies older than opset 18 are upgraded.
 * @throws ModelError `opset-unsupported` where that is impossible
 */
export function tapModel(original: Tapped, names: Iterable<string>, write: TapWriter): TapModel {
  const model = newerCopy(original);
  const { graph } = model;
  const wanted = new Set(names);
  const types = inferTypes(model);
  const values = [...new Set(valuesOf(graph))].filter(({ name }) => wanted.has(name));
  const writer = new ExpressionWriter(graph);
  const outputs = new Map<string, readonly string[]>();
  while (graph.outputs.length > 0) graph.removeOutput(graph.outputs.length - 1);
  // The last value first, as in shape-model.ts: each is measured right after it is made and can then be given up.
  for (const value of values.toReversed()) {
    const floats = types.get(value)?.elementType === 'float32' ? value : cast(writer, value);
    const made = write({ name: value.name, floats, writer });
    for (const output of made) graph.addOutput(output);
    outputs.set(
      value.name,
      made.map(({ name }) => name),
    );
  }
  leaveOutUnused(graph);
  return { model, outputs };
}

/** Names of the main graph's values: others cannot be tapped. */
export function tappableNames({ graph }: Model): ReadonlySet<string> {
  return new Set([...valuesOf(graph)].map(({ name }) => name));
}

/** The value as float32. */
function cast({ builder }: ExpressionWriter, value: Value): Value {
  return builder.op('Cast', [value], { attributes: { to: numberOfDataType('float32') } });
}

function newerCopy({ model, name }: Tapped): Model {
  const copy = copyModel(model);
  if (copy.opset >= tapOpset) return copy;
  removeInitializersFromInputs.apply(copy);
  upgradeOpset(tapOpset, name).apply(copy);
  return copy;
}

function leaveOutUnused(graph: Graph): void {
  for (const node of graph.nodesBackward()) {
    if (node.outputs.every((value) => value === null || value.isUnused)) graph.remove(node);
  }
}
