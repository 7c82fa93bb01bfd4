import type { Model } from '../../onnx/model.ts';
import { allGraphs } from '../../onnx/traverse.ts';
import type { PruneResult } from '../../prune/prune-result.ts';
import { modelMacs } from '../model-macs.ts';
import type { PruneOutcome } from './outcome.ts';
import type { PruneWork } from './work.ts';

/** What the model was made of and cost, and what it is now. */
export function figuresOf(
  { original, prepared, dims }: PruneWork,
  { model, sizeBytes, download }: Pick<PruneOutcome, 'model' | 'sizeBytes' | 'download'>,
): Pick<PruneResult, 'before' | 'after'> {
  const figures = (which: Model, bytes: number, compressed: CompressedBytes | null) => ({
    parameters: parametersOf(which),
    macs: modelMacs(which, dims),
    sizeBytes: bytes,
    gzipBytes: compressed?.gzipBytes ?? null,
    zstdBytes: compressed?.zstdBytes ?? null,
  });
  return {
    before: figures(prepared, original.sizeBytes, download?.before ?? null),
    after: figures(model, sizeBytes, download?.after ?? null),
  };
}

export interface CompressedBytes {
  readonly gzipBytes: number;
  /** Null where the file is too large to be compressed in memory. */
  readonly zstdBytes: number | null;
}

/** Elements of all float constants. */
export function parametersOf(model: Model): number {
  let count = 0;
  for (const graph of allGraphs(model))
    for (const { tensor } of graph.initializers)
      if (tensor?.type.includes('float') === true) count += tensor.elementCount;
  return count;
}
