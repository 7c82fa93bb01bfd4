import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferError, RuntimeError } from '../../errors.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { ModelSignature } from '../../onnx/signature.ts';
import { classifyFailure } from '../classify-failure.ts';
import type {
  LoadedModel,
  LoadOptions,
  ModelRunner,
  ModelSource,
  RunnerOptions,
  StepOutputs,
  TensorShape,
} from '../model-runner.ts';
import type { BrowserProviderName } from '../provider.ts';
import { WorkerFailure } from '../worker-process.ts';
import { BrowserPage } from './browser-page.ts';
import type { BrowserPageOptions } from './browser-page.ts';
import { pageModel } from './page-model.ts';
import type { ExternalFilesOf } from './page-model.ts';

export interface BrowserRunnerOptions extends RunnerOptions, Pick<BrowserPageOptions, 'tools' | 'codeFolder'> {
  readonly provider: BrowserProviderName;
  readonly externalFilesOf: ExternalFilesOf;
  readonly signal?: AbortSignal | undefined;
}

/** Models in one page, in a browser that a load starts and that its failure ends. */
export class BrowserRunner implements ModelRunner {
  readonly #options: BrowserRunnerOptions;
  #page: BrowserPage | null = null;
  #folder: string | null = null;
  #written = 0;

  constructor(options: BrowserRunnerOptions) {
    this.#options = options;
  }

  async load(source: ModelSource, { optimization = 'disabled', config = {}, name }: LoadOptions = {}) {
    const { provider, strictProvider = false, threads, externalFilesOf } = this.#options;
    const path = 'path' in source ? source.path : await this.#write(source.bytes);
    const model = name ?? ('path' in source ? source.path : 'the model');
    const page = await this.#living(model);
    const how = { path, provider, strictProvider, threads, optimization, config, externalFilesOf };
    const ask = asker(page, { model, provider, onGone: () => this.#forget(page) });
    const { id, signature } = await ask('load', async () => page.call('open', await pageModel(page, how)));
    return new BrowserModel({ page, id, signature, ask });
  }

  async close(): Promise<void> {
    await this.#page?.close();
    this.#page = null;
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }

  async #living(model: string): Promise<BrowserPage> {
    this.#page ??= await BrowserPage.open({ ...this.#options, modelPath: model });
    return this.#page;
  }

  #forget(page: BrowserPage): void {
    if (this.#page === page) this.#page = null;
  }

  /** The page reads models from files. */
  async #write(bytes: Uint8Array): Promise<string> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'infer-browser-'));
    const path = join(this.#folder, `${this.#written++}.onnx`);
    await writeFile(path, bytes);
    return path;
  }
}

type Ask = <Result>(stage: 'load' | 'run', call: () => Promise<Result>) => Promise<Result>;

function asker(
  page: BrowserPage,
  { model, provider, onGone }: { model: string; provider: BrowserProviderName; onGone: () => void },
): Ask {
  return async (stage, call) => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof WorkerFailure) throw classifyFailure(error.message, { modelPath: model, provider, stage });
      if (error instanceof InferError) {
        // Anything else ended the browser, or found it ended.
        onGone();
        await page.close();
      }
      throw error;
    }
  };
}

interface BrowserModelOptions {
  readonly page: BrowserPage;
  readonly id: number;
  readonly signature: ModelSignature;
  readonly ask: Ask;
}

/** What is kept from step to step stays in this process: a page is nothing to train in. */
class BrowserModel implements LoadedModel {
  readonly signature: ModelSignature;
  readonly #page: BrowserPage;
  readonly #id: number;
  readonly #ask: Ask;
  #kept: NamedTensors = {};

  constructor({ page, id, signature, ask }: BrowserModelOptions) {
    this.#page = page;
    this.#id = id;
    this.#ask = ask;
    this.signature = signature;
  }

  async run(feeds: NamedTensors, outputs?: readonly string[]): Promise<NamedTensors> {
    const argument = { id: this.#id, feeds: { ...this.#kept, ...feeds }, outputs: outputs ?? null };
    return (await this.#ask('run', () => this.#page.call('run', argument))).outputs;
  }

  async shapes(feeds: NamedTensors, outputs?: readonly string[]): Promise<Readonly<Record<string, TensorShape>>> {
    const made = Object.entries(await this.run(feeds, outputs));
    return Object.fromEntries(made.map(([name, { type, dims }]) => [name, { type, dims }]));
  }

  keep(tensors: NamedTensors): Promise<void> {
    this.#kept = { ...this.#kept, ...tensors };
    return Promise.resolve();
  }

  async kept(names: readonly string[]): Promise<NamedTensors> {
    const missing = names.find((name) => !Object.hasOwn(this.#kept, name));
    if (missing !== undefined)
      throw new RuntimeError('process-unstartable', { problem: `nothing is kept as '${missing}'` });
    return Object.fromEntries(Object.entries(this.#kept).filter(([name]) => names.includes(name)));
  }

  async advance(feeds: NamedTensors, { outputs, carry }: StepOutputs): Promise<NamedTensors> {
    const made = Object.entries(await this.run(feeds, [...new Set([...outputs, ...Object.keys(carry)])]));
    const carried = made.flatMap(([name, tensor]) => {
      const input = Object.hasOwn(carry, name) ? carry[name] : undefined;
      return input === undefined ? [] : [[input, tensor] as const];
    });
    this.#kept = { ...this.#kept, ...Object.fromEntries(carried) };
    return Object.fromEntries(made.filter(([name]) => outputs.includes(name)));
  }

  async release(): Promise<void> {
    // A page that is gone holds no model.
    await this.#page.call('release', { id: this.#id }).catch(() => undefined);
  }
}
