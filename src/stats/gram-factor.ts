import { choleskyInPlace } from './cholesky.ts';

/** `H = Lᵀ L` with L lower triangular, of a damped gram matrix. */
export interface GramFactor {
  readonly k: number;
  /** L, `[K, K]` row-major; what is above the diagonal is not to be read. */
  readonly lower: Float64Array;
  /** What was added to the diagonal, as a part of its mean. */
  readonly damping: number;
}

/** The most that the damping is raised, in turns of ten times: the matrix is all diagonal then. */
const mostTurns = 6;

/**
 * Factors a gram matrix `X^T X` `[K, K]`, one per cent of its mean diagonal added to the diagonal, as GPTQ has it
 * (Frantar et al. 2022); more where rounding errors have left it indefinite. It takes K^3 / 6 multiplications; several
 * weights that read the same input share the result. Throws RangeError for numbers that are not finite.
 */
export function factorGram(gram: Float64Array | Float32Array, k: number, damping = 0.01): GramFactor {
  for (let turn = 0, part = damping; turn < mostTurns; turn++, part *= 10) {
    const flipped = dampedFlip(gram, k, part);
    if (!choleskyInPlace(flipped, k)) continue;
    flipAlongAntidiagonal(flipped, k);
    return { k, lower: flipped, damping: part };
  }
  throw new RangeError('the gram matrix has numbers that are not finite');
}

/** Rows and columns in reverse order, so that the usual factor `C Cᵀ` of it is L with its indices reversed. */
function dampedFlip(gram: Float64Array | Float32Array, k: number, damping: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < k; i++) trace += gram[i * k + i] ?? 0;
  // Without any input every direction counts the same.
  const added = trace > 0 ? (damping * trace) / k : 1;
  const flipped = new Float64Array(k * k);
  for (let i = 0, last = k * k - 1; i <= last; i++) flipped[last - i] = gram[i] ?? 0;
  for (let i = 0; i < k; i++) flipped[i * k + i] = (flipped[i * k + i] ?? 0) + added;
  return flipped;
}

/** Moves `[i, j]` to `[K - 1 - j, K - 1 - i]`: from C to L, triangle to triangle. */
function flipAlongAntidiagonal(a: Float64Array, k: number): void {
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i && i + j < k - 1; j++) {
      const here = i * k + j;
      const there = (k - 1 - j) * k + (k - 1 - i);
      const kept = a[here] ?? 0;
      a[here] = a[there] ?? 0;
      a[there] = kept;
    }
  }
}
