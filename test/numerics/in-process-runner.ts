import { classifyFailure } from '../../src/runtime/classify-failure.ts';
import { LoadedSessions } from '../../src/runtime/loaded-sessions.ts';
import type { LoadedModel, LoadOptions, ModelRunner, ModelSource } from '../../src/runtime/model-runner.ts';

/** A runner in this very process: no compiled worker is needed, but a crash takes the test along. */
export function inProcessRunner(): ModelRunner {
  const sessions = new LoadedSessions();
  return {
    load: (source, options = {}) => load(sessions, source, options),
    close: () => Promise.resolve(),
  };
}

async function load(
  sessions: LoadedSessions,
  source: ModelSource,
  { optimization = 'disabled', name = 'the model', ...others }: LoadOptions,
): Promise<LoadedModel> {
  const { id, signature } = await classified(name, 'load', () =>
    sessions.load({
      modelPath: '',
      ...modelOf(source),
      provider: 'cpu',
      threads: 1,
      optimization,
      strictProvider: false,
      ...others,
    }),
  );
  return {
    signature,
    run: (feeds, outputs) => classified(name, 'run', () => sessions.run({ id, feeds, outputs: outputs ?? null })),
    shapes: (feeds, outputs) => classified(name, 'run', () => sessions.shapes({ id, feeds, outputs: outputs ?? null })),
    keep: (tensors) => classified(name, 'run', async () => sessions.keep(id, tensors)),
    kept: (names) => classified(name, 'run', async () => sessions.kept(id, names)),
    advance: (feeds, step) => classified(name, 'run', () => sessions.advance({ id, feeds, ...step })),
    release: () => sessions.release(id).catch(() => undefined),
  };
}

function modelOf(source: ModelSource) {
  return 'path' in source ? { modelPath: source.path } : { bytes: source.bytes };
}

async function classified<T>(modelPath: string, stage: 'load' | 'run', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw classifyFailure(text, { modelPath, provider: 'cpu', stage });
  }
}
