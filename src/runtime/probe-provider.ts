import { missingLibraries } from './gpu/missing-libraries.ts';
import { explainProvider } from './hardware/explain-provider.ts';
import { tryModel } from './process-session.ts';
import type { TrialOptions } from './process-session.ts';
import type { RunProgram } from './hardware/hardware-source.ts';
import { probeFeeds, probeModel, probeOutputsAreRight } from './provider-probe.ts';
import type { NodeProviderName, ProviderStatus } from './provider.ts';

export interface ProbeOptions extends TrialOptions {
  /** Which GPU, as CUDA counts them. */
  readonly device?: number;
  readonly run: RunProgram;
}

/**
 * Runs a tiny model on a provider, with no fallback to the CPU, and checks its outputs. Never rejects: what goes wrong
 * becomes the reason and its cure.
 */
export async function probeProvider(name: NodeProviderName, options: ProbeOptions): Promise<ProviderStatus> {
  const { run, ...how } = options;
  const trial = await tryModel({ ...how, provider: name, bytes: probeModel, feeds: probeFeeds });
  if (trial.ok && probeOutputsAreRight(trial.outputs)) return { name, usable: true, version: null, device: null };
  if (trial.ok)
    return {
      name,
      usable: false,
      reason: 'it gave wrong outputs for a model of two nodes',
      cure: 'update the driver of the device, or use another provider',
    };
  const { problem } = trial;
  const { platform, arch } = process;
  const lacking = await missingLibraries(problem, run);
  const failure = { provider: name, problem, missingLibraries: lacking, platform, arch };
  return { name, usable: false, ...explainProvider(failure) };
}
