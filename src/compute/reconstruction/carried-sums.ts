import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { LoadedModel, StepOutputs } from '../../runtime/model-runner.ts';
import type { CarriedPlace, LayerTap } from './layer-taps.ts';
import type { Shift } from './unshift-sums.ts';

interface ShiftChoice {
  readonly places: LayerTap['shifts'];
  readonly choose: (totals: DenseTensor) => Shift | undefined;
}

/** Sums that stay in the runtime's process from run to run. */
export class CarriedSums {
  readonly #places = new Map<string, { readonly place: CarriedPlace; readonly add: (part: DenseTensor) => void }>();
  readonly #shifts = new Map<string, DenseTensor>();
  /** By the output that says the totals of a run. */
  readonly #choices = new Map<string, ShiftChoice>();
  #isShifted = false;

  /** `add` takes what the runs since the last drain summed up to, or one zero where nothing was added. */
  set(place: CarriedPlace, add: (part: DenseTensor) => void): void {
    this.#places.set(place.input, { place, add });
  }

  /** Zeros until they are chosen: `choose` takes what the named output made of a run. */
  setShifts(totals: string, places: LayerTap['shifts'], choose: (totals: DenseTensor) => Shift | undefined): void {
    this.#choices.set(totals, { places, choose });
    for (const { input, length } of [places.inputs, places.targets])
      if (!this.#shifts.has(input)) this.#shifts.set(input, shiftOf(new Float64Array(length)));
  }

  #chooseShifts(made: NamedTensors): void {
    this.#isShifted = true;
    for (const [name, { places, choose }] of this.#choices) {
      const totals = made[name];
      const shift = totals && choose(totals);
      if (shift === undefined) continue;
      this.#shifts.set(places.inputs.input, shiftOf(shift.inputs));
      this.#shifts.set(places.targets.input, shiftOf(shift.targets));
    }
  }

  /** One zero for each sum, which grows with the first run, and the shifts. */
  async start(loaded: LoadedModel): Promise<void> {
    const inputs = new Set(loaded.signature.inputs.map(({ name }) => name));
    const zeros = this.#living(loaded).map(({ place }) => [place.input, zeroOf(place)] as const);
    const shifts = [...this.#shifts].filter(([name]) => inputs.has(name));
    await loaded.keep(Object.fromEntries([...zeros, ...shifts]));
  }

  /** One run of which only what is not carried comes back. The first is taken twice: once for about where the means are. */
  async advance(loaded: LoadedModel, feeds: NamedTensors, outputs: readonly string[]): Promise<NamedTensors> {
    if (!this.#isShifted) {
      this.#chooseShifts(await this.#run(loaded, feeds, outputs));
      await this.start(loaded);
    }
    return await this.#run(loaded, feeds, outputs);
  }

  async #run(loaded: LoadedModel, feeds: NamedTensors, outputs: readonly string[]): Promise<NamedTensors> {
    const isMade = new Set(outputs);
    const places = this.#living(loaded).flatMap(({ place }) => (isMade.has(place.output) ? [place] : []));
    const carry = Object.fromEntries(places.map(({ input, output }) => [output, input]));
    const step: StepOutputs = { outputs: outputs.filter((name) => !Object.hasOwn(carry, name)), carry };
    return await loaded.advance(feeds, step);
  }

  /** Fetches the sums one by one, so that only one is on its way, and starts them again. */
  async drain(loaded: LoadedModel): Promise<void> {
    for (const { place, add } of this.#living(loaded)) {
      const { [place.input]: part } = await loaded.kept([place.input]);
      if (part !== undefined) add(part);
    }
    await this.start(loaded);
  }

  /** Those of the model that was loaded: models in search of what the runtime refuses have fewer, or others. */
  #living({ signature }: LoadedModel) {
    const inputs = new Set(signature.inputs.map(({ name }) => name));
    return [...this.#places.values()].filter(({ place }) => inputs.has(place.input));
  }
}

function zeroOf({ rank }: CarriedPlace): DenseTensor {
  return { type: 'float32', dims: Array.from({ length: rank }, () => 1), data: Float32Array.of(0) };
}

function shiftOf(by: Float64Array): DenseTensor {
  return { type: 'float32', dims: [by.length], data: Float32Array.from(by) };
}
