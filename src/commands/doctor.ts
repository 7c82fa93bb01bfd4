import { diagnose } from '../doctor/diagnose.ts';
import { doctorNoise } from '../doctor/doctor-noise.ts';
import type { DoctorResult } from '../doctor/doctor-result.ts';
import type { NoiseLevel } from '../runtime/hardware/read-noise.ts';
import { browserProviderNames, type ProviderStatus, providersOf } from '../runtime/provider.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface DoctorOptions {
  readonly runtime: Pick<Runtime, 'environment' | 'probeProvider' | 'noiseCounters'>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** How busy the machine is, read once before anything else. */
  readonly noiseLevel: () => NoiseLevel;
  /** What every result starts with, beside the environment. */
  readonly envelope: Pick<DoctorResult, 'schemaVersion' | 'tool' | 'createdAt' | 'command'>;
}

/** Looks at the machine and tries every provider that exists for it, one after another. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorResult> {
  const { runtime } = options;
  const level = options.noiseLevel();
  const before = runtime.noiseCounters();
  const found = await runtime.environment();
  const providers = await probeAll(options);
  const noise = doctorNoise({ level, before, after: runtime.noiseCounters() });
  // The probes know which providers really run, the environment only which ones there are.
  const environment = { ...found, providers: providers.filter((status) => status.usable).map(({ name }) => name) };
  return {
    ...options.envelope,
    kind: 'doctor',
    environment,
    warnings: [],
    usable: environment.providers.includes('cpu'),
    providers,
    noise,
    findings: diagnose({ environment, providers, noise }).map(({ code, details }) => ({
      code,
      details: { ...details },
    })),
  };
}

async function probeAll({ runtime, platform, arch }: DoctorOptions): Promise<ProviderStatus[]> {
  const statuses: ProviderStatus[] = [];
  const names = [...providersOf(platform, arch), ...browserProviderNames];
  for (const name of names) statuses.push(await runtime.probeProvider(name));
  return statuses;
}
