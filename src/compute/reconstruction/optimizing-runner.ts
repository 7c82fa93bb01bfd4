import type { LoadOptions, ModelRunner } from '../../runtime/model-runner.ts';

/** A runner that loads models at an optimization level where whoever loads them names none. */
export function optimizingRunner(runner: ModelRunner, optimization: LoadOptions['optimization']): ModelRunner {
  return {
    load: (source, options = {}) =>
      runner.load(source, { ...(optimization !== undefined && { optimization }), ...options }),
    close: () => runner.close(),
  };
}
