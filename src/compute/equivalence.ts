import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';
import type { Tolerance } from './compare-outputs.ts';
import { compareTensors } from './compare-outputs.ts';

/**
 * How far a rewritten model's floats may be off: |a - b| <= relative · |b| + absolute · the largest |b| of the output.
 * The second part is for elements near zero that are sums of large ones. Half floats get ten times that, integers must
 * be equal.
 */
export const rewriteTolerance: Tolerance = { absolute: 1e-4, relative: 1e-3 };

/** Where the reference is zero throughout, what is left of a rewritten difference of ordinary numbers. */
const smallestDifference = 1e-6;

/** One output over all inputs. */
export interface OutputEquivalence {
  readonly name: string;
  readonly matches: boolean;
  /** Null where a difference has no size: another type or shape, NaN or infinity on one side. */
  readonly maxAbs: number | null;
  readonly maxRel: number | null;
  /** Elements over their tolerance. */
  readonly mismatches: number;
  /** The original model itself gives something else the next time, so that nothing can be said. */
  readonly random: boolean;
}

/** What the rewritten model returned where the original returned `expected`. */
export interface ComparedRun {
  readonly found: NamedTensors;
  readonly expected: NamedTensors;
}

/** Joins the comparisons of each output over all sets of inputs. */
export function compareRuns(runs: readonly ComparedRun[], tolerance: Tolerance): readonly OutputEquivalence[] {
  const names = new Set(runs.flatMap(({ expected }) => Object.keys(expected)));
  return [...names].map((name) => {
    const compared = runs.flatMap(({ found, expected }) => {
      const reference = expected[name];
      return reference ? [compareTensors(found[name], reference, scaled(tolerance, reference))] : [];
    });
    return {
      name,
      matches: compared.every(({ matches }) => matches),
      maxAbs: finiteOrNull(Math.max(0, ...compared.map(({ maxAbs }) => maxAbs))),
      maxRel: finiteOrNull(Math.max(0, ...compared.map(({ maxRel }) => maxRel))),
      mismatches: compared.reduce((sum, { mismatches }) => sum + mismatches, 0),
      random: false,
    };
  });
}

function scaled({ absolute, relative }: Tolerance, reference: DenseTensor): Tolerance {
  return { absolute: Math.max(smallestDifference, absolute * largestOf(reference)), relative };
}

/** Largest finite magnitude. */
function largestOf(tensor: DenseTensor): number {
  if (tensor.type === 'string') return 0;
  let largest = 0;
  for (const number of numbersOf(tensor)) {
    const size = Math.abs(number);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
