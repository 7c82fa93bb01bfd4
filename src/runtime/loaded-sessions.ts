import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { TensorShape } from './model-runner.ts';
import { fromOutputs, openOnnxSession, shapesOfOutputs, toFeeds } from './onnxruntime.ts';
import type { OnnxSession, OnnxSessionOptions } from './onnxruntime.ts';

export interface LoadedRun {
  readonly id: number;
  readonly feeds: NamedTensors;
  readonly outputs: readonly string[] | null;
}

/** Models that one process holds at a time, by the number each got when it was loaded. */
export class LoadedSessions {
  readonly #sessions = new Map<number, OnnxSession>();
  #loaded = 0;

  async load(options: OnnxSessionOptions): Promise<{ readonly id: number; readonly signature: ModelSignature }> {
    const session = await openOnnxSession(options);
    const id = ++this.#loaded;
    this.#sessions.set(id, session);
    return { id, signature: session.signature };
  }

  async run({ id, feeds, outputs }: LoadedRun): Promise<NamedTensors> {
    return fromOutputs(await this.#session(id).run(toFeeds(feeds), outputs ?? undefined));
  }

  async shapes({ id, feeds, outputs }: LoadedRun): Promise<Readonly<Record<string, TensorShape>>> {
    return shapesOfOutputs(await this.#session(id).run(toFeeds(feeds), outputs ?? undefined));
  }

  async release(id: number): Promise<void> {
    const session = this.#session(id);
    this.#sessions.delete(id);
    await session.release();
  }

  #session(id: number): OnnxSession {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new Error('the model was released');
    return session;
  }
}
