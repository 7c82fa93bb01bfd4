import type { ProviderName } from '../runtime/provider.ts';
import type { SessionOptions } from '../runtime/runtime.ts';
import type { BenchOptions, ProtocolSettings } from './bench-options.ts';

/** How a model is opened for a point; a probe takes as many threads as there are cores. */
export function sessionOptions(
  {
    protocol,
    usableCores,
  }: Pick<BenchOptions, 'usableCores'> & {
    readonly protocol: Pick<ProtocolSettings, 'optimization' | 'strictProvider' | 'timeoutMs'>;
  },
  what: { readonly path: string; readonly ep: ProviderName; readonly threads?: number },
): SessionOptions {
  return {
    modelPath: what.path,
    provider: what.ep,
    threads: what.threads ?? usableCores,
    optimization: protocol.optimization,
    strictProvider: protocol.strictProvider && what.ep !== 'cpu',
    timeoutMs: protocol.timeoutMs,
  };
}
