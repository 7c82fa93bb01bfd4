import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { LoadedModel } from '../../runtime/model-runner.ts';
import type { EditedModels } from '../load-edited.ts';
import { loadEdited } from '../load-edited.ts';
import { isRefusal, tryInHalves } from '../try-in-halves.ts';
import type { Tapped, TapWriter } from './tap-model.ts';
import { tapModel } from './tap-model.ts';

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
  /** Before the first run. */
  readonly prepare?: (loaded: LoadedModel) => Promise<void>;
  /** Runs once; returns the named outputs unless given. */
  readonly step?: (loaded: LoadedModel, feeds: NamedTensors, outputs: readonly string[]) => Promise<NamedTensors>;
  /** Takes what run number `run` (from 0) measured. */
  readonly take: (measures: Measures, run: number, loaded: LoadedModel) => void | Promise<void>;
  /** After the last run. */
  readonly finish?: (loaded: LoadedModel) => Promise<void>;
}

export interface TapOutcome {
  readonly runs: number;
  /** Names that the runtime does not measure. */
  readonly refused: readonly string[];
}

/** Models in search of values that cannot be measured. */
const mostTries = 64;

/**
 * Runs a model over all batches with taps on some of its values. Only measures leave the runtime's process.
 * @throws what reading the batches throws, and what running the model throws, taps or not
 */
export async function runTaps(data: CalibrationData, runs: TapRuns): Promise<TapOutcome> {
  data.signal?.throwIfAborted();
  const batches = data.batches()[Symbol.asyncIterator]();
  try {
    let batch = await batches.next();
    if (batch.done === true || runs.names.length === 0) return { runs: 0, refused: [] };
    const { opened, refused } = await openTaps(data, runs, batch.value);
    if (opened === null) return { runs: 0, refused };
    try {
      let run = 0;
      for (let made = opened.first; ; made = await opened.run(batch.value)) {
        await runs.take(opened.measuresOf(made), run++, opened.loaded);
        batch = await batches.next();
        if (batch.done === true) break;
        data.signal?.throwIfAborted();
      }
      await runs.finish?.(opened.loaded);
      return { runs: run, refused };
    } finally {
      await opened.loaded.release();
    }
  } finally {
    await batches.return?.();
  }
}

interface OpenTaps {
  readonly loaded: LoadedModel;
  /** What the first run made. */
  readonly first: NamedTensors;
  run(feeds: NamedTensors): Promise<NamedTensors>;
  measuresOf(made: NamedTensors): Measures;
}

/** A model with every tap that the runtime takes, after its first run. */
async function openTaps(
  data: CalibrationData,
  runs: TapRuns,
  feeds: NamedTensors,
): Promise<{ readonly opened: OpenTaps | null; readonly refused: readonly string[] }> {
  try {
    return { opened: await openOn(runs.names, { data, runs, feeds }), refused: [] };
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  await checkRuns(data, feeds);
  const probe = async (names: readonly string[]) => {
    const opened = await openOn(names, { data, runs, feeds });
    await opened.loaded.release();
  };
  const refused = await tryInHalves(runs.names, probe, { left: mostTries });
  const rest = runs.names.filter((name) => !refused.includes(name));
  return { opened: rest.length === 0 ? null : await openOn(rest, { data, runs, feeds }), refused };
}

/** A model that does not run on its own is no fault of the taps. */
async function checkRuns({ model, ...models }: CalibrationData, feeds: NamedTensors): Promise<void> {
  const loaded = await loadEdited(model, models);
  try {
    await loaded.shapes(feeds);
  } finally {
    await loaded.release();
  }
}

interface Opening {
  readonly data: CalibrationData;
  readonly runs: TapRuns;
  /** Inputs of the first run. */
  readonly feeds: NamedTensors;
}

async function openOn(names: readonly string[], { data, runs, feeds }: Opening): Promise<OpenTaps> {
  const taps = tapModel(data, names, runs.write);
  const outputs = [...taps.outputs.values()].flat();
  const { step = (loaded, feeds, outputs) => loaded.run(feeds, outputs) } = runs;
  const loaded = await loadEdited(taps.model, data);
  try {
    const run = (feeds: NamedTensors) => step(loaded, feeds, outputs);
    await runs.prepare?.(loaded);
    return { loaded, first: await run(feeds), run, measuresOf: (made) => measuresOf(made, taps.outputs) };
  } catch (error) {
    await loaded.release();
    throw error;
  }
}

function measuresOf(made: NamedTensors, outputs: ReadonlyMap<string, readonly string[]>): Measures {
  const measures = new Map<string, readonly DenseTensor[]>();
  for (const [name, parts] of outputs) {
    measures.set(
      name,
      parts.flatMap((part) => made[part] ?? []),
    );
  }
  return measures;
}
