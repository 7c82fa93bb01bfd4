import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import type { LinearLayer } from '../numeric/least-squares-sums.ts';
import { flipped, layerSlots } from './layer-weights.ts';

/**
 * Gives a layer other weights, a bias too where it has a place for one; null leaves the bias as it is. Constants that
 * others read stay theirs. RangeError where `layerSlots` is null.
 */
export function writeLayer(node: Node, { weights, bias }: LinearLayer): void {
  const slots = layerSlots(node);
  const old = slots?.weight.constant ?? null;
  if (slots === null || old === null) throw new RangeError(`node '${node.name}' has no weight to write`);
  const outputs = (slots.outputsFirst ? old.dims[0] : old.dims[1]) ?? 1;
  const data = slots.outputsFirst ? weights : flipped(weights, outputs, weights.length / outputs);
  setConstant(node, 1, Tensor.fromDense({ type: 'float32', dims: old.dims, data }));
  if (bias === null || slots.bias === null) return;
  setConstant(slots.bias.node, slots.bias.input, Tensor.fromDense({ type: 'float32', dims: [outputs], data: bias }));
}

function setConstant(node: Node, index: number, tensor: Tensor): void {
  const value = node.input(index);
  if (value !== null && isOwn(value)) {
    value.setTensor(tensor);
    return;
  }
  if (node.graph === null) throw new RangeError(`node '${node.name}' is in no graph`);
  node.setInput(index, node.graph.addInitializer(value?.name ?? `${node.name}_bias`, tensor));
}

function isOwn(value: Value): boolean {
  return value.constant !== null && value.useCount === 1 && !value.isOutput;
}
