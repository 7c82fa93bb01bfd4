import type { Feeds, OnnxSession } from '../onnxruntime.ts';
import type { GenerationModel } from './generation-model.ts';
import type { GenerationRequest } from './generation.ts';
import { lastLogits, likeliestTokens } from './last-logits.ts';
import type { StepLogits } from './stepper.ts';
import { createStepper } from './stepper.ts';
import type { TokenRecorder } from './token-recorder.ts';

export interface GeneratorOptions {
  readonly session: Pick<OnnxSession, 'run'>;
  readonly model: GenerationModel;
  /** In ms; read three times a token. */
  readonly now: () => number;
  /** Called after each token with the time of the clock. */
  readonly onAlive?: (nowMs: number) => void;
}

/** What a request led to. */
export interface Generated {
  readonly ids: readonly (readonly number[])[];
  /** By token and sequence; empty unless asked for. */
  readonly logits: readonly Float32Array[];
  /** The cache after the last run. */
  readonly cache: Feeds;
}

/**
 * Writes text: the prompts in one run, then a token of each sequence a run. A token is there once it is chosen, so that
 * choosing it is part of its time; what is not spent in the session's `run` is the time outside of the model.
 *
 * This is the code that `npm run bench:language` holds against a bare loop.
 */
export async function generate(
  options: GeneratorOptions,
  request: GenerationRequest,
  recorder: TokenRecorder,
): Promise<Generated> {
  const { session, model, now, onAlive } = options;
  let insideMs = 0;
  const stepper = createStepper(model, request.useCache, async (feeds, outputs) => {
    const fromMs = now();
    const made = await session.run(feeds, outputs);
    insideMs += now() - fromMs;
    return made;
  });
  const text = new GrowingText(request);
  recorder.begin(now());
  while (!text.isDone) {
    text.add(await stepper.advance(text.sequences));
    const nowMs = now();
    recorder.token(nowMs);
    onAlive?.(nowMs);
  }
  recorder.end({ insideMs, produced: text.produced, prompted: text.prompted });
  return { ids: text.made, logits: text.logits, cache: stepper.cache };
}

/** Sequences and the tokens that were added to them. */
class GrowingText {
  readonly sequences: number[][];
  readonly made: number[][];
  readonly logits: Float32Array[] = [];
  readonly #request: GenerationRequest;
  readonly #stopIds: ReadonlySet<number>;
  readonly #ended: boolean[];
  #steps = 0;

  constructor(request: GenerationRequest) {
    this.#request = request;
    this.#stopIds = new Set(request.stopIds);
    this.sequences = request.prompts.map((prompt) => [...prompt]);
    this.made = request.prompts.map(() => []);
    this.#ended = request.prompts.map(() => false);
  }

  get isDone(): boolean {
    return this.#steps >= this.#request.newTokens || (this.#ended.length > 0 && this.#ended.every((ended) => ended));
  }

  get produced(): number {
    return this.made.reduce((total, tokens) => total + tokens.length, 0);
  }

  get prompted(): number {
    return this.#request.prompts.reduce((total, prompt) => total + prompt.length, 0);
  }

  add({ logits, at }: StepLogits): void {
    const { follow, keepLogits } = this.#request;
    if (keepLogits === true) this.logits.push(...lastLogits(logits, at));
    const tokens = likeliestTokens(logits, at);
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index] ?? 0;
      // A sequence that has ended goes on with the others, for the batch is one tensor: what it says is not counted.
      this.sequences[index]?.push(follow?.[index]?.[this.#steps] ?? token);
      if (this.#ended[index] === true) continue;
      this.made[index]?.push(token);
      if (this.#stopIds.has(token)) this.#ended[index] = true;
    }
    this.#steps += 1;
  }
}
