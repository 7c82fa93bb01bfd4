import type { DenseTensor, NamedTensors, TensorElements } from '../onnx/dense-tensor.ts';
import { decodeFloat16 } from '../onnx/float16.ts';

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** Outputs match when |a-b| <= 1e-3 + 1e-2·|b|; float16 gets ten times that, integers must be equal. */
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
  let result: OutputComparison = { matches: true, maxAbs: 0, maxRel: 0, worstOutput: null };
  for (const [name, expected] of Object.entries(reference)) {
    const found = outputs[name];
    const one = found === undefined ? nothingAlike : compareTensors(found, expected, tolerance);
    result = {
      matches: result.matches && one.matches,
      maxAbs: Math.max(result.maxAbs, one.maxAbs),
      maxRel: Math.max(result.maxRel, one.maxRel),
      worstOutput: one.matches || result.worstOutput !== null ? result.worstOutput : name,
    };
  }
  return result;
}

type TensorComparison = Omit<OutputComparison, 'worstOutput'>;

const nothingAlike: TensorComparison = { matches: false, maxAbs: Infinity, maxRel: Infinity };

function compareTensors(found: DenseTensor, expected: DenseTensor, tolerance: Tolerance): TensorComparison {
  if (found.type !== expected.type || found.dims.join() !== expected.dims.join()) return nothingAlike;
  if (found.data.length !== expected.data.length) return nothingAlike;
  const allowed = toleranceFor(found.type, tolerance);
  const result = { matches: true, maxAbs: 0, maxRel: 0 };
  const read = reader(found.type);
  for (let at = 0; at < expected.data.length; at++) {
    const a = read(found.data, at);
    const b = read(expected.data, at);
    if (Object.is(a, b) || a === b) continue;
    const difference = numericDifference(a, b);
    result.maxAbs = Math.max(result.maxAbs, difference);
    result.maxRel = Math.max(result.maxRel, difference / Math.max(Math.abs(Number(b)), tolerance.absolute));
    if (!(difference <= allowed.absolute + allowed.relative * Math.abs(Number(b)))) result.matches = false;
  }
  return result;
}

function numericDifference(a: number | bigint | string, b: number | bigint | string): number {
  if (typeof a === 'string' || typeof b === 'string') return Infinity;
  const difference = Math.abs(Number(a) - Number(b));
  return Number.isNaN(difference) ? Infinity : difference;
}

function toleranceFor(type: DenseTensor['type'], tolerance: Tolerance): Tolerance {
  if (type === 'float32' || type === 'float64') return tolerance;
  if (type === 'float16') return { absolute: 10 * tolerance.absolute, relative: 10 * tolerance.relative };
  return { absolute: 0, relative: 0 };
}

function reader(type: DenseTensor['type']): (data: TensorElements, at: number) => number | bigint | string {
  if (type !== 'float16') return (data, at) => data[at] ?? Number.NaN;
  return (data, at) => decodeFloat16(Number(data[at] ?? 0));
}
