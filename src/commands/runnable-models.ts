import type { RunnableFile } from '../onnx/file/runnable-file.ts';
import { runnableModel } from '../onnx/file/runnable-model.ts';
import type { Workplace } from '../onnx/file/workplace.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface RunnableModels {
  /** The runtime, opening each model by the file that it can open. */
  readonly runtime: Runtime;
  /** That file, for whoever opens a model by another way. */
  pathOf(path: string): string;
  /** Removes what was written for it. */
  dispose(): void;
}

/**
 * Models beyond 2 GiB in one file, which onnxruntime refuses, are opened through a small file beside them. Throws
 * ModelError where none can be written.
 */
export async function runnableModels(
  paths: readonly string[],
  runtime: Runtime,
  workplace: Workplace,
): Promise<RunnableModels> {
  const files = new Map<string, RunnableFile>();
  const dispose = () => {
    for (const file of files.values()) file.dispose();
  };
  try {
    for (const path of paths) files.set(path, await runnableModel(path, workplace));
  } catch (error) {
    dispose();
    throw error;
  }
  const pathOf = (path: string) => files.get(path)?.path ?? path;
  const opening: Runtime = {
    ...delegating(runtime),
    open: (options, signal) => runtime.open({ ...options, modelPath: pathOf(options.modelPath) }, signal),
    openServer: (options, signal) => runtime.openServer({ ...options, modelPath: pathOf(options.modelPath) }, signal),
  };
  return { runtime: opening, pathOf, dispose };
}

/** The same runtime as a plain object, for the methods of a class are not copied. */
function delegating(runtime: Runtime): Runtime {
  return {
    nowMs: () => runtime.nowMs(),
    open: (options, signal) => runtime.open(options, signal),
    openServer: (options, signal) => runtime.openServer(options, signal),
    openRunner: (options, signal) => runtime.openRunner(options, signal),
    probeProvider: (...asked) => runtime.probeProvider(...asked),
    environment: () => runtime.environment(),
    noiseCounters: () => runtime.noiseCounters(),
    pinning: () => runtime.pinning(),
    monitorGpu: (device) => runtime.monitorGpu(device),
  };
}
