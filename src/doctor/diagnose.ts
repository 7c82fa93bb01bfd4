import type { Environment } from '../runtime/environment.ts';
import type { ProviderStatus } from '../runtime/provider.ts';
import type { DoctorFinding, NoiseRule, UnknownFact } from './doctor-finding.ts';
import type { DoctorNoise } from './doctor-result.ts';

/** Shares beyond which blocks of a benchmark would count as disturbed. */
const pressureLimit = 0.05;
const stealLimit = 0.02;
/** Runnable tasks per processor, where pressure is not told: half of them busy leaves no quiet core for threads. */
const loadLimit = 0.5;
/** Below this a mid-sized model and its activations do not fit, and the system starts to reclaim memory. */
const memoryLimitBytes = 2 ** 30;

export interface Checkup {
  readonly environment: Environment;
  readonly providers: readonly ProviderStatus[];
  readonly noise: DoctorNoise;
}

/** What stands out about a machine, gravest first. */
export function diagnose({ environment, providers, noise }: Checkup): readonly DoctorFinding[] {
  return [
    ...brokenCpu(providers),
    ...boundCores(environment.cpu),
    ...noisyNow(noise, environment.cpu.logicalCores),
    ...scarceMemory(environment.memory),
    ...slowClock(environment.cpu),
    ...weakInstructions(environment),
    ...gpuFindings(environment, providers),
    ...unknownFacts(environment, noise),
  ];
}

function brokenCpu(providers: readonly ProviderStatus[]): readonly DoctorFinding[] {
  const cpu = providers.find((status) => status.name === 'cpu');
  if (cpu === undefined || cpu.usable) return [];
  return [{ code: 'cpu-provider-broken', details: { reason: cpu.reason, cure: cpu.cure } }];
}

function boundCores(cpu: Environment['cpu']): readonly DoctorFinding[] {
  const { quotaCores, affinityCores, usableCores, logicalCores } = cpu;
  const findings: DoctorFinding[] = [];
  if (quotaCores !== null && quotaCores < logicalCores)
    findings.push({ code: 'quota-below-cores', details: { quotaCores, usableCores, logicalCores } });
  if (affinityCores !== null && affinityCores < logicalCores)
    findings.push({ code: 'affinity-below-cores', details: { affinityCores, logicalCores } });
  return findings;
}

function noisyNow(noise: DoctorNoise, logicalCores: number): readonly DoctorFinding[] {
  const { pressureShare, stealShare, loadAverage } = noise;
  const rules: NoiseRule[] = [];
  if (pressureShare !== null && pressureShare > pressureLimit) rules.push('pressure');
  if (stealShare !== null && stealShare > stealLimit) rules.push('steal');
  // The load average counts the minute before, so it speaks only where pressure does not.
  if (pressureShare === null && loadAverage !== null && loadAverage > loadLimit * logicalCores) rules.push('load');
  return rules.length === 0 ? [] : [{ code: 'noisy-now', details: { rules, pressureShare, stealShare, loadAverage } }];
}

function scarceMemory({ availableBytes, limitBytes }: Environment['memory']): readonly DoctorFinding[] {
  const bytes = Math.min(availableBytes ?? Infinity, limitBytes ?? Infinity);
  if (bytes >= memoryLimitBytes) return [];
  return [{ code: 'low-memory', details: { availableBytes: bytes, limitBytes } }];
}

function slowClock({ governor }: Environment['cpu']): readonly DoctorFinding[] {
  return governor === 'powersave' ? [{ code: 'powersave-governor', details: { governor } }] : [];
}

/** Any of these multiplies and adds 8-bit integers without an intermediate that can overflow. */
const dotProducts: Readonly<Record<string, readonly string[]>> = {
  x64: ['avx_vnni', 'avx512_vnni', 'amx_int8'],
  arm64: ['asimddp', 'i8mm'],
};

function weakInstructions({ cpu, os }: Environment): readonly DoctorFinding[] {
  const has = (name: string): boolean => cpu.instructionSets.includes(name);
  const wanted = dotProducts[os.arch];
  if (wanted === undefined || cpu.instructionSets.length === 0) return [];
  const findings: DoctorFinding[] = [];
  if (os.arch === 'x64' && !has('avx2')) findings.push({ code: 'no-avx2', details: { model: cpu.model } });
  if (!wanted.some(has)) findings.push({ code: 'no-int8-dot-product', details: { arch: os.arch } });
  return findings;
}

function gpuFindings({ gpus }: Environment, providers: readonly ProviderStatus[]): readonly DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  const cuda = providers.find((status) => status.name === 'cuda');
  if (gpus.length > 0 && cuda?.usable === false)
    findings.push({
      code: 'gpu-unused',
      details: { gpus: gpus.map((gpu) => gpu.name), reason: cuda.reason, cure: cuda.cure },
    });
  if (providers.some((status) => status.name === 'tensorrt' && status.usable))
    findings.push({ code: 'tensorrt-limited', details: { provider: 'tensorrt' } });
  return findings;
}

function unknownFacts({ cpu, memory }: Environment, noise: DoctorNoise): readonly DoctorFinding[] {
  const unknown: readonly (readonly [UnknownFact, boolean])[] = [
    ['physical cores', cpu.physicalCores === null],
    ['instruction sets', cpu.instructionSets.length === 0],
    ['available memory', memory.availableBytes === null],
    ['processor pressure', noise.pressureShare === null],
    ['steal', noise.stealShare === null],
  ];
  const facts = unknown.filter(([, isUnknown]) => isUnknown).map(([fact]) => fact);
  return facts.length === 0 ? [] : [{ code: 'unknown-facts', details: { facts } }];
}
