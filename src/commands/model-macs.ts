import { CostCounter } from '../inspect/model-cost.ts';
import { openModel } from '../onnx/file/open-model.ts';
import type { Model } from '../onnx/model.ts';
import { inferScope } from '../onnx/shape/infer-types.ts';

type Dims = Readonly<Record<string, number>>;

/** Multiply-adds of one run at the given dimensions; null where they cannot all be told. */
export function modelMacs(model: Model, dims: Dims): number | null {
  const { macs, unknownMacs } = new CostCounter().graph(model.graph, inferScope(model, { dims }));
  return Object.values(unknownMacs).every((nodes) => nodes === 0) ? macs : null;
}

/** The same of a model in a file. */
export function fileMacs(path: string, dims: Dims): number | null {
  const opened = openModel(path);
  try {
    return modelMacs(opened.model, dims);
  } finally {
    opened.close();
  }
}
