import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { LoadedModel } from '../../runtime/model-runner.ts';
import type { EditedModels } from '../load-edited.ts';
import { LiveTaps } from './live-taps.ts';
import type { Tapped, TapWriter } from './tap-model.ts';

export interface CalibrationData extends EditedModels, Tapped {
  /** The inputs of each run, the same ones each time it is called: once a pass. */
  readonly batches: () => AsyncIterable<NamedTensors>;
  /** Ends the work between two runs with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a tap made, by the name of the value it measures. */
export type Measures = ReadonlyMap<string, readonly DenseTensor[]>;

export interface TapRuns {
  readonly names: readonly string[];
  readonly write: TapWriter;
  /** Before the first run, and again before the one from which on fewer values are measured. */
  readonly prepare?: (loaded: LoadedModel) => Promise<void>;
  /** Runs once; returns the named outputs unless given. */
  readonly step?: (loaded: LoadedModel, feeds: NamedTensors, outputs: readonly string[]) => Promise<NamedTensors>;
  /** Takes what run number `run` (from 0) measured. */
  readonly take: (measures: Measures, run: number, loaded: LoadedModel) => void | Promise<void>;
  /** After the last run, and after the last one that measures as many values. */
  readonly finish?: (loaded: LoadedModel) => Promise<void>;
}

export interface TapOutcome {
  readonly runs: number;
  /** Names that the runtime does not measure, in the first run or a later one. */
  readonly refused: readonly string[];
}

/**
 * Runs a model over all batches with taps on some of its values. Only measures leave the runtime's process.
 * @throws what reading the batches throws, and what running the model throws, taps or not
 */
export async function runTaps(data: CalibrationData, runs: TapRuns): Promise<TapOutcome> {
  data.signal?.throwIfAborted();
  const taps = new LiveTaps(data, runs);
  let run = 0;
  try {
    for await (const feeds of data.batches()) {
      data.signal?.throwIfAborted();
      const made = await taps.run(feeds);
      if (made === null) break;
      await runs.take(made.measures, run++, made.loaded);
    }
    await taps.finish();
    return { runs: run, refused: taps.refused };
  } finally {
    await taps.close();
  }
}
