import { createRequire } from 'node:module';
import type { BrowserRuntime, BrowserRuntimeOptions } from './browser/browser-runtime.ts';
import type { ExternalFilesOf } from './browser/page-model.ts';
import { monitorGpu } from './gpu/monitor-gpu.ts';
import { readEnvironment } from './hardware/read-environment.ts';
import { readNoiseCounters } from './hardware/read-noise.ts';
import { readPinning } from './hardware/read-pinning.ts';
import { systemSource } from './hardware/system-source.ts';
import { monotonicNowMs } from './monotonic-clock.ts';
import { probeProvider } from './probe-provider.ts';
import { ProcessRunner } from './process-runner.ts';
import { ProcessSession } from './process-session.ts';
import { ProcessServer } from './serve/process-server.ts';
import { inBrowser, providersOf } from './provider.ts';
import type { BrowserProviderName, ProviderName } from './provider.ts';
import type { Runtime } from './runtime.ts';

const require = createRequire(import.meta.url);

/** A provider's first run may compile shaders for seconds. */
const probeTimeoutMs = 60_000;

/** A second at rest tells what a GPU draws; the driver alone may take several to start. */
const smiTimes = { intervalMs: 100, idleSamples: 10, startTimeoutMs: 10_000, silenceMs: 3000 };

export interface ProcessRuntimeOptions {
  /** Tells a page which files belong to a model. None unless given. */
  readonly externalFilesOf?: ExternalFilesOf;
}

/** onnxruntime-node behind the port, and onnxruntime-web in browsers: every session is a process of its own. */
export function createProcessRuntime(options: ProcessRuntimeOptions = {}): Runtime {
  // The compiled worker, also when this very file is run from source by a test.
  const entry = require.resolve('#worker');
  const { externalFilesOf = () => Promise.resolve([]) } = options;
  const browsers = lazyBrowsers({ entry, externalFilesOf, probeTimeoutMs });
  const source = systemSource();
  const askSmi = (args: readonly string[]) => source.run('nvidia-smi', args);
  return {
    nowMs: monotonicNowMs,
    open: async (options, signal) =>
      runsInBrowser(options)
        ? (await browsers()).open(options, signal)
        : ProcessSession.open({ ...options, entry, signal }),
    openServer: (options, signal) =>
      ProcessServer.open({ ...options, entry, generatorEntry: require.resolve('#load-generator'), signal }),
    openRunner: async (options, signal) =>
      runsInBrowser(options)
        ? (await browsers()).openRunner(options, signal)
        : new ProcessRunner({ ...options, entry, signal }),
    probeProvider: async (name, device, browser) =>
      inBrowser(name)
        ? (await browsers()).probe(name, browser)
        : probeProvider(name, {
            entry,
            timeoutMs: probeTimeoutMs,
            run: source.run,
            ...(device === undefined ? {} : { device }),
          }),
    environment: () => readEnvironment(source, software()),
    noiseCounters: () => readNoiseCounters(source),
    pinning: () => readPinning(source),
    monitorGpu: (device) =>
      monitorGpu({ ...smiTimes, device, file: 'nvidia-smi', env: source.env, ask: askSmi, nowMs: monotonicNowMs }),
  };
}

/** Loaded for who asks for it. */
function lazyBrowsers(options: BrowserRuntimeOptions): () => Promise<BrowserRuntime> {
  let loading: Promise<BrowserRuntime> | null = null;
  return () =>
    (loading ??= import('./browser/browser-runtime.ts').then(({ BrowserRuntime }) => new BrowserRuntime(options)));
}

function runsInBrowser<Options extends { readonly provider?: ProviderName }>(
  options: Options,
): options is Options & { readonly provider: BrowserProviderName } {
  return options.provider !== undefined && inBrowser(options.provider);
}

function software() {
  const { version: onnxruntime }: { version: string } = require('onnxruntime-node/package.json');
  return { node: process.versions.node, onnxruntime, providers: providersOf(process.platform, process.arch) };
}
