import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { EvaluatedModel } from './evaluate-options.ts';

/** Runs a model and adds up the time in which it was running: runs that were sent early count from the end of the one before. */
export class TimedModel {
  readonly model: EvaluatedModel;
  readonly #nowMs: () => number;
  #busyMs = 0;
  #lastEndMs = -Infinity;

  constructor(model: EvaluatedModel, nowMs: () => number) {
    this.model = model;
    this.#nowMs = nowMs;
  }

  get busyMs(): number {
    return this.#busyMs;
  }

  /** @param outputs names of those to return; all for null */
  async run(feeds: NamedTensors, outputs: readonly string[] | null): Promise<NamedTensors> {
    const startMs = this.#nowMs();
    const returned = await this.model.loaded.run(feeds, outputs ?? undefined);
    const endMs = this.#nowMs();
    this.#busyMs += endMs - Math.max(startMs, this.#lastEndMs);
    this.#lastEndMs = endMs;
    return returned;
  }
}
