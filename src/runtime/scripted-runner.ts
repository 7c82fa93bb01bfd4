import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { LoadedModel, LoadOptions, ModelRunner, ModelSource, RunnerOptions } from './model-runner.ts';
import type { Session, SessionOptions } from './runtime.ts';

/** A runner whose models are the script's sessions: its clock and its outputs are theirs. */
export function scriptedRunner(
  open: (options: SessionOptions) => Promise<Session>,
  { threads, provider = 'cpu', strictProvider = false, timeoutMs }: RunnerOptions,
): ModelRunner {
  const living = new Set<Session>();
  return {
    async load(source, options = {}) {
      const process = { provider, threads, timeoutMs, strictProvider };
      const session = await open({ ...process, ...modelOf(source, options) });
      living.add(session);
      return loadedModel(session, () => living.delete(session));
    },
    async close() {
      for (const session of living) await session.close();
      living.clear();
    },
  };
}

function modelOf(source: ModelSource, { optimization = 'disabled', name }: LoadOptions) {
  return { modelPath: name ?? ('path' in source ? source.path : 'the model'), optimization };
}

function loadedModel(session: Session, forget: () => boolean): LoadedModel {
  let kept: NamedTensors = {};
  const run = async (feeds: NamedTensors, outputs?: readonly string[]) => {
    const entries = Object.entries((await session.run({ ...kept, ...feeds })).outputs);
    return Object.fromEntries(entries.filter(([name]) => outputs?.includes(name) !== false));
  };
  return {
    signature: session.signature,
    run,
    shapes: async (feeds, outputs) => {
      const entries = Object.entries(await run(feeds, outputs));
      return Object.fromEntries(entries.map(([name, { type, dims }]) => [name, { type, dims }]));
    },
    keep: async (tensors) => void (kept = { ...kept, ...tensors }),
    kept: async (names) => Object.fromEntries(Object.entries(kept).filter(([name]) => names.includes(name))),
    advance: async (feeds, { outputs, carry }) => {
      const made = Object.entries(await run(feeds));
      const carried = made.filter(([name]) => Object.hasOwn(carry, name));
      kept = { ...kept, ...Object.fromEntries(carried.map(([name, tensor]) => [carry[name] ?? name, tensor])) };
      return Object.fromEntries(made.filter(([name]) => outputs.includes(name)));
    },
    release: async () => {
      if (forget()) await session.close();
    },
  };
}
