import type { Model } from '../onnx/model.ts';
import type { Value } from '../onnx/value.ts';
import { copyModel } from './copy-model.ts';

export interface ShapeModel {
  readonly model: Model;
  /** Names of the outputs that are shapes, int64 [rank], by the value of the original that each is the shape of. */
  readonly outputs: ReadonlyMap<Value, string>;
}

/** A copy of a model that returns the shapes of some of its main graph's values too, never the values themselves. */
export function shapeModel(original: Model, values: readonly Value[]): ShapeModel {
  const model = copyModel(original);
  const { graph } = model;
  const wanted = new Map(values.map((value) => [value.name, value]));
  const copies = [...graph.nodes()].flatMap((node) => node.outputs.filter((value) => value !== null));
  const outputs = new Map<Value, string>();
  // The last value's shape first: onnxruntime 1.30 sorts nodes depth first from the last one on, so that each shape is
  // taken right after its value is made. In any other order all values would be alive at once.
  for (const copy of copies.toReversed()) {
    const value = wanted.get(copy.name);
    if (value === undefined) continue;
    const shape = graph.append({ op: 'Shape', inputs: [copy], outputs: [`${copy.name}_shape`] }).output(0);
    if (shape === null) throw new RangeError('a node has at least one output');
    graph.addOutput(shape);
    outputs.set(value, shape.name);
  }
  return { model, outputs };
}
