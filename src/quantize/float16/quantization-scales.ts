import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { Float16Trouble } from './float16-trouble.ts';
import { largestFloat16, smallestNormalFloat16 } from './float16-limits.ts';

/**
 * What float16 would do to the scale of a QuantizeLinear or DequantizeLinear; null where it fits, where it is no
 * constant, and for other nodes. Scales of biases are products of two scales and often vanish.
 */
export function scaleTrouble(node: Node): Float16Trouble | null {
  if (node.op !== 'QuantizeLinear' && node.op !== 'DequantizeLinear') return null;
  const scale = constantOf(node.input(1));
  if (scale === null) return null;
  const sizes = Array.from<number, number>(numbersOf(scale), Math.abs);
  if (sizes.some((size) => size > largestFloat16)) return 'overflow';
  return sizes.some((size) => size < smallestNormalFloat16) ? 'vanish' : null;
}
