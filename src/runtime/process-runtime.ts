import { createRequire } from 'node:module';
import { readEnvironment } from './hardware/read-environment.ts';
import { readNoiseCounters } from './hardware/read-noise.ts';
import { systemSource } from './hardware/system-source.ts';
import { monotonicNowMs } from './monotonic-clock.ts';
import { probeProvider } from './probe-provider.ts';
import { ProcessRunner } from './process-runner.ts';
import { ProcessSession } from './process-session.ts';
import { providersOf } from './provider.ts';
import type { Runtime } from './runtime.ts';

const require = createRequire(import.meta.url);

/** A provider's first run may compile shaders for seconds. */
const probeTimeoutMs = 60_000;

/** onnxruntime-node behind the port: every session is a process of its own. */
export function createProcessRuntime(): Runtime {
  // The compiled worker, also when this very file is run from source by a test.
  const entry = require.resolve('#worker');
  const source = systemSource();
  return {
    nowMs: monotonicNowMs,
    open: (options, signal) => ProcessSession.open({ ...options, entry, signal }),
    openRunner: (options, signal) => Promise.resolve(new ProcessRunner({ ...options, entry, signal })),
    probeProvider: (name) => probeProvider(name, { entry, timeoutMs: probeTimeoutMs }),
    environment: () => readEnvironment(source, software()),
    noiseCounters: () => readNoiseCounters(source),
  };
}

function software() {
  const { version: onnxruntime }: { version: string } = require('onnxruntime-node/package.json');
  return { node: process.versions.node, onnxruntime, providers: providersOf(process.platform, process.arch) };
}
