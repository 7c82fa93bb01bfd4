import type { OpenedModel } from '../../onnx/file/open-model.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { ModelRunner } from '../../runtime/model-runner.ts';
import { identifyModel } from '../identify-model.ts';
import { refuseMiscomputed } from '../miscomputed.ts';
import { requireProvider } from '../require-provider.ts';
import type { TrialContext, TrialRequest } from './trial-work.ts';

/** The model that a command was given, and where it runs. */
export interface OpenedOriginal {
  readonly environment: Environment;
  readonly threads: number;
  readonly original: {
    readonly opened: OpenedModel;
    readonly sha256: string;
    /** Data files counted. */
    readonly sizeBytes: number;
  };
  readonly runner: ModelRunner;
}

type Opening = Pick<TrialRequest, 'modelPath' | 'provider' | 'strictProvider' | 'timeoutMs'> & {
  /** Null: as many as there are usable cores. */
  readonly threads: number | null;
};

/** Opens a model and a process to run it in, and closes both after use. Throws as these do. */
export async function withOriginal<T>(
  request: Opening,
  { runtime, signal }: Pick<TrialContext, 'runtime' | 'signal'>,
  use: (original: OpenedOriginal) => Promise<T>,
): Promise<T> {
  const { sha256, sizeBytes } = await identifyModel(request.modelPath);
  await requireProvider(request.provider, runtime);
  const environment = await runtime.environment();
  const threads = request.threads ?? environment.cpu.usableCores;
  const { provider, strictProvider, timeoutMs } = request;
  const opened = openModel(request.modelPath);
  try {
    refuseMiscomputed(opened.model, { path: request.modelPath, ep: provider });
    const runner = await runtime.openRunner({ threads, provider, strictProvider, timeoutMs }, signal);
    try {
      return await use({ environment, threads, original: { opened, sha256, sizeBytes }, runner });
    } finally {
      await runner.close();
    }
  } finally {
    opened.close();
  }
}
