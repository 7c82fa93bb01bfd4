import { basename } from 'node:path';
import type { Browser, CDPSession } from 'playwright-core';
import { RuntimeError } from '../../errors.ts';
import { monotonicNowMs } from '../monotonic-clock.ts';
import { WorkerFailure } from '../worker-process.ts';
import type { CallSubject } from '../worker-process.ts';
import type { BrowserTools } from './browser-tools.ts';
import type { BrowserProcessInfo } from './browser-usage.ts';
import { launchFlags } from './launch-flags.ts';
import type { PageCall, PageCalls, PageEvent, PageReply } from './page-protocol.ts';
import { PageServer } from './page-server.ts';
import { packParcel, unpackParcel } from './parcel.ts';

export interface BrowserPageOptions {
  readonly tools: BrowserTools;
  /** Folder of the compiled sources. */
  readonly codeFolder: string;
  /** For messages. */
  readonly modelPath: string;
  /** Longest silence before the browser is ended. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Pending {
  readonly subject: CallSubject;
  readonly resolve: (reply: PageCalls[PageCall]['result']) => void;
  readonly reject: (error: unknown) => void;
}

/** A browser that does not end when it is asked to is killed. */
const closeTimeoutMs = 5000;
const longestTimerMs = 2 ** 31 - 1;
/** A browser that has just been installed, or on a busy machine, takes its time to start. */
const leastStartMs = 30_000;

/**
 * A browser of its own with one page, and the calls it was asked, which it answers in their order. A silent page, a
 * dead browser, a lost adapter or an abort rejects them all.
 */
export class BrowserPage {
  readonly #options: BrowserPageOptions;
  readonly #pending: Pending[] = [];
  #server: PageServer | null = null;
  #browser: Browser | null = null;
  #devtools: CDPSession | null = null;
  #pid = 0;
  #timer: NodeJS.Timeout | null = null;
  #fate: unknown = null;
  #closing: Promise<void> | null = null;
  readonly #onAbort = () => this.#end(this.#options.signal?.reason);

  private constructor(options: BrowserPageOptions) {
    this.#options = options;
  }

  /** Starts the browser. Throws RuntimeError or the signal's reason; leaves no browser behind. */
  static async open(options: BrowserPageOptions): Promise<BrowserPage> {
    options.signal?.throwIfAborted();
    const page = new BrowserPage(options);
    try {
      await page.#start();
      return page;
    } catch (error) {
      await page.close();
      throw options.signal?.aborted === true ? options.signal.reason : error;
    }
  }

  get pid(): number {
    return this.#pid;
  }

  /** The program's name and version. */
  get browserName(): string {
    const name = basename(this.#options.tools.browserPath).replace(/\.exe$/i, '');
    return `${name} ${this.#browser?.version() ?? ''}`.trim();
  }

  /** Lets the page read a file; returns its URL. */
  offer(path: string): string {
    return this.#server?.offer(path) ?? '';
  }

  /** The browser's processes; none where it does not tell. Never rejects. */
  async processes(): Promise<readonly BrowserProcessInfo[]> {
    try {
      return (await this.#devtools?.send('SystemInfo.getProcessInfo'))?.processInfo ?? [];
    } catch {
      return [];
    }
  }

  /** Asks and waits. Rejects with WorkerFailure, RuntimeError or the signal's reason. */
  call<C extends PageCall>(
    call: C,
    argument: PageCalls[C]['argument'],
    subject: CallSubject = { model: this.#options.modelPath, stage: call },
  ): Promise<PageCalls[C]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#fate !== null) return reject(this.#fate);
      // The page answers in the order in which it was asked, so the reply has this call's type.
      this.#pending.push({ subject, resolve: resolve as Pending['resolve'], reject });
      this.#restartTimer();
      this.#server?.send(packParcel({ call, argument }));
    });
  }

  /** Ends the browser and waits until it is gone. Never throws. */
  async close(): Promise<void> {
    this.#end(new RuntimeError('process-unstartable', { problem: 'the session was closed' }));
    await this.#closing;
  }

  async #start(): Promise<void> {
    const { tools, codeFolder, signal } = this.#options;
    const { browserPath, runtimeFolder } = tools;
    this.#server = await PageServer.start({
      codeFolder,
      runtimeFolder,
      nowMs: monotonicNowMs,
      // What the page sends is what its protocol says.
      onAnswer: (parcel) => this.#onReply(unpackParcel(parcel) as PageReply),
      onEvent: (parcel) => this.#onEvent(unpackParcel(parcel) as PageEvent),
    });
    const timeout = this.#startTimeoutMs();
    // Ctrl-C is this process's affair: playwright would end it on the spot.
    const handlers = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    const args = [...launchFlags({ platform: process.platform, env: process.env })];
    try {
      this.#browser = await tools.chromium.launch({ executablePath: browserPath, args, timeout, ...handlers });
    } catch (cause) {
      throw unstartable(browserPath, cause);
    }
    signal?.throwIfAborted();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#browser.on('disconnected', () => this.#end(this.#died('browser')));
    await this.#openPage(this.#browser, this.#server.url);
  }

  async #openPage(browser: Browser, url: string): Promise<void> {
    try {
      this.#devtools = await browser.newBrowserCDPSession();
      this.#pid = (await this.processes()).find(({ type }) => type === 'browser')?.id ?? 0;
      const page = await browser.newPage();
      page.on('crash', () => this.#end(this.#died('page')));
      await page.goto(url, { timeout: this.#startTimeoutMs() });
    } catch (cause) {
      throw this.#fate ?? unstartable(this.#options.tools.browserPath, cause);
    }
  }

  #startTimeoutMs(): number {
    return Math.min(Math.max(this.#options.timeoutMs, leastStartMs), longestTimerMs);
  }

  #onReply(reply: PageReply): void {
    const pending = this.#settle();
    if (reply.kind === 'done') pending?.resolve(reply.result);
    else pending?.reject(new WorkerFailure(reply.problem));
  }

  #onEvent(event: PageEvent): void {
    if (event.kind === 'alive') {
      if (this.#pending.length > 0) this.#restartTimer();
      return;
    }
    const { problem } = event;
    if (event.kind === 'adapter-lost')
      return this.#end(new RuntimeError('adapter-lost', { ...this.#subject(), problem }));
    this.#end(new RuntimeError('process-unstartable', { problem: `the page cannot go on: ${problem}` }));
  }

  #restartTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { timeoutMs } = this.#options;
    this.#timer = setTimeout(
      () => this.#end(new RuntimeError('process-timeout', { ...this.#subject(), timeoutMs })),
      Math.min(timeoutMs, longestTimerMs),
    );
  }

  #settle(): Pending | null {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const pending = this.#pending.shift() ?? null;
    if (this.#pending.length > 0) this.#restartTimer();
    return pending;
  }

  /** Ends the browser, once, and tells whoever waits. The first reason is the one that counts. */
  #end(reason: unknown): void {
    this.#fate ??= reason;
    while (this.#pending.length > 0) this.#settle()?.reject(this.#fate);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#closing ??= this.#shutDown();
  }

  async #shutDown(): Promise<void> {
    await this.#server?.close();
    if (this.#browser === null) return;
    const gone = this.#browser.close().catch(() => undefined);
    const timer = setTimeout(() => killQuietly(this.#pid), closeTimeoutMs);
    await gone;
    clearTimeout(timer);
  }

  #died(what: 'browser' | 'page'): RuntimeError {
    return new RuntimeError('browser-died', { ...this.#subject(), what, browser: this.browserName });
  }

  #subject(): CallSubject {
    return this.#pending[0]?.subject ?? { model: this.#options.modelPath, stage: 'open' };
  }
}

function killQuietly(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

/** Playwright's text goes on with the whole command line and the browser's log. */
function unstartable(path: string, cause: unknown): RuntimeError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const library = /error while loading shared libraries: [^\n]*/.exec(text)?.[0];
  const [first = ''] = text.split('\n');
  const problem = `${path}: ${library ?? first.replace(/^browserType\.launch: /, '')}`;
  return new RuntimeError('process-unstartable', { problem }, { cause });
}
