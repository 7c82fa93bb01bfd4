import { isComplexType, isFloatType } from '../onnx/data-type.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';
import { isWide } from '../onnx/tensor-types/wide-integers.ts';

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** Outputs match when |a-b| <= 1e-3 + 1e-2·|b|; smaller floats get ten times that, integers must be equal. */
export const defaultTolerance: Tolerance = { absolute: 1e-3, relative: 1e-2 };

export interface OutputComparison {
  readonly matches: boolean;
  readonly maxAbs: number;
  /** Over |reference|, but no less than the absolute tolerance: a difference from 0 has no relative size. */
  readonly maxRel: number;
  /** The output with the largest excess over its tolerance, when any is over it. */
  readonly worstOutput: string | null;
}

/**
 * Compares a model's outputs with reference outputs, output by output. NaN must stand where the reference has NaN and
 * infinities must be equal; a missing output, another shape or type never matches (differences are then infinite).
 */
export function compareOutputs(
  outputs: NamedTensors,
  reference: NamedTensors,
  tolerance: Tolerance = defaultTolerance,
): OutputComparison {
  const compared = Object.entries(reference).map(([name, expected]) => {
    return { name, ...compareTensors(outputs[name], expected, tolerance) };
  });
  const [worst] = compared.filter(({ matches }) => !matches).toSorted((a, b) => b.excess - a.excess);
  return {
    matches: worst === undefined,
    maxAbs: Math.max(0, ...compared.map(({ maxAbs }) => maxAbs)),
    maxRel: Math.max(0, ...compared.map(({ maxRel }) => maxRel)),
    worstOutput: worst?.name ?? null,
  };
}

/** One output against its reference. */
export interface TensorComparison extends Omit<OutputComparison, 'worstOutput'> {
  /** How far the worst element is over its tolerance. */
  readonly excess: number;
  /** Elements over their tolerance; all of them where the tensors cannot be compared. */
  readonly mismatches: number;
}

function nothingAlike(expected: DenseTensor): TensorComparison {
  const mismatches = expected.data.length;
  return { matches: false, maxAbs: Infinity, maxRel: Infinity, excess: Infinity, mismatches };
}

/** Compares one tensor as {@link compareOutputs} does; `found` is undefined where an output is missing. */
export function compareTensors(
  found: DenseTensor | undefined,
  expected: DenseTensor,
  tolerance: Tolerance,
): TensorComparison {
  if (found?.type !== expected.type || found.dims.join() !== expected.dims.join()) return nothingAlike(expected);
  if (found.data.length !== expected.data.length) return nothingAlike(expected);
  const allowed = toleranceFor(found.type, tolerance);
  const worst = { maxAbs: 0, maxRel: 0, excess: 0, mismatches: 0 };
  const [ours, theirs] = [elementsOf(found), elementsOf(expected)];
  for (let at = 0; at < theirs.length; at++) {
    const a = ours[at] ?? Number.NaN;
    const b = theirs[at] ?? Number.NaN;
    if (Object.is(a, b) || a === b) continue;
    const difference = differenceOf(a, b);
    // Where the difference is infinite a tolerance relative to an infinite reference would allow it.
    const size = difference === Infinity ? 0 : Math.abs(Number(b));
    worst.maxAbs = Math.max(worst.maxAbs, difference);
    worst.maxRel = Math.max(worst.maxRel, difference / Math.max(size, tolerance.absolute));
    const excess = difference - (allowed.absolute + allowed.relative * size);
    if (excess > 0) worst.mismatches++;
    worst.excess = Math.max(worst.excess, excess);
  }
  return { matches: worst.excess === 0, ...worst };
}

type Element = number | bigint | string;

function differenceOf(a: Element, b: Element): number {
  // Exact in whole numbers: two large ones may be the same double.
  if (typeof a === 'bigint' && typeof b === 'bigint') return Math.abs(Number(a - b));
  if (typeof a !== 'number' || typeof b !== 'number') return Infinity;
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Infinity : difference;
}

function toleranceFor(type: DenseTensor['type'], tolerance: Tolerance): Tolerance {
  if (type === 'float32' || type === 'float64' || isComplexType(type)) return tolerance;
  if (isFloatType(type)) return { absolute: 10 * tolerance.absolute, relative: 10 * tolerance.relative };
  return { absolute: 0, relative: 0 };
}

function elementsOf(tensor: DenseTensor): ArrayLike<Element> {
  return tensor.type === 'string' || isWide(tensor.data) ? tensor.data : numbersOf(tensor);
}
