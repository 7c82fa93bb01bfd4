import type { NotFinite } from '../calibration/statistics.ts';
import type { LayerPassData } from './layer-pass.ts';
import { runLayerPass } from './layer-pass.ts';
import type { RefusedLayer, WantedLayer } from './layer-passes.ts';
import { layerPasses } from './layer-passes.ts';
import type { LayerSums } from './layer-sums.ts';
import { LayerRecord } from './layer-sums.ts';

export interface LayerSumsOptions extends LayerPassData {
  readonly layers: readonly WantedLayer[];
  /** Takes each layer's sums as soon as they are complete; they are not kept here. */
  readonly onSums: (sums: LayerSums) => void | Promise<void>;
  /** Memory for sums in this and the runtime's process, 512 MiB unless given: the more, the fewer passes. */
  readonly mostBytes?: number;
  readonly onProgress?: (progress: { readonly pass: number; readonly passes: number; readonly done: number }) => void;
}

export interface LayerSumsOutcome {
  /** Layers, by node, whose rows had NaN or infinities in some runs; nothing of these runs counts for them. */
  readonly notFinite: readonly NotFinite[];
  /** Layers that had no row in any run. */
  readonly neverSeen: readonly string[];
  readonly refused: readonly RefusedLayer[];
  /** Passes over the data. */
  readonly passes: number;
}

/**
 * Sums for the least squares of layers: rows are what each layer reads in the pruned model and makes in the original,
 * of convolutions at random positions, the same in both. They are added up in the runtime's process and fetched now and
 * then. Layers are taken in groups that fit `mostBytes`, from the inputs on, with a pass over the data each that runs
 * no more of the models than it needs.
 * @throws as `collectStatistics`; RangeError where `keptOutputs` do not fit the pruned layer or inputs differ
 */
export async function collectLayerSums(options: LayerSumsOptions): Promise<LayerSumsOutcome> {
  const { layers, mostBytes = 512 * 2 ** 20, onSums, onProgress } = options;
  const { passes, refused } = layerPasses(layers, { ...options, mostBytes });
  const notFinite: NotFinite[] = [];
  const neverSeen: string[] = [];
  const unmeasured = [...refused];
  for (const [index, part] of passes.entries()) {
    const done = (runs: number) => onProgress?.({ pass: index + 1, passes: passes.length, done: runs });
    const records = new Map(part.map(({ node, product }) => [node, new LayerRecord(node, product)]));
    const stopped = new Set(await runLayerPass(options, { layers: part, records, done }));
    unmeasured.push(...[...stopped].map((node): RefusedLayer => ({ node, reason: 'runtime' })));
    for (const [node, record] of records) {
      records.delete(node);
      if (stopped.has(node)) continue;
      const sums = record.finish();
      if (record.notFinite !== null) notFinite.push(record.notFinite);
      else if (sums === null) neverSeen.push(node);
      if (sums !== null) await onSums(sums);
    }
  }
  return { notFinite, neverSeen, refused: unmeasured, passes: passes.length };
}
