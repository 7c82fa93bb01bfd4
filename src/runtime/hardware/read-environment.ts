import type { Environment } from '../environment.ts';
import { detectContainer, parseDistribution } from './container.ts';
import { fingerprint } from './fingerprint.ts';
import type { HardwareSource } from './hardware-source.ts';
import { readCpu } from './read-cpu.ts';
import { readGpus } from './read-gpu.ts';
import { readMemory } from './read-memory.ts';

/** Versions of the software that measures, and onnxruntime's providers. */
export type Software = Pick<Environment, 'node' | 'onnxruntime' | 'providers'>;

/** Everything about the machine that a result records. Never rejects: what cannot be read is null. */
export async function readEnvironment(source: HardwareSource, software: Software): Promise<Environment> {
  const { platform, release, arch, readText, run } = source;
  const [cpu, gpus] = await Promise.all([readCpu(source), readGpus(run)]);
  const facts = {
    os: { platform, release, arch, distribution: parseDistribution(readText('/etc/os-release')) },
    cpu,
    memory: readMemory(source),
    container: detectContainer(source),
    ...software,
    gpus,
  };
  return { ...facts, fingerprint: fingerprint(facts) };
}
