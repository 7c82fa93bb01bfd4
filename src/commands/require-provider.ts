import { RuntimeError } from '../errors.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { Runtime } from '../runtime/runtime.ts';

/** Throws RuntimeError 'provider-missing' with the cure when the one provider that was asked for cannot run here. */
export async function requireProvider(provider: ProviderName, runtime: Runtime, browser?: string): Promise<void> {
  if (provider === 'cpu') return;
  const status = await runtime.probeProvider(provider, undefined, browser);
  if (!status.usable)
    throw new RuntimeError('provider-missing', { provider, reason: status.reason, cure: status.cure });
}
