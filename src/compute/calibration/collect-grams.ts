import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { LoadedModel } from '../../runtime/model-runner.ts';
import type { Gram } from './gram-sums.ts';
import { GramSums } from './gram-sums.ts';
import type { GramPlace } from './gram-taps.ts';
import { gramTap, widthTap } from './gram-taps.ts';
import type { NotFinite } from './statistics.ts';
import { tappableNames } from './tap-model.ts';
import type { CalibrationData, TapOutcome } from './tap-runs.ts';
import { runTaps } from './tap-runs.ts';

export interface GramOptions extends CalibrationData {
  /** Values of the main graph, such as what MatMul and Gemm read: rows are all axes but the last. */
  readonly values: readonly string[];
  /** Takes each matrix as soon as it is complete; it is not kept here. */
  readonly onGram: (gram: Gram) => void | Promise<void>;
  /** Memory for matrices in this and the runtime's process, 512 MiB unless given: the more, the fewer passes. */
  readonly mostBytes?: number;
  readonly onProgress?: (progress: { readonly pass: number; readonly passes: number; readonly done: number }) => void;
}

export interface GramOutcome {
  /** As in `Statistics`. */
  readonly neverSeen: readonly string[];
  readonly refused: readonly string[];
  /** Nothing of these runs counts. */
  readonly notFinite: readonly NotFinite[];
}

/** Float32 three times (before and after a run, and on its way), float64 once, and a copy of that for who takes it. */
const bytesPerElement = 28;

/** Runs whose matrices are added in float32, before they are added up in float64. */
const runsBetweenDrains = 32;

/**
 * Gram matrices of some of a model's values over all batches. They are added up in the runtime's process and fetched
 * now and then. Values are taken in groups that fit `mostBytes`, at least one a group, with a pass over the data each.
 * @throws as `collectStatistics`
 */
export async function collectGrams(options: GramOptions): Promise<GramOutcome> {
  const known = tappableNames(options.model);
  const names = [...new Set(options.values)];
  const { columns, refused } = await widthsOf(
    options,
    names.filter((name) => known.has(name)),
  );
  const groups = groupsOf(columns, options.mostBytes ?? 512 * 2 ** 20);
  const notFinite: NotFinite[] = [];
  const seen = new Set<string>();
  for (const [pass, group] of groups.entries()) {
    const done = (runs: number) => options.onProgress?.({ pass: pass + 1, passes: groups.length, done: runs });
    const sums = new Map(group.map((name) => [name, new GramSums(name)]));
    const outcome = await passGrams(options, sums, done);
    refused.push(...outcome.refused);
    for (const name of outcome.refused) sums.delete(name);
    for (const each of sums.values()) {
      if (each.isUneven) {
        refused.push(each.name);
        continue;
      }
      const gram = each.finish();
      notFinite.push(...(each.notFinite === null ? [] : [each.notFinite]));
      if (gram !== null || each.notFinite !== null) seen.add(each.name);
      if (gram !== null) await options.onGram(gram);
      sums.delete(each.name);
    }
  }
  return { neverSeen: names.filter((name) => !seen.has(name) && !refused.includes(name)), refused, notFinite };
}

/** Length of the last axis of each value, from the first batch. */
async function widthsOf(
  options: GramOptions,
  names: readonly string[],
): Promise<{ readonly columns: ReadonlyMap<string, number>; readonly refused: string[] }> {
  const columns = new Map<string, number>();
  const { refused } = await runTaps(
    { ...options, batches: () => firstOf(options.batches()) },
    {
      names,
      write: (tap) => [widthTap(tap)],
      take: (measures) => {
        for (const [name, [shape]] of measures) columns.set(name, Number(shape?.data[1] ?? 0));
      },
    },
  );
  return { columns, refused: [...refused] };
}

async function* firstOf(batches: AsyncIterable<NamedTensors>): AsyncGenerator<NamedTensors, void, undefined> {
  for await (const batch of batches) {
    yield batch;
    return;
  }
}

function groupsOf(columns: ReadonlyMap<string, number>, mostBytes: number): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let left = 0;
  for (const [name, length] of columns) {
    const bytes = bytesPerElement * length * length;
    if (groups.length === 0 || bytes > left) {
      groups.push([]);
      left = mostBytes;
    }
    groups.at(-1)?.push(name);
    left -= bytes;
  }
  return groups;
}

function passGrams(
  options: GramOptions,
  sums: ReadonlyMap<string, GramSums>,
  done: (runs: number) => void,
): Promise<TapOutcome> {
  const places = new Map<string, GramPlace>();
  return runTaps(options, {
    names: [...sums.keys()],
    write: (tap) => {
      const { place, outputs } = gramTap(tap);
      places.set(tap.name, place);
      return outputs;
    },
    prepare: (loaded) => loaded.keep(startOf(loaded, places)),
    step: (loaded, feeds, outputs) => loaded.advance(feeds, stepOf(outputs, places)),
    take: async (measures, run, loaded) => {
      for (const [name, [sum, check, shape]] of measures)
        if (sum && check && shape) sums.get(name)?.addRun(run, { sums: sum, check, shape });
      done(run + 1);
      if ((run + 1) % runsBetweenDrains === 0) await drain(loaded, places, sums);
    },
    finish: (loaded) => drain(loaded, places, sums),
  });
}

/** A matrix of one zero for each of the model's matrices: it grows with the first run. */
function startOf({ signature }: LoadedModel, places: ReadonlyMap<string, GramPlace>): NamedTensors {
  const zero: DenseTensor = { type: 'float32', dims: [1, 1], data: Float32Array.of(0) };
  const inputs = new Set([...places.values()].map(({ input }) => input));
  return Object.fromEntries(signature.inputs.filter(({ name }) => inputs.has(name)).map(({ name }) => [name, zero]));
}

function stepOf(outputs: readonly string[], places: ReadonlyMap<string, GramPlace>) {
  const carry = new Map([...places.values()].map(({ input, output }) => [output, input]));
  const isMade = new Set(outputs);
  return {
    outputs: outputs.filter((name) => !carry.has(name)),
    carry: Object.fromEntries([...carry].filter(([output]) => isMade.has(output))),
  };
}

/** Fetches the matrices one by one, so that only one is on its way, and starts them again. */
async function drain(
  loaded: LoadedModel,
  places: ReadonlyMap<string, GramPlace>,
  sums: ReadonlyMap<string, GramSums>,
): Promise<void> {
  const start = startOf(loaded, places);
  for (const [name, { input }] of places) {
    if (!Object.hasOwn(start, input)) continue;
    const { [input]: part } = await loaded.kept([input]);
    if (part !== undefined) sums.get(name)?.addGram(part);
  }
  await loaded.keep(start);
}
