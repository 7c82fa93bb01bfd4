/**
 * Numbers in float32 such that rounding them once more, to a type of at most 21 significant bits, gives what rounding
 * the number itself would: what float32 cannot hold is rounded to the neighbor with an odd last bit, which is no tie
 * in any shorter type (S. Boldo and G. Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms
 * using rounding to odd", 2008).
 */
export function roundToOdd(values: ArrayLike<number>): Float32Array {
  const rounded = new Float32Array(values);
  const patterns = new Uint32Array(rounded.buffer);
  for (let i = 0; i < rounded.length; i++) {
    const value = values[i] ?? 0;
    const nearest = rounded[i] ?? 0;
    const pattern = patterns[i] ?? 0;
    if (nearest === value || Number.isNaN(value) || pattern % 2 === 1) continue;
    // Neighbors in magnitude are neighbors in bits; infinity steps back to the largest number.
    patterns[i] = Math.abs(nearest) < Math.abs(value) ? pattern + 1 : pattern - 1;
  }
  return rounded;
}
