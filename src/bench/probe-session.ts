import { InferError, RuntimeError } from '../errors.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { Session } from '../runtime/runtime.ts';
import type { BenchOptions } from './bench-options.ts';
import type { Probe } from './probe-model.ts';
import { sessionOptions } from './session-options.ts';

/** One model on one provider, opened when it is first needed; a process that died with a case is replaced for the next. */
export class ProbeSession {
  #session: Session | null = null;
  #openMs = 0;
  readonly #options: BenchOptions;
  readonly #subject: { readonly path: string; readonly ep: ProviderName };

  constructor(options: BenchOptions, subject: { readonly path: string; readonly ep: ProviderName }) {
    this.#options = options;
    this.#subject = subject;
  }

  /** How long opening it took, in ms. */
  get openMs(): number {
    return this.#openMs;
  }

  /**
   * What probing a case told. A run that died is this case's affair; a bad input or model is thrown, for it stops
   * everything before time is spent.
   */
  async attempt(probe: (session: Session) => Promise<Probe>): Promise<Probe> {
    try {
      return await probe(await this.#open());
    } catch (error) {
      await this.close();
      if (!(error instanceof InferError) || !(error instanceof RuntimeError)) throw error;
      return { status: 'failed', reason: error.finding };
    }
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = null;
  }

  async #open(): Promise<Session> {
    if (this.#session !== null) return this.#session;
    const { runtime, signal } = this.#options;
    const startMs = runtime.nowMs();
    this.#session = await runtime.open(sessionOptions(this.#options, this.#subject), signal);
    this.#openMs = runtime.nowMs() - startMs;
    return this.#session;
  }
}
