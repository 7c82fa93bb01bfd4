import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { LoadedModel, StepOutputs } from '../../runtime/model-runner.ts';
import type { CarriedPlace } from './layer-taps.ts';

/** Sums that stay in the runtime's process from run to run. */
export class CarriedSums {
  readonly #places = new Map<string, { readonly place: CarriedPlace; readonly add: (part: DenseTensor) => void }>();

  /** `add` takes what the runs since the last drain summed up to, or one zero where nothing was added. */
  set(place: CarriedPlace, add: (part: DenseTensor) => void): void {
    this.#places.set(place.input, { place, add });
  }

  /** One zero for each sum: it grows with the first run. */
  async start(loaded: LoadedModel): Promise<void> {
    const zeros = this.#living(loaded).map(({ place }) => [place.input, zeroOf(place)] as const);
    await loaded.keep(Object.fromEntries(zeros));
  }

  /** One run of which only what is not carried comes back. */
  async advance(loaded: LoadedModel, feeds: NamedTensors, outputs: readonly string[]): Promise<NamedTensors> {
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
