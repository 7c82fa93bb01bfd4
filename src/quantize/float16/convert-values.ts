import type { Node } from '../../onnx/node.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import { tensorType } from '../../onnx/value-type.ts';
import type { ClampLog } from './clamp-log.ts';
import { heldTensor, holdTensor } from './constant-precision.ts';
import type { PlannedModel } from './planned-model.ts';
import { outputFloat16 } from './type-attributes.ts';

/** Makes every value that is planned as float16 one: its data, the attributes of its node, its declared type. */
export function convertValues({ made }: PlannedModel, log: ClampLog): void {
  for (const [value, precision] of made) {
    if (precision !== 'float16') continue;
    if (value.tensor?.kind === 'dense') value.setTensor(log.convert(value.name, value.tensor));
    if (value.producer !== null) convertNode(value.producer, value, log);
    declareFloat16(value);
  }
}

function convertNode(node: Node, { name }: Value, log: ClampLog): void {
  const held = node.is('Constant', 'ConstantOfShape') ? heldTensor(node) : null;
  if (held !== null) holdTensor(node, log.convert(name, held));
  else outputFloat16(node);
}

function declareFloat16(value: Value): void {
  const type = value.declaredType;
  if (type?.kind === 'tensor') value.setType(tensorType('float16', type.shape));
}

/** Puts a constant of another type behind a Constant node. */
export function constantBeside(node: Node, tensor: Tensor, name: string): Value | null {
  const constant = node.graph?.insertAfter(node, { op: 'Constant', inputs: [], outputs: [name] });
  if (constant === undefined) return null;
  holdTensor(constant, tensor);
  return constant.output(0);
}
