import { createRandom } from '../../stats/seeded-random.ts';
import type { Random } from '../../stats/seeded-random.ts';
import { waitedFor } from './expected-steps.ts';
import { drawerOf } from './spread.ts';
import type { CallTokens, StepServer } from './step-server.ts';
import type { WorkflowStep } from './workflow.ts';

/** Which end of what is known of the servers' times. */
export type Bound = 'value' | 'low' | 'high';

/** What a step did for one request. */
export interface StepRun {
  /** From its start until it was waited for no longer. */
  readonly ms: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens that it leaves to later steps. */
  readonly kept: number;
}

/**
 * Plays one step again and again. Every kind of chance has a stream of its own, so that other times change neither which
 * calls fail nor how long the others take.
 */
export class StepPlayer {
  /** When the calls of the last run were made, since the step's start. */
  readonly callsAtMs: number[] = [];
  readonly #step: WorkflowStep;
  readonly #coin: Random;
  readonly #width: Random;
  readonly #failure: Random;
  readonly #input: () => number;
  readonly #output: () => number;
  readonly #timeMs: (tokens: CallTokens) => number;
  /** When each call of the last run was done. */
  readonly #endsMs: number[] = [];

  constructor(
    step: WorkflowStep,
    server: StepServer,
    { seed, bound }: { readonly seed: number; readonly bound: Bound },
  ) {
    const stream = (purpose: string): Random => createRandom(seed, 'workflow', step.name, purpose);
    const draw = server.time?.drawer(stream('time')) ?? (() => 0);
    const scale = bound === 'value' ? 1 : (server.time?.[bound] ?? 1);
    this.#step = step;
    this.#coin = stream('coin');
    this.#width = stream('fan-out');
    this.#failure = stream('failure');
    this.#input = drawerOf(step.input, stream('input'));
    this.#output = drawerOf(step.output, stream('output'));
    this.#timeMs = (tokens) => draw(tokens) * scale;
  }

  /** Whether a request does the step, as far as its own probability goes. */
  comesUp(): boolean {
    return this.#coin.next() < this.#step.probability;
  }

  /** @param context tokens that the steps before have written */
  play(context: number): StepRun {
    this.callsAtMs.length = 0;
    const { fanOut, accumulates, isParallel, join } = this.#step;
    const count = fanOut.min + this.#width.integer(fanOut.max - fanOut.min + 1);
    const waited = isParallel ? waitedFor(join, count) : count;
    const run = { ms: 0, calls: 0, inputTokens: 0, outputTokens: 0, kept: 0 };
    let read = accumulates ? context : 0;
    this.#endsMs.length = 0;
    for (let index = 0; index < count; index++) {
      const startMs = isParallel ? 0 : run.ms;
      const written = this.#call(run, { read, startMs });
      // Which answers are kept does not hang on how long they are.
      if (index < waited) run.kept += written;
      if (isParallel) continue;
      run.ms = this.#endsMs[index] ?? 0;
      if (accumulates) read += written;
    }
    if (isParallel) run.ms = waited === count ? largest(this.#endsMs) : nthSmallest(this.#endsMs, waited);
    return run;
  }

  /** One call until it succeeds or is given up. Returns the tokens of the last attempt. */
  #call(run: { -readonly [Key in keyof StepRun]: number }, from: { readonly read: number; readonly startMs: number }) {
    const { probability, max } = this.#step.retries;
    const input = this.#input() + from.read;
    let ms = from.startMs;
    for (let attempt = 0; ; attempt++) {
      this.callsAtMs.push(ms);
      const output = this.#output();
      ms += this.#timeMs({ input, output });
      run.calls += 1;
      run.inputTokens += input;
      run.outputTokens += output;
      if (attempt < max && this.#failure.next() < probability) continue;
      this.#endsMs.push(ms);
      return output;
    }
  }
}

function largest(values: readonly number[]): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function nthSmallest(values: readonly number[], n: number): number {
  return values.toSorted((one, other) => one - other)[n - 1] ?? 0;
}
