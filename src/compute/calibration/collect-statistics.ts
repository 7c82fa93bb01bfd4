import { channelTap } from './channel-taps.ts';
import { extremesTap } from './extremes-taps.ts';
import { histogramTap } from './histogram-taps.ts';
import type { Statistics } from './statistics.ts';
import type { Tap } from './tap-model.ts';
import { tappableNames } from './tap-model.ts';
import type { CalibrationData } from './tap-runs.ts';
import { runTaps } from './tap-runs.ts';
import { ValueRecord } from './value-record.ts';

export interface CalibratedValue {
  /** A value of the main graph: input, initializer or output of a node. */
  readonly name: string;
  /** The axis to tell slices of apart, below 0 from the end; none unless given. */
  readonly channelAxis?: number | null;
}

export interface CalibrationProgress {
  /** 1: extremes, 2: histograms. */
  readonly pass: 1 | 2;
  /** Runs done in this pass; beyond 4096 values each batch is run several times. */
  readonly done: number;
  /** Null in the first pass, where nobody has counted the batches yet. */
  readonly of: number | null;
}

export interface StatisticsOptions extends CalibrationData {
  readonly values: readonly CalibratedValue[];
  readonly onProgress?: (progress: CalibrationProgress) => void;
}

/** Values that one model measures: bounds what a run returns (8 KiB a histogram) to 32 MiB. */
const mostValues = 4096;

/**
 * Extremes, histograms and, where asked for, means of channels of some of a model's values, over all batches. Takes two
 * passes over the data (more beyond 4096 values). Everything is measured inside the runtime's process, value by value
 * as the model makes them, so that memory does not grow with the number of samples.
 *
 * The model is loaded as it is written, without the runtime's own rewrites. The second pass must see the data of the
 * first. Values that are not float32 are cast.
 * @throws ModelError, RuntimeError where the model does not run, DataError as the batches do, the reason of `signal`
 */
export async function collectStatistics(options: StatisticsOptions): Promise<Statistics> {
  const known = tappableNames(options.model);
  const wanted = new Map(options.values.map((value) => [value.name, value]));
  const tapped = [...wanted.values()].filter(({ name }) => known.has(name));
  const records = new Map(tapped.map(({ name, channelAxis = null }) => [name, new ValueRecord(name, channelAxis)]));
  const refused = new Set<string>();
  const progress = progressOf(options);
  for (const part of partsOf(tapped)) {
    for (const name of await passExtremes(options, { values: part, records, progress })) refused.add(name);
  }
  progress.next();
  const seen = tapped.filter(({ name }) => records.get(name)?.isSeen === true);
  for (const part of partsOf(seen)) {
    for (const name of await passHistograms(options, { values: part, records, progress })) refused.add(name);
  }
  return summarize([...wanted.keys()], records, refused);
}

interface Pass {
  readonly values: readonly CalibratedValue[];
  readonly records: ReadonlyMap<string, ValueRecord>;
  readonly progress: { readonly tick: () => void };
}

async function passExtremes(data: StatisticsOptions, { values, records, progress }: Pass): Promise<readonly string[]> {
  const axes = new Map(values.map(({ name, channelAxis = null }) => [name, channelAxis]));
  const write = (tap: Tap) => {
    const axis = axes.get(tap.name) ?? null;
    return axis === null ? [extremesTap(tap)] : [extremesTap(tap), channelTap(tap, axis)];
  };
  const { refused } = await runTaps(data, {
    names: [...axes.keys()],
    write,
    take: (measures, run) => {
      for (const [name, [extremes, channels]] of measures)
        if (extremes !== undefined) records.get(name)?.addExtremes(run, extremes, channels);
      progress.tick();
    },
  });
  return refused;
}

async function passHistograms(
  data: StatisticsOptions,
  { values, records, progress }: Pass,
): Promise<readonly string[]> {
  const { refused } = await runTaps(data, {
    names: values.map(({ name }) => name),
    write: (tap) => [histogramTap(tap, records.get(tap.name)?.range ?? { low: 0, high: 0 })],
    take: (measures, run) => {
      for (const [name, [counts]] of measures) if (counts !== undefined) records.get(name)?.addCounts(run, counts);
      progress.tick();
    },
  });
  return refused;
}

function summarize(
  names: readonly string[],
  records: ReadonlyMap<string, ValueRecord>,
  refused: ReadonlySet<string>,
): Statistics {
  const measured = [...records.values()].filter(({ name }) => !refused.has(name));
  const notFinite = measured.flatMap((record) => record.notFinite ?? []);
  const isBad = new Set(notFinite.map(({ name }) => name));
  const values = new Map(
    measured.filter(({ isSeen }) => isSeen).map((record) => [record.name, record.finish()] as const),
  );
  const isTold = (name: string) => refused.has(name) || isBad.has(name) || values.has(name);
  return { values, neverSeen: names.filter((name) => !isTold(name)), refused: [...refused], notFinite };
}

function* partsOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += mostValues) yield items.slice(from, from + mostValues);
}

/** Counts runs; what the first pass took is what the second has to do. */
function progressOf({ onProgress }: StatisticsOptions) {
  let pass: 1 | 2 = 1;
  let done = 0;
  let of: number | null = null;
  return {
    tick: () => onProgress?.({ pass, done: ++done, of }),
    next: () => {
      of = done;
      done = 0;
      pass = 2;
    },
  };
}
