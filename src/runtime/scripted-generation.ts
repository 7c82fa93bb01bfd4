import type { GenerationReport, GenerationRequest, GenerationSession } from './generation/generation.ts';
import { TokenRecorder } from './generation/token-recorder.ts';
import type { SessionOptions } from './runtime.ts';

/** Which token of which request is asked for. */
export interface ScriptedToken {
  readonly options: SessionOptions;
  /** Sessions opened before this one, in the whole run. */
  readonly opened: number;
  /** Requests made before this one in the session. */
  readonly run: number;
  readonly request: GenerationRequest;
  /** Tokens made before this one. */
  readonly token: number;
}

export interface ScriptedGeneration {
  /** Time until a token is there, from the one before or from the start. Throw to make the session fail. */
  readonly tokenMs: (token: ScriptedToken) => number;
  /** Of that time, the share inside the runtime's calls; all of it unless given. */
  readonly insideShare?: number;
  /** Null unless given. */
  readonly copyMs?: number | null;
  /** All 0 unless given. */
  readonly ids?: (request: GenerationRequest, options: SessionOptions) => readonly (readonly number[])[];
  /** A 1 for every token of every sequence unless given. */
  readonly logits?: (request: GenerationRequest, options: SessionOptions) => Float32Array;
}

type Where = Pick<ScriptedToken, 'options' | 'opened'>;

/** Plays a session that writes text, on a clock that only it and its likes move. */
export class ScriptedWriter implements GenerationSession {
  recorder = new TokenRecorder();
  #requests: readonly GenerationRequest[] | null = null;
  #run = 0;
  readonly #script: ScriptedGeneration;
  readonly #where: Where;
  readonly #advance: (ms: number) => void;

  constructor(script: ScriptedGeneration, where: Where, advance: (ms: number) => void) {
    this.#script = script;
    this.#where = where;
    this.#advance = advance;
  }

  generate(_: unknown, request: GenerationRequest): Promise<GenerationReport> {
    const elapsedMs = this.#write(request, new TokenRecorder());
    this.#advance(elapsedMs);
    const { options } = this.#where;
    const logits = this.#script.logits ?? (() => new Float32Array(request.newTokens * request.prompts.length).fill(1));
    const kept = request.keepLogits === true ? logits(request, options) : null;
    return Promise.resolve({ ids: this.#ids(request), logits: kept, elapsedMs });
  }

  setRequests(_: unknown, requests: readonly GenerationRequest[]): Promise<void> {
    this.#requests = requests;
    return Promise.resolve();
  }

  get hasRequests(): boolean {
    return this.#requests !== null;
  }

  /** Service time of the next of the requests that were handed over. */
  takeMs(runs: number): number {
    const request = this.#requests?.[runs % this.#requests.length];
    if (request === undefined) throw new RangeError('there are no requests');
    return this.#write(request, this.recorder);
  }

  takeTimes() {
    const { recorder } = this;
    this.recorder = new TokenRecorder();
    return recorder.finish(this.#script.copyMs ?? null);
  }

  #ids(request: GenerationRequest): readonly (readonly number[])[] {
    const zeros = () => request.prompts.map(() => Array<number>(request.newTokens).fill(0));
    return this.#script.ids?.(request, this.#where.options) ?? zeros();
  }

  #write(request: GenerationRequest, recorder: TokenRecorder): number {
    const produced = this.#ids(request);
    const steps = Math.max(...produced.map((tokens) => tokens.length));
    const run = this.#run++;
    let ms = 0;
    recorder.begin(0);
    for (let token = 0; token < steps; token++) {
      ms += this.#script.tokenMs({ ...this.#where, run, request, token });
      recorder.token(ms);
    }
    recorder.end({
      insideMs: ms * (this.#script.insideShare ?? 1),
      produced: tokensOf(produced),
      prompted: tokensOf(request.prompts),
    });
    return ms;
  }
}

function tokensOf(sequences: readonly (readonly number[])[]): number {
  return sequences.reduce((total, tokens) => total + tokens.length, 0);
}
