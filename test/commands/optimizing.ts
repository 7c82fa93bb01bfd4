import type { ModelRunner } from '../../src/runtime/model-runner.ts';
import type { Script } from '../../src/runtime/scripted.ts';
import { ScriptedRuntime } from '../../src/runtime/scripted.ts';
import { floats, rowsSignature } from '../cli/scripted-models.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { environment } from '../report/fixture-bench-result.ts';

/** What models compute is onnxruntime's own, in this process; what they take in time is the script's. */
export class OptimizingRuntime extends ScriptedRuntime {
  openRunners = 0;
  readonly #runner: ModelRunner;

  constructor(script: Partial<Script> = {}, runner = inProcessRunner()) {
    super({
      environment,
      signature: () => rowsSignature,
      runMs: () => 1,
      outputs: () => ({ y: floats(1) }),
      ...script,
    });
    this.#runner = runner;
  }

  override openRunner(): Promise<ModelRunner> {
    this.openRunners++;
    const close = async () => {
      this.openRunners--;
      await this.#runner.close();
    };
    return Promise.resolve({ load: (source, options) => this.#runner.load(source, options), close });
  }
}

/** A runner whose rewritten model is off by one in every float that it returns. */
export function offByOne(runner = inProcessRunner()): ModelRunner {
  return {
    ...runner,
    async load(source, options) {
      const loaded = await runner.load(source, options);
      if (options?.name !== 'the rewritten model') return loaded;
      return {
        ...loaded,
        run: async (feeds, outputs) => {
          const entries = Object.entries(await loaded.run(feeds, outputs));
          return Object.fromEntries(
            entries.map(([name, tensor]) => {
              const { data } = tensor;
              return [name, data instanceof Float32Array ? { ...tensor, data: data.map((x) => x + 1) } : tensor];
            }),
          );
        },
      };
    },
  };
}

/** A runner that does something else than loading a model. */
export function insteadOfLoading(work: () => never): ModelRunner {
  return { load: async () => work(), close: async () => undefined };
}
