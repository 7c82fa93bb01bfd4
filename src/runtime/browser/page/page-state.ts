import { measureLoop } from '../../measure-loop.ts';
import type { NodePlacement } from '../../runtime.ts';
import { warmUpLoop } from '../../warm-up-loop.ts';
import type { PageCalls, PageFacts, PageModel, PageRequest } from '../page-protocol.ts';
import { adapterFacts } from './adapter-facts.ts';
import type { ConsoleTap } from './console-tap.ts';
import { countPlacedNodes } from './placed-nodes.ts';
import { pageGlobals } from './page-globals.ts';
import type { Gpu } from './page-globals.ts';
import { fromWebOutputs, loadWebRuntime, openWebSession, signatureOf, toWebFeeds } from './web-runtime.ts';
import type { WebFeeds, WebRuntime, WebSession } from './web-runtime.ts';

export interface PageStateOptions {
  /** Folder of onnxruntime-web, as a URL. */
  readonly runtimeUrl: string;
  /** None where the browser has no WebGPU. */
  readonly gpu: Gpu | undefined;
  readonly console: ConsoleTap;
  /** What to add to `performance.now()` for the clock of all processes. */
  readonly clockOffsetMs: () => Promise<number>;
  readonly onAlive: (nowMs: number) => void;
  readonly onAdapterLost: (problem: string) => void;
}

interface Loaded {
  readonly session: WebSession;
  readonly pool: readonly WebFeeds[];
}

/** The page's side: models, their inputs, and the answers to the calls of the process that measures. */
export class PageState {
  readonly #options: PageStateOptions;
  readonly #loaded = new Map<number, Loaded>();
  #runtime: WebRuntime | null = null;
  #opened = 0;
  #offsetMs = 0;

  constructor(options: PageStateOptions) {
    this.#options = options;
  }

  async answer(request: PageRequest): Promise<PageCalls[PageRequest['call']]['result']> {
    switch (request.call) {
      case 'open':
        return this.#open(request.argument);
      case 'run':
        return this.#run(request.argument);
      case 'setInputs':
        return this.#setInputs(request.argument);
      case 'warmUp':
        return this.#warmUp(request.argument);
      case 'measure':
        return this.#measure(request.argument);
      case 'placement':
        return this.#placement(request.argument);
      case 'release':
        return this.#release(request.argument);
    }
  }

  async #open(model: PageModel): Promise<PageCalls['open']['result']> {
    const runtime = (this.#runtime ??= await loadWebRuntime(model, this.#options.runtimeUrl));
    const { session, loadMs } = await openWebSession(runtime, model);
    const id = this.#opened++;
    this.#loaded.set(id, { session, pool: [] });
    if (id === 0) void this.#watchAdapter(runtime);
    return { id, signature: signatureOf(session), loadMs, facts: await this.#facts(runtime, model) };
  }

  async #facts(runtime: WebRuntime, { provider }: PageModel): Promise<PageFacts> {
    return {
      onnxruntimeWeb: runtime.env.versions.web ?? '',
      isIsolated: pageGlobals.crossOriginIsolated,
      adapter: provider === 'browser-webgpu' ? await adapterFacts(this.#options.gpu) : null,
    };
  }

  /** A run on a device that is gone may never end. */
  async #watchAdapter({ env }: WebRuntime): Promise<void> {
    const device = await env.webgpu?.device;
    const lost = await device?.lost;
    if (lost !== undefined) this.#options.onAdapterLost(lost.message === '' ? lost.reason : lost.message);
  }

  async #run({ id, feeds, outputs }: PageCalls['run']['argument']): Promise<PageCalls['run']['result']> {
    const { runtime, session } = this.#get(id);
    const given = toWebFeeds(runtime, feeds);
    const startMs = performance.now();
    const made = outputs === null ? await session.run(given) : await session.run(given, outputs);
    const elapsedMs = performance.now() - startMs;
    return { outputs: fromWebOutputs(made), elapsedMs };
  }

  #setInputs({ id, pool }: PageCalls['setInputs']['argument']): null {
    const { runtime, session } = this.#get(id);
    this.#loaded.set(id, { session, pool: pool.map((feeds) => toWebFeeds(runtime, feeds)) });
    return null;
  }

  async #warmUp({ id, rule }: PageCalls['warmUp']['argument']): Promise<PageCalls['warmUp']['result']> {
    const report = await warmUpLoop({ ...this.#loop(id), rule });
    this.#offsetMs = await this.#options.clockOffsetMs();
    pageGlobals.gc?.();
    return report;
  }

  async #measure({ id, rule }: PageCalls['measure']['argument']): Promise<PageCalls['measure']['result']> {
    const loop = this.#loop(id);
    // Timers are coarse, and what is left to the barrier is milliseconds.
    while (performance.now() + this.#offsetMs < rule.startAtMs);
    const recorder = await measureLoop({ ...loop, rule });
    return recorder.finish(this.#offsetMs);
  }

  async #placement(model: PageModel): Promise<readonly NodePlacement[]> {
    const runtime = (this.#runtime ??= await loadWebRuntime(model, this.#options.runtimeUrl));
    const lines = this.#options.console.collect();
    try {
      const { session } = await openWebSession(runtime, { ...model, isVerbose: true });
      await session.release();
      return countPlacedNodes(lines);
    } finally {
      this.#options.console.stopCollecting();
    }
  }

  async #release({ id }: PageCalls['release']['argument']): Promise<null> {
    const { session } = this.#get(id);
    this.#loaded.delete(id);
    await session.release();
    return null;
  }

  #loop(id: number) {
    const { session, pool } = this.#get(id);
    return { session, pool, now: () => performance.now(), onAlive: this.#options.onAlive };
  }

  #get(id: number): Loaded & { readonly runtime: WebRuntime } {
    const loaded = this.#loaded.get(id);
    if (loaded === undefined || this.#runtime === null) throw new Error('no such model is open');
    return { ...loaded, runtime: this.#runtime };
  }
}
