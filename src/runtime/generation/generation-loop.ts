import { measureLoop } from '../measure-loop.ts';
import type { Feeds } from '../onnxruntime.ts';
import type { MeasureRule, WarmUpReport, WarmUpRule } from '../runtime.ts';
import type { TimeRecorder } from '../time-recorder.ts';
import { isSettled } from '../warm-up-loop.ts';
import type { GenerationRequest, TokenTimes } from './generation.ts';
import { generate } from './generator.ts';
import type { GeneratorOptions } from './generator.ts';
import { TokenRecorder } from './token-recorder.ts';

/** Times that copying is tried; the shortest counts, for what else the machine does makes it longer. */
const copyTrials = 5;

/** Cycles through requests, as the loops for single runs cycle through inputs. */
export class GenerationLoop {
  readonly #options: GeneratorOptions;
  readonly #requests: readonly GenerationRequest[];
  #recorder = new TokenRecorder();
  #cache: Feeds = {};

  constructor(options: GeneratorOptions, requests: readonly GenerationRequest[]) {
    this.#options = options;
    this.#requests = requests;
  }

  /** Until the times between tokens have settled: a request has many, so that a few requests tell. */
  async warmUp(rule: WarmUpRule): Promise<WarmUpReport> {
    const { now } = this.#options;
    const recorder = new TokenRecorder();
    const beganMs = now();
    for (let runs = 1; ; runs++) {
      const request = this.#requests[(runs - 1) % this.#requests.length];
      if (request === undefined) throw new RangeError('there are no requests');
      await generate(this.#options, request, recorder);
      const elapsedMs = now() - beganMs;
      const settled = isSettled(recorder.itlMs, rule.tolerance);
      if (runs < rule.minRuns || elapsedMs < rule.minMs) continue;
      if (settled || elapsedMs >= rule.maxMs) return { runs, elapsedMs, settled };
    }
  }

  measure(rule: Omit<MeasureRule, 'startAtMs'>): Promise<TimeRecorder> {
    this.#recorder = new TokenRecorder();
    const { now } = this.#options;
    const session = {
      run: async (request: GenerationRequest) => {
        // Two at a time would be as much memory again.
        this.#cache = {};
        ({ cache: this.#cache } = await generate(this.#options, request, this.#recorder));
      },
    };
    // Its own calls of `onAlive` come after every token.
    return measureLoop({ session, pool: this.#requests, rule, now });
  }

  /** Of what was measured last. The cache is copied for it, and let go. */
  takeTimes(): TokenTimes {
    const copyMs = copyTimeMs(this.#cache, this.#options.now);
    this.#cache = {};
    return this.#recorder.finish(copyMs);
  }
}

/**
 * The runtime's JavaScript side hands out outputs as copies, which is part of its `run`: how long that takes for the
 * whole cache is told by doing it once more.
 */
function copyTimeMs(cache: Feeds, now: () => number): number | null {
  const parts = Object.values(cache).flatMap(({ data }) => (ArrayBuffer.isView(data) ? [data] : []));
  if (parts.length === 0) return null;
  const times = Array.from({ length: copyTrials }, () => {
    const fromMs = now();
    for (const part of parts) part.slice();
    return now() - fromMs;
  });
  return Math.min(...times);
}
