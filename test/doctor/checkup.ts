import type { Checkup } from '../../src/doctor/diagnose.ts';
import type { Environment } from '../../src/runtime/environment.ts';

/** A quiet dedicated server where everything works and nothing stands out. */
export const healthyEnvironment: Environment = {
  os: { platform: 'linux', release: '6.8.0-45-generic', arch: 'x64', distribution: 'Ubuntu 24.04.1 LTS' },
  cpu: {
    model: 'Intel(R) Xeon(R) Gold 6448Y',
    logicalCores: 64,
    physicalCores: 32,
    usableCores: 64,
    affinityCores: 64,
    quotaCores: null,
    instructionSets: ['sse4_2', 'avx', 'avx2', 'fma', 'f16c', 'avx512f', 'avx512_vnni', 'amx_tile', 'amx_int8'],
    frequencyMhz: 3100,
    governor: 'performance',
  },
  memory: { totalBytes: 256 * 2 ** 30, availableBytes: 240 * 2 ** 30, limitBytes: null },
  container: null,
  node: 'v20.20.2',
  onnxruntime: '1.30.0',
  providers: ['cpu'],
  gpus: [],
  fingerprint: '0123456789abcdef',
};

export const healthy: Checkup = {
  environment: healthyEnvironment,
  providers: [{ name: 'cpu', usable: true, version: '1.30.0', device: null }],
  noise: { loadAverage: 0.3, pressureShare: 0.001, stealShare: 0, throttledPeriods: null, windowMs: 1800 },
};

/** The same checkup with a part of it changed. */
export function checkup(changes: {
  readonly cpu?: Partial<Environment['cpu']>;
  readonly os?: Partial<Environment['os']>;
  readonly memory?: Partial<Environment['memory']>;
  readonly gpus?: Environment['gpus'];
  readonly providers?: Checkup['providers'];
  readonly noise?: Partial<Checkup['noise']>;
}): Checkup {
  const { cpu, os, memory } = healthyEnvironment;
  return {
    environment: {
      ...healthyEnvironment,
      cpu: { ...cpu, ...changes.cpu },
      os: { ...os, ...changes.os },
      memory: { ...memory, ...changes.memory },
      gpus: changes.gpus ?? [],
    },
    providers: changes.providers ?? healthy.providers,
    noise: { ...healthy.noise, ...changes.noise },
  };
}
