import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import { castTensor } from '../onnx/tensor-types/cast-tensor.ts';

/** What a model is fed, in the types of another one that takes the same: float16 where the first takes float32. */
export function castFeeds(feeds: NamedTensors, inputs: ModelSignature['inputs']): NamedTensors {
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [name, castTensor(tensor, types.get(name) ?? tensor.type)]),
  );
}
