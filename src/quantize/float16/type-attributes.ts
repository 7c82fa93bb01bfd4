import { attributeOf } from '../../onnx/attribute.ts';
import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import type { Node } from '../../onnx/node.ts';

interface TypeAttribute {
  readonly name: string;
  /** Whether a node without it makes float32 of itself, not what its inputs are. */
  readonly isFloat32ByDefault: boolean;
}

/** Operators whose output's element type stands in an attribute. */
const typeAttributes: ReadonlyMap<string, TypeAttribute> = new Map<string, TypeAttribute>([
  ...['RandomNormal', 'RandomUniform'].map((op) => [op, { name: 'dtype', isFloat32ByDefault: true }] as const),
  ...['EyeLike', 'RandomNormalLike', 'RandomUniformLike', 'Bernoulli', 'Multinomial'].map(
    (op) => [op, { name: 'dtype', isFloat32ByDefault: false }] as const,
  ),
  ...['HannWindow', 'HammingWindow', 'BlackmanWindow', 'MelWeightMatrix'].map(
    (op) => [op, { name: 'output_datatype', isFloat32ByDefault: true }] as const,
  ),
  ['Cast', { name: 'to', isFloat32ByDefault: false }],
  ['DequantizeLinear', { name: 'output_dtype', isFloat32ByDefault: false }],
]);

/** Makes a node that says "float32" of its output say "float16". Others follow their inputs. */
export function outputFloat16(node: Node): void {
  const attribute = typeAttributes.get(node.op);
  if (attribute === undefined) return;
  const given = node.int(attribute.name, attribute.isFloat32ByDefault ? numberOfDataType('float32') : 0);
  if (given !== numberOfDataType('float32')) return;
  node.setAttribute(attributeOf.int(attribute.name, numberOfDataType('float16')));
}
