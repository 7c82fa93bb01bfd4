import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import { elementCount } from '../../onnx/dense-tensor.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { LoadedModel } from '../../runtime/model-runner.ts';
import type { OptimizationLevel } from '../../runtime/runtime.ts';
import type { EditedModels } from '../load-edited.ts';
import { loadEdited } from '../load-edited.ts';
import type { StepState, TrainingStep } from './training-step.ts';

export interface TrainerOptions extends EditedModels {
  readonly step: TrainingStep;
  /** What the parameters start from, by name. */
  readonly initial: NamedTensors;
  /** `all` unless given. */
  readonly optimization?: OptimizationLevel;
}

/** Everything a training goes on from: parameters, moments, and the number of steps done. */
export interface TrainerState {
  readonly steps: number;
  /** By the names of the step's inputs. */
  readonly tensors: NamedTensors;
}

/** Takes steps in the runtime, where parameters and moments stay. */
export class Trainer {
  readonly #loaded: LoadedModel;
  readonly #step: TrainingStep;
  readonly #carry: Readonly<Record<string, string>>;
  #steps = 0;

  private constructor(loaded: LoadedModel, step: TrainingStep) {
    this.#loaded = loaded;
    this.#step = step;
    this.#carry = Object.fromEntries(step.state.map(({ input, output }) => [output, input]));
  }

  /** Loads the step and hands over what the parameters start from. Throws ModelError or RuntimeError. */
  static async open({ step, initial, optimization = 'all', ...models }: TrainerOptions): Promise<Trainer> {
    const trainer = new Trainer(await loadEdited(step.model, models, { optimization }), step);
    await trainer.restore({ steps: 0, tensors: initialState(step, initial) });
    return trainer;
  }

  get steps(): number {
    return this.#steps;
  }

  /** One step on a batch; returns `loss`, `gradientNorm` and what else is watched. Throws RuntimeError. */
  async run(
    feeds: NamedTensors,
    { learningRate }: { readonly learningRate: number },
  ): Promise<Readonly<Record<string, number>>> {
    const { watched } = this.#step;
    const scalars = this.#scalars(learningRate);
    const step = { outputs: [...watched.values()], carry: this.#carry };
    const outputs = await this.#loaded.advance({ ...feeds, ...scalars }, step);
    this.#steps++;
    return Object.fromEntries([...watched].map(([name, output]) => [name, numberOf(outputs[output])]));
  }

  /** The parameters as they are now, by name. */
  async parameters(): Promise<NamedTensors> {
    const values = this.#step.state.filter(({ role }) => role === 'value');
    const tensors = await this.#loaded.kept(values.map(({ input }) => input));
    return Object.fromEntries(
      values.flatMap(({ input, parameter }) => {
        const tensor = tensors[input];
        return tensor === undefined ? [] : [[parameter, tensor]];
      }),
    );
  }

  async state(): Promise<TrainerState> {
    return { steps: this.#steps, tensors: await this.#loaded.kept(this.#step.state.map(({ input }) => input)) };
  }

  /** Goes on from an earlier state of the same step. */
  async restore({ steps, tensors }: TrainerState): Promise<void> {
    await this.#loaded.keep(tensors);
    this.#steps = steps;
  }

  /** Gives the step's memory back. Never throws. */
  close(): Promise<void> {
    return this.#loaded.release();
  }

  #scalars(learningRate: number): NamedTensors {
    const { optimizer, scalars } = this.#step;
    const t = this.#steps + 1;
    const [beta1, beta2] = optimizer.kind === 'adamw' ? [optimizer.beta1 ?? 0.9, optimizer.beta2 ?? 0.999] : [0, 0];
    return {
      [scalars.learningRate]: scalar(learningRate),
      [scalars.correction1]: scalar(1 / (1 - beta1 ** t)),
      [scalars.correction2]: scalar(1 / (1 - beta2 ** t)),
    };
  }
}

function initialState({ state, untrained }: TrainingStep, initial: NamedTensors): NamedTensors {
  const trained = state.map((each) => [each.input, initialOf(each, initial)] as const);
  const others = [...untrained].map(([parameter, input]) => [input, startOf(parameter, initial)] as const);
  return Object.fromEntries([...trained, ...others]);
}

function initialOf({ parameter, role, dims }: StepState, initial: NamedTensors): DenseTensor {
  if (role === 'value') return startOf(parameter, initial);
  return { type: 'float32', dims, data: new Float32Array(elementCount(dims)) };
}

function startOf(parameter: string, initial: NamedTensors): DenseTensor {
  const tensor = initial[parameter];
  if (tensor === undefined) throw new RangeError(`nothing is given for '${parameter}' to start from`);
  return tensor;
}

function scalar(value: number): DenseTensor {
  return { type: 'float32', dims: [], data: Float32Array.of(value) };
}

function numberOf(tensor: DenseTensor | undefined): number {
  return tensor === undefined ? Number.NaN : (numbersOf(tensor)[0] ?? Number.NaN);
}
