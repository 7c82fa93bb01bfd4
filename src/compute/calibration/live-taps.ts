import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { LoadedModel } from '../../runtime/model-runner.ts';
import { loadEdited } from '../load-edited.ts';
import { isRefusal, tryInHalves } from '../try-in-halves.ts';
import { tapModel } from './tap-model.ts';
import type { CalibrationData, Measures, TapRuns } from './tap-runs.ts';

/** Models in search of values that cannot be measured. */
const mostTries = 64;

interface OpenTaps {
  readonly loaded: LoadedModel;
  /** Names of the outputs that measure a value, by the value's name. */
  readonly outputs: ReadonlyMap<string, readonly string[]>;
}

/** A model with every tap that the runtime takes. A tap that a run refuses is left out from that run on. */
export class LiveTaps {
  readonly #data: CalibrationData;
  readonly #runs: TapRuns;
  readonly #refused: string[] = [];
  #names: readonly string[];
  #open: OpenTaps | null = null;
  #earlier: NamedTensors | null = null;

  constructor(data: CalibrationData, runs: TapRuns) {
    this.#data = data;
    this.#runs = runs;
    this.#names = runs.names;
  }

  /** Names that the runtime does not measure. */
  get refused(): readonly string[] {
    return this.#refused;
  }

  /** What the taps measured; null where none is left. Throws what running the model throws, taps or not. */
  async run(feeds: NamedTensors): Promise<{ readonly measures: Measures; readonly loaded: LoadedModel } | null> {
    const made = await this.#runOrLeaveOut(feeds);
    this.#earlier = feeds;
    return made;
  }

  async finish(): Promise<void> {
    if (this.#open !== null) await this.#runs.finish?.(this.#open.loaded);
  }

  async close(): Promise<void> {
    await this.#open?.loaded.release();
    this.#open = null;
  }

  async #runOrLeaveOut(feeds: NamedTensors) {
    if (this.#names.length === 0) return null;
    try {
      return await this.#runOnce(feeds);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    await this.#leaveOut(feeds);
    return this.#names.length === 0 ? null : this.#runOnce(feeds);
  }

  async #runOnce(feeds: NamedTensors) {
    this.#open ??= await this.#openOn(this.#names);
    return { measures: await this.#measure(this.#open, feeds), loaded: this.#open.loaded };
  }

  async #leaveOut(feeds: NamedTensors): Promise<void> {
    // What the runs until now left in the process.
    await this.finish();
    await this.close();
    await this.#checkModel(feeds);
    const probe = async (names: readonly string[]) => {
      const opened = await this.#openOn(names);
      try {
        // A tap may take each run and not both: what it keeps of one has to fit the other.
        if (this.#earlier !== null) await this.#measure(opened, this.#earlier);
        await this.#measure(opened, feeds);
      } finally {
        await opened.loaded.release();
      }
    };
    const refused = await tryInHalves(this.#names, probe, { left: mostTries });
    this.#refused.push(...refused);
    this.#names = this.#names.filter((name) => !refused.includes(name));
  }

  /** A model that does not run on its own is no fault of the taps. */
  async #checkModel(feeds: NamedTensors): Promise<void> {
    const { model, ...models } = this.#data;
    const loaded = await loadEdited(model, models);
    try {
      await loaded.shapes(feeds);
    } finally {
      await loaded.release();
    }
  }

  async #openOn(names: readonly string[]): Promise<OpenTaps> {
    const taps = tapModel(this.#data, names, this.#runs.write);
    const loaded = await loadEdited(taps.model, this.#data);
    try {
      await this.#runs.prepare?.(loaded);
      return { loaded, outputs: taps.outputs };
    } catch (error) {
      await loaded.release();
      throw error;
    }
  }

  async #measure({ loaded, outputs }: OpenTaps, feeds: NamedTensors): Promise<Measures> {
    const { step = (loaded, feeds, names) => loaded.run(feeds, names) } = this.#runs;
    const made = await step(loaded, feeds, [...outputs.values()].flat());
    return new Map([...outputs].map(([name, parts]) => [name, parts.flatMap((part) => made[part] ?? [])]));
  }
}
