import { classifyFailure } from './classify-failure.ts';
import type { ProviderName } from './provider.ts';
import { WorkerFailure } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';
import type { WorkerCall, WorkerCalls } from './worker-protocol.ts';

/** What a call is about, for its errors. */
export interface WorkerSubject {
  readonly model: string;
  readonly provider: ProviderName;
  readonly stage: 'load' | 'run';
}

/** A process that several models share. It answers calls in their order; the next one is on its way meanwhile. */
export class SharedWorker {
  readonly #process: WorkerProcess;
  #isGone = false;

  constructor(process: WorkerProcess) {
    this.#process = process;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  close(): Promise<void> {
    this.#isGone = true;
    return this.#process.close();
  }

  async call<C extends WorkerCall>(
    call: C,
    argument: WorkerCalls[C]['argument'],
    { model, provider, stage }: WorkerSubject,
  ): Promise<WorkerCalls[C]['result']> {
    try {
      return await this.#process.call(call, argument, { model, stage });
    } catch (error) {
      if (error instanceof WorkerFailure) throw classifyFailure(error.message, { modelPath: model, provider, stage });
      // Anything else ended the process, or found it ended.
      await this.close();
      throw error;
    }
  }
}
