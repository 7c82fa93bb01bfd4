/** Strengths that are tried where rows were held out to choose by. */
export const ridgeStrengths: readonly number[] = [1e-4, 1e-3, 1e-2, 1e-1];

/**
 * How strongly a refit is drawn to the old weights, as a part of the gram matrix's mean diagonal, where nothing was held
 * out to choose by. Measured: 1e-3 with many rows for each unknown, 5e-2 with fewer rows than unknowns.
 */
export function ridgeStrength(rows: number, columns: number): number {
  if (rows >= 4 * columns) return 1e-3;
  return rows >= columns ? 1e-2 : 5e-2;
}
