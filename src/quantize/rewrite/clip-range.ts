import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { Value } from '../../onnx/value.ts';
import { fullRange } from '../numeric/integer-range.ts';
import type { QuantizationParameters, RealRange } from '../numeric/scale-and-zero-point.ts';

/** What a Relu or a Clip with constant bounds lets through; null for anything else. */
export function clipRangeOf(node: Node): RealRange | null {
  if (node.is('Relu')) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (!node.is('Clip')) return null;
  const min = boundOf(node, { input: 1, attribute: 'min', fallback: Number.NEGATIVE_INFINITY });
  const max = boundOf(node, { input: 2, attribute: 'max', fallback: Number.POSITIVE_INFINITY });
  return min === null || max === null || min > max ? null : { min, max };
}

interface Bound {
  readonly input: number;
  readonly attribute: string;
  readonly fallback: number;
}

function boundOf(node: Node, { input, attribute, fallback }: Bound): number | null {
  const value: Value | null = node.input(input);
  if (value === null) return node.float(attribute, fallback);
  const tensor = constantOf(value);
  return tensor === null ? null : (numbersOf(tensor.toDense())[0] ?? null);
}

/** Rounding of a scale to float32 must not count as a bound that is passed. */
const tolerance = 1e-4;

/** Whether saturating at the ends of an integer type already does what the node does, so that it can go. */
export function isImplied(clip: RealRange, { type, scale, zeroPoint }: QuantizationParameters): boolean {
  const { low, high } = fullRange(type);
  const slack = tolerance * scale * (high - low);
  return (low - zeroPoint) * scale >= clip.min - slack && (high - zeroPoint) * scale <= clip.max + slack;
}
