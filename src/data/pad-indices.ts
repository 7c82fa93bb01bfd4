/** Repeats the last of the indices until there are as many as a run takes; null takes them as they are. */
export function padIndices(indices: readonly number[], runSize: number | null): readonly number[] {
  const last = indices.at(-1);
  if (runSize === null || last === undefined || indices.length >= runSize) return indices;
  return [...indices, ...Array.from({ length: runSize - indices.length }, () => last)];
}
