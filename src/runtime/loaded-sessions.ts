import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { StepOutputs, TensorShape } from './model-runner.ts';
import { fromOutputs, openOnnxSession, shapesOfOutputs, toFeeds } from './onnxruntime.ts';
import type { Feeds, OnnxSession, OnnxSessionOptions } from './onnxruntime.ts';

export interface LoadedRun {
  readonly id: number;
  readonly feeds: NamedTensors;
  readonly outputs: readonly string[] | null;
}

export interface LoadedStep extends StepOutputs {
  readonly id: number;
  readonly feeds: NamedTensors;
}

interface Loaded {
  readonly session: OnnxSession;
  /** Inputs that stay from run to run. */
  kept: Feeds;
}

/** Models that one process holds at a time, by the number each got when it was loaded. */
export class LoadedSessions {
  readonly #sessions = new Map<number, Loaded>();
  #loaded = 0;

  async load(options: OnnxSessionOptions): Promise<{ readonly id: number; readonly signature: ModelSignature }> {
    const session = await openOnnxSession(options);
    const id = ++this.#loaded;
    this.#sessions.set(id, { session, kept: {} });
    return { id, signature: session.signature };
  }

  async run({ id, feeds, outputs }: LoadedRun): Promise<NamedTensors> {
    const { session, kept } = this.#loadedAs(id);
    return fromOutputs(await session.run({ ...kept, ...toFeeds(feeds) }, outputs ?? undefined));
  }

  async shapes({ id, feeds, outputs }: LoadedRun): Promise<Readonly<Record<string, TensorShape>>> {
    const { session, kept } = this.#loadedAs(id);
    return shapesOfOutputs(await session.run({ ...kept, ...toFeeds(feeds) }, outputs ?? undefined));
  }

  keep(id: number, tensors: NamedTensors): void {
    const loaded = this.#loadedAs(id);
    loaded.kept = { ...loaded.kept, ...toFeeds(tensors) };
  }

  kept(id: number, names: readonly string[]): NamedTensors {
    const { kept } = this.#loadedAs(id);
    const missing = names.find((name) => !Object.hasOwn(kept, name));
    if (missing !== undefined) throw new Error(`nothing is kept as '${missing}'`);
    return fromOutputs(Object.fromEntries(Object.entries(kept).filter(([name]) => names.includes(name))));
  }

  async advance({ id, feeds, outputs, carry }: LoadedStep): Promise<NamedTensors> {
    const loaded = this.#loadedAs(id);
    const wanted = [...new Set([...outputs, ...Object.keys(carry)])];
    const made = Object.entries(await loaded.session.run({ ...loaded.kept, ...toFeeds(feeds) }, wanted));
    const carried = made.flatMap(([name, tensor]) => {
      const input = Object.hasOwn(carry, name) ? carry[name] : undefined;
      return input === undefined ? [] : [[input, tensor] as const];
    });
    loaded.kept = { ...loaded.kept, ...Object.fromEntries(carried) };
    return fromOutputs(Object.fromEntries(made.filter(([name]) => outputs.includes(name))));
  }

  async release(id: number): Promise<void> {
    const { session } = this.#loadedAs(id);
    this.#sessions.delete(id);
    await session.release();
  }

  #loadedAs(id: number): Loaded {
    const loaded = this.#sessions.get(id);
    if (loaded === undefined) throw new Error('the model was released');
    return loaded;
  }
}
