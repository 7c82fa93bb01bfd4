import { explainProvider } from './hardware/explain-provider.ts';
import { tryModel } from './process-session.ts';
import type { TrialOptions } from './process-session.ts';
import { probeFeeds, probeModel, probeOutputsAreRight } from './provider-probe.ts';
import type { ProviderName, ProviderStatus } from './provider.ts';

/**
 * Runs a tiny model on a provider, with no fallback to the CPU, and checks its outputs. Never rejects: what goes wrong
 * becomes the reason and its cure.
 */
export async function probeProvider(name: ProviderName, options: TrialOptions): Promise<ProviderStatus> {
  const trial = await tryModel({ ...options, provider: name, bytes: probeModel, feeds: probeFeeds });
  if (trial.ok && probeOutputsAreRight(trial.outputs)) return { name, usable: true, version: null, device: null };
  if (trial.ok)
    return {
      name,
      usable: false,
      reason: 'it gave wrong outputs for a model of two nodes',
      cure: 'update the driver of the device, or use another provider',
    };
  const { platform, arch } = process;
  return { name, usable: false, ...explainProvider({ provider: name, problem: trial.problem, platform, arch }) };
}
