import type { ProfiledKernel } from '../profile-result.ts';

/** Types of products that have a roof of their own. */
export const precisions = ['float32', 'float16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** Operators that multiply bytes, whatever type goes in. */
const integerOperators: ReadonlySet<string> = new Set([
  'ConvInteger',
  'DynamicQuantizeMatMul',
  'MatMulInteger',
  'MatMulIntegerToFloat',
  'QAttention',
  'QGemm',
  'QLinearConv',
  'QLinearMatMul',
]);

/** What a kernel multiplies: bytes where its operator does, 16-bit floats where its first input is one. */
export function precisionOf({ op, inputs }: Pick<ProfiledKernel, 'op' | 'inputs'>): Precision {
  if (integerOperators.has(op)) return 'int8';
  // The runtime says `float16`, ONNX's own type strings `tensor(float16)`.
  return inputs[0]?.type.includes('float16') === true && !inputs[0].type.includes('bfloat16') ? 'float16' : 'float32';
}
