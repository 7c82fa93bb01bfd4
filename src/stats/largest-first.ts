/** A value and the index of the block it is from. */
export interface Observation {
  readonly value: number;
  readonly block: number;
}

/**
 * Reads the values of all blocks off by falling value, one a call, undefined after the last: a binary heap (Williams,
 * "Heapsort", and Floyd, "Treesort 3", both 1964). Where only a tail is wanted it is far quicker than sorting all.
 */
export function largestFirst(blocks: readonly (readonly number[])[]): () => Observation | undefined {
  let size = blocks.reduce((sum, block) => sum + block.length, 0);
  const values = new Float64Array(size);
  const owners = new Uint32Array(size);
  let offset = 0;
  for (const [index, block] of blocks.entries()) {
    values.set(block, offset);
    owners.fill(index, offset, offset + block.length);
    offset += block.length;
  }

  /** Puts into the hole at `start`, whose subtrees are heaps, what is now at `from`. */
  const sift = (start: number, from: number): void => {
    const value = values[from] ?? 0;
    const owner = owners[from] ?? 0;
    let hole = start;
    for (let child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && (values[child + 1] ?? 0) > (values[child] ?? 0)) child++;
      if ((values[child] ?? 0) <= value) break;
      values[hole] = values[child] ?? 0;
      owners[hole] = owners[child] ?? 0;
      hole = child;
    }
    values[hole] = value;
    owners[hole] = owner;
  };

  for (let start = Math.floor(size / 2) - 1; start >= 0; start--) sift(start, start);
  return () => {
    if (size === 0) return undefined;
    const largest = { value: values[0] ?? 0, block: owners[0] ?? 0 };
    size--;
    sift(0, size);
    return largest;
  };
}
