import { factorCholesky } from '../../stats/cholesky.ts';
import { solveCholesky } from '../../stats/solve-cholesky.ts';
import { layerError } from './layer-error.ts';
import type { LeastSquaresSums, LinearLayer, RefittedLayer } from './least-squares-sums.ts';
import { layerOfGroup, sumsOfGroup } from './least-squares-sums.ts';
import { normalMatrix, normalTargets } from './normal-equations.ts';
import { ridgeStrength, ridgeStrengths } from './ridge-strength.ts';

export interface RidgeOptions {
  /** Whether the refitted layer may add a constant to each output; as the old one did unless given. */
  readonly hasBias?: boolean;
  /** Part of the gram matrix's mean diagonal; by the numbers of rows and columns unless given. */
  readonly strength?: number;
  /** Sums over other rows: of `strengths` the one with the least error on them is taken, and errors are told on them. */
  readonly validation?: LeastSquaresSums;
  readonly strengths?: readonly number[];
}

export interface RidgeSolution extends RefittedLayer {
  /** The strength taken. */
  readonly strength: number;
}

export type RidgeOutcome =
  | { readonly solution: RidgeSolution; readonly problem: null }
  | { readonly solution: null; readonly problem: 'singular' | 'not-finite' };

/**
 * Refits a layer to what it should make of what it reads now: ridge regression toward the old weights,
 * `(XᵀX + λI) W = XᵀZ + λ W_K` with `λ = strength * trace(XᵀX) / n` and a constant that nothing draws (He et al. 2017
 * without the ridge; toward the old weights it does no harm with few rows). Groups are solved one by one.
 * Throws RangeError for weights of another size than the sums.
 */
export function ridgeSolution(sums: LeastSquaresSums, old: LinearLayer, options: RidgeOptions = {}): RidgeOutcome {
  if (!isFinite(sums)) return { solution: null, problem: 'not-finite' };
  const { validation, hasBias = old.bias !== null } = options;
  const judged = validation ?? sums;
  const errorBefore = layerError(judged, old);
  let best: RidgeSolution | null = null;
  for (const strength of strengthsOf(sums, options)) {
    const layer = solved(sums, old, { strength, hasBias });
    if (layer === null) continue;
    const errorAfter = layerError(judged, layer);
    if (best === null || errorAfter < best.errorAfter) best = { ...layer, errorBefore, errorAfter, strength };
  }
  return best === null ? { solution: null, problem: 'singular' } : { solution: best, problem: null };
}

function strengthsOf(sums: LeastSquaresSums, options: RidgeOptions): readonly number[] {
  const { strength, validation, strengths = ridgeStrengths } = options;
  if (strength !== undefined) return [strength];
  return validation === undefined ? [ridgeStrength(sums.rows, sums.columns)] : strengths;
}

function isFinite(sums: LeastSquaresSums): boolean {
  const all = [sums.gram, sums.cross, sums.inputSums, sums.targetSums, sums.targetSquares];
  return all.every((numbers) => numbers.every(Number.isFinite));
}

interface Strength {
  readonly strength: number;
  readonly hasBias: boolean;
}

function solved(sums: LeastSquaresSums, old: LinearLayer, how: Strength): LinearLayer | null {
  const { groups, columns: n, outputs: m } = sums;
  const weights = new Float32Array(groups * m * n);
  const bias = how.hasBias ? new Float32Array(groups * m) : null;
  for (let group = 0; group < groups; group++) {
    const own = sumsOfGroup(sums, group);
    const rows = solvedGroup(own, layerOfGroup(old, group, sums), how);
    if (rows === null) return null;
    weights.set(rows, group * m * n);
    bias?.set(constants(own, weights.subarray(group * m * n)), group * m);
  }
  return weights.every(Number.isFinite) ? { weights, bias } : null;
}

function solvedGroup(sums: LeastSquaresSums, { weights }: LinearLayer, how: Strength): Float64Array | null {
  const shift = how.strength * meanDiagonal(sums);
  // Where nothing was ever read any shift keeps the old weights.
  const system = { shift: meanDiagonal(sums) > 0 ? shift : 1, isCentered: how.hasBias };
  const factor = factorCholesky(normalMatrix(sums, system), sums.columns);
  if (factor === null) return null;
  const rows = normalTargets(sums, weights, system);
  solveCholesky(factor, rows);
  return rows;
}

function meanDiagonal({ gram, columns }: LeastSquaresSums): number {
  let trace = 0;
  for (let i = 0; i < columns; i++) trace += gram[i * columns + i] ?? 0;
  return trace / columns;
}

/** What makes the mean of each output that of its target. */
function constants({ rows, columns, outputs, inputSums, targetSums }: LeastSquaresSums, weights: Float32Array) {
  return Float64Array.from({ length: outputs }, (_, output) => {
    let sum = targetSums[output] ?? 0;
    for (let i = 0; i < columns; i++) sum -= (weights[output * columns + i] ?? 0) * (inputSums[i] ?? 0);
    return sum / rows;
  });
}
