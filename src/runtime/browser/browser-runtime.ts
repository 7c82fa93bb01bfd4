import { dirname } from 'node:path';
import { RuntimeError } from '../../errors.ts';
import type { ModelRunner, RunnerOptions } from '../model-runner.ts';
import type { BrowserProviderName, ProviderName, ProviderStatus } from '../provider.ts';
import type { Session, SessionOptions } from '../runtime.ts';
import { BrowserRunner } from './browser-runner.ts';
import { BrowserSession } from './browser-session.ts';
import { findBrowserTools } from './browser-tools.ts';
import type { BrowserTools } from './browser-tools.ts';
import type { ExternalFilesOf } from './page-model.ts';
import { probeBrowser } from './probe-browser.ts';

export interface BrowserRuntimeOptions {
  /** Compiled entry of the measuring process, beside which the page's code lies. */
  readonly entry: string;
  readonly externalFilesOf: ExternalFilesOf;
  readonly probeTimeoutMs: number;
}

type InBrowser<Options> = Options & { readonly provider: BrowserProviderName };

/** The part of the port that runs in browsers, each session in one of its own. */
export class BrowserRuntime {
  readonly #options: BrowserRuntimeOptions;
  /** The page loads its code by the same paths as the worker: below the folder of all compiled sources. */
  readonly #codeFolder: string;

  constructor(options: BrowserRuntimeOptions) {
    this.#options = options;
    this.#codeFolder = dirname(dirname(options.entry));
  }

  async open(options: InBrowser<SessionOptions>, signal?: AbortSignal): Promise<Session> {
    return BrowserSession.open({ ...options, ...(await this.#place(options)), signal });
  }

  async openRunner(options: InBrowser<RunnerOptions>, signal?: AbortSignal): Promise<ModelRunner> {
    return new BrowserRunner({ ...options, ...(await this.#place(options)), signal });
  }

  probe(name: BrowserProviderName, named?: string): Promise<ProviderStatus> {
    return probeBrowser(name, { codeFolder: this.#codeFolder, timeoutMs: this.#options.probeTimeoutMs, named });
  }

  async #place({ provider, browser }: { readonly provider: ProviderName; readonly browser?: string }): Promise<{
    readonly tools: BrowserTools;
    readonly codeFolder: string;
    readonly externalFilesOf: ExternalFilesOf;
  }> {
    const found = await findBrowserTools(browser);
    if (!found.found) throw new RuntimeError('provider-missing', { provider, reason: found.reason, cure: found.cure });
    return { tools: found.tools, codeFolder: this.#codeFolder, externalFilesOf: this.#options.externalFilesOf };
  }
}
