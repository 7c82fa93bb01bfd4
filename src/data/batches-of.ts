import type { Dataset, DatasetBatch } from './dataset.ts';

export interface BatchesOptions {
  /** Which samples, in which order. */
  readonly indices: ArrayLike<number>;
  /** Samples a batch at most, where the dataset does not fix their number. */
  readonly batch: number;
  /** Leaves out the last batch when it is smaller than the others; false by default. */
  readonly dropLast?: boolean;
}

/**
 * Samples in batches, in the order given: those that follow one another and have equal shapes share a batch. The next
 * batch is read while the caller works on one. Whoever stops early may close the dataset once `return` has resolved.
 * @throws DataError as `Dataset.read` does
 */
export async function* batchesOf(
  dataset: Dataset,
  options: BatchesOptions,
): AsyncGenerator<DatasetBatch, void, undefined> {
  const groups = groupsOf(dataset, options);
  const readNext = async (): Promise<DatasetBatch | null> => {
    const group = await groups.next();
    return group.done === true ? null : dataset.read(group.value);
  };
  let ahead = readNext();
  try {
    for (;;) {
      const batch = await ahead;
      if (batch === null) return;
      ahead = readNext();
      // A failure is told when it is this batch's turn; until then nobody listens.
      ahead.catch(() => undefined);
      yield batch;
    }
  } finally {
    await ahead.catch(() => undefined);
  }
}

async function* groupsOf(
  dataset: Dataset,
  { indices, batch, dropLast = false }: BatchesOptions,
): AsyncGenerator<readonly number[], void, undefined> {
  const size = dataset.samplesPerRun ?? batch;
  let group: number[] = [];
  let shape = '';
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? 0;
    const key = await dataset.shapeKey(index);
    if (group.length === size || (group.length > 0 && key !== shape)) {
      yield group;
      group = [];
    }
    shape = key;
    group.push(index);
  }
  if (group.length === size || (group.length > 0 && !dropLast)) yield group;
}
