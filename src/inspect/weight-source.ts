import type { DataType } from '../onnx/data-type.ts';
import type { Model } from '../onnx/model.ts';
import type { Value } from '../onnx/value.ts';
import { tensorOfNode } from './parameters.ts';

/** Where a layer's weight comes from. */
export type WeightSource =
  /** Known when the model is loaded, if need be after some rearranging. */
  | { readonly kind: 'constant'; readonly type: DataType; readonly elements: number; readonly bytes: number }
  /** Made from integers by a DequantizeLinear. */
  | { readonly kind: 'dequantized' }
  | { readonly kind: 'computed' };

/** Operators that keep a constant constant; longer chains than this are left to constant folding. */
const rearranging = ['Identity', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Cast'];
const longestChain = 4;

/** Follows a weight back to its constant. Before IR version 4 initializers are inputs that nobody can override. */
export function weightSource(weight: Value | null, { irVersion }: Pick<Model, 'irVersion'>): WeightSource {
  let value = weight;
  for (let step = 0; value !== null && step <= longestChain; step++) {
    const isFixed: boolean = !value.isInput || irVersion < 4;
    const tensor = isFixed ? value.tensor : null;
    const constant = tensor ?? (value.producer?.is('Constant') === true ? tensorOfNode(value.producer) : null);
    if (constant !== null)
      return {
        kind: 'constant',
        type: constant.type,
        elements: constant.elementCount,
        bytes: constant.byteLength,
      };
    if (value.producer?.is('DequantizeLinear') === true) return { kind: 'dequantized' };
    value = value.producer?.is(...rearranging) === true ? value.producer.input(0) : null;
  }
  return { kind: 'computed' };
}
