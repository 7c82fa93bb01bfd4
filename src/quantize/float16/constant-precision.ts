import { attributeOf } from '../../onnx/attribute.ts';
import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';

/** The float32 tensor that a Constant or ConstantOfShape node holds; null where it holds none. */
export function heldTensor(node: Node): Tensor | null {
  const held = node.attributes.get('value');
  if (held?.kind === 'tensor') return held.value;
  // What ConstantOfShape fills with unless told.
  if (node.is('ConstantOfShape')) return Tensor.fromDense({ type: 'float32', dims: [1], data: Float32Array.of(0) });
  const [float, floats] = [node.attributes.get('value_float'), node.attributes.get('value_floats')];
  if (float?.kind === 'float') {
    return Tensor.fromDense({ type: 'float32', dims: [], data: Float32Array.of(float.value) });
  }
  if (floats?.kind !== 'floats') return null;
  return Tensor.fromDense({ type: 'float32', dims: [floats.value.length], data: Float32Array.from(floats.value) });
}

/** Makes a Constant or ConstantOfShape node hold another tensor. */
export function holdTensor(node: Node, tensor: Tensor): void {
  node.removeAttribute('value_float');
  node.removeAttribute('value_floats');
  node.setAttribute(attributeOf.tensor('value', tensor));
}
