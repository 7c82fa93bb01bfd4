/** A copy of a gram matrix `[n, n]` with a part of its mean diagonal added to the diagonal; 1 where all of it is 0. */
export function dampedGram(gram: Float64Array, n: number, damping: number): Float64Array {
  const damped = gram.slice();
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i] ?? 0;
  const added = trace > 0 ? (damping * trace) / n : 1;
  for (let i = 0; i < n; i++) damped[i * n + i] = (damped[i * n + i] ?? 0) + added;
  return damped;
}
