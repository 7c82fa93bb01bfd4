import type { ProviderName } from '../runtime/provider.ts';
import type { SessionOptions } from '../runtime/runtime.ts';
import type { BenchOptions, ProtocolSettings } from './bench-options.ts';
import { onBrowser } from './browser-use.ts';
import { onNvidia } from './gpu-block.ts';

/** How a model is opened for a point; a probe takes as many threads as there are cores. */
export function sessionOptions(
  {
    protocol,
    usableCores,
    gpu,
    browser,
  }: Pick<BenchOptions, 'usableCores' | 'gpu' | 'browser'> & {
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
    ...(gpu !== undefined && onNvidia(what.ep) ? { device: gpu.device } : {}),
    ...(browser !== undefined && onBrowser(what.ep) ? { browser } : {}),
  };
}
