import { InferError, RuntimeError } from '../../errors.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { ModelSignature } from '../../onnx/signature.ts';
import { classifyFailure } from '../classify-failure.ts';
import type { BrowserProviderName } from '../provider.ts';
import type { Measurement, MeasureRule, NodePlacement, RunReport, Session, SessionOptions } from '../runtime.ts';
import type { WarmUpReport, WarmUpRule } from '../runtime.ts';
import { WorkerFailure } from '../worker-process.ts';
import type { BrowserFacts } from './browser-facts.ts';
import { BrowserPage } from './browser-page.ts';
import type { BrowserPageOptions } from './browser-page.ts';
import { cpuMsOf, peakRssOf, readPeakOf } from './browser-usage.ts';
import { pageModel } from './page-model.ts';
import type { ExternalFilesOf } from './page-model.ts';
import type { PageCall, PageCalls, PageModel } from './page-protocol.ts';

export interface BrowserSessionOptions extends SessionOptions, Pick<BrowserPageOptions, 'tools' | 'codeFolder'> {
  readonly provider: BrowserProviderName;
  readonly externalFilesOf: ExternalFilesOf;
  readonly signal?: AbortSignal | undefined;
}

/** A session in a browser of its own: nothing that another one left (shaders, compiled code) is found by this one. */
export class BrowserSession implements Session {
  readonly signature: ModelSignature;
  readonly loadMs: number;
  readonly browser: BrowserFacts;
  readonly #page: BrowserPage;
  readonly #model: PageModel;
  readonly #options: BrowserSessionOptions;
  readonly #id: number;

  private constructor(
    page: BrowserPage,
    opened: PageCalls['open']['result'],
    how: { readonly model: PageModel; readonly options: BrowserSessionOptions },
  ) {
    this.signature = opened.signature;
    this.loadMs = opened.loadMs;
    this.browser = { browser: page.browserName, ...opened.facts };
    this.#id = opened.id;
    this.#page = page;
    this.#model = how.model;
    this.#options = how.options;
  }

  /** Starts the browser and loads the model. Throws ModelError or RuntimeError; leaves no browser behind. */
  static async open(options: BrowserSessionOptions): Promise<BrowserSession> {
    const page = await BrowserPage.open(options);
    try {
      const model = await pageModel(page, { ...options, path: options.modelPath });
      return new BrowserSession(page, await page.call('open', model), { model, options });
    } catch (error) {
      await page.close();
      throw explain(error, options, 'load');
    }
  }

  get pid(): number {
    return this.#page.pid;
  }

  run(feeds: NamedTensors): Promise<RunReport> {
    return this.#call('run', { id: this.#id, feeds, outputs: null });
  }

  async setInputs(pool: readonly NamedTensors[]): Promise<void> {
    await this.#call('setInputs', { id: this.#id, pool });
  }

  warmUp(rule: WarmUpRule): Promise<WarmUpReport> {
    return this.#call('warmUp', { id: this.#id, rule });
  }

  async measure(rule: MeasureRule): Promise<Measurement> {
    // Not waited for: the barrier is near.
    const before = this.#page.processes();
    const times = await this.#call('measure', { id: this.#id, rule });
    const cpuMs = cpuMsOf(await this.#page.processes()) - cpuMsOf(await before);
    return { ...times, cpuMs, involuntarySwitches: null };
  }

  async peakRssBytes(): Promise<number | null> {
    return peakRssOf(await this.#page.processes(), readPeakOf);
  }

  /** From the log of a session of its own: a run tells nothing. */
  placement(): Promise<readonly NodePlacement[]> {
    return this.#call('placement', this.#model);
  }

  arenaPeakBytes(): Promise<null> {
    return Promise.resolve(null);
  }

  profile(): Promise<never> {
    return Promise.reject(this.#noTimes());
  }

  profileRuns(): Promise<never> {
    return Promise.reject(this.#noTimes());
  }

  close(): Promise<void> {
    return this.#page.close();
  }

  #noTimes(): RuntimeError {
    return new RuntimeError('no-node-times', { provider: this.#options.provider });
  }

  async #call<C extends PageCall>(call: C, argument: PageCalls[C]['argument']): Promise<PageCalls[C]['result']> {
    try {
      return await this.#page.call(call, argument);
    } catch (error) {
      throw explain(error, this.#options, 'run');
    }
  }
}

function explain(error: unknown, options: BrowserSessionOptions, stage: 'load' | 'run'): unknown {
  if (error instanceof InferError || !(error instanceof WorkerFailure)) return error;
  return classifyFailure(error.message, { modelPath: options.modelPath, provider: options.provider, stage });
}
