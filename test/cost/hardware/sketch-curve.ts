import type { Catalog, InstanceType } from '../../../src/cost/catalog/catalog.ts';
import { findInstance } from '../../../src/cost/catalog/find-instance.ts';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import type { MeasuredCurve } from '../../../src/cost/fleet/measured-curve.ts';
import { measuredOn } from '../../../src/cost/hardware/measured-on.ts';
import type { MeasuredOn } from '../../../src/cost/hardware/translation.ts';
import { fitCurve } from '../../../src/cost/service/fit-curve.ts';
import type { Sweep } from '../../../src/cost/service/sweep.ts';
import type { Environment } from '../../../src/runtime/environment.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { environment } from '../../report/fixture-bench-result.ts';
import { sweepOf } from '../service/sketch-sweep.ts';

export const catalog: Catalog = loadCatalog();

export function instance(name: string): InstanceType {
  return findInstance(name, catalog);
}

/** A machine of its own, without a container around. */
export function machine(cpu: Partial<Environment['cpu']>, rest: Partial<Environment> = {}): Environment {
  return { ...environment, container: null, ...rest, cpu: { ...environment.cpu, ...cpu } };
}

export const iceLake = machine({
  model: 'Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz',
  logicalCores: 8,
  physicalCores: 4,
  usableCores: 8,
  instructionSets: ['avx2', 'fma', 'avx512f', 'avx512_vnni'],
});
export const graviton = machine(
  { model: 'Neoverse-V1', logicalCores: 4, physicalCores: 4, instructionSets: ['asimd', 'asimddp', 'i8mm'] },
  { os: { ...environment.os, arch: 'arm64' } },
);
export const gpuMachine = machine(
  {},
  { gpus: [{ name: 'NVIDIA A10G', driver: null, memoryBytes: null, api: 'cuda' }] },
);

/** τ(b) = 3.5 + 1.25·b ms on 8 threads of a machine. */
export function sweepOn(on: Environment, rest: Partial<Sweep> = {}): Sweep {
  return sweepOf({ 1: [4.75, 4.75], 8: [13.5, 13.5] }, { environment: on, threads: 8, ...rest });
}

export function placeOf(on: Environment, rest: Partial<Sweep> = {}): MeasuredOn {
  return measuredOn(sweepOn(on, rest), catalog, null);
}

export function curveOn(on: MeasuredOn, rest: Partial<MeasuredCurve> = {}): MeasuredCurve {
  return {
    index: 0,
    modelIndex: 0,
    curve: fitCurve(sweepOn(on.environment), createRandom(0)),
    dims: {},
    measuredOn: on,
    work: { flop: 2e8, bytes: 4e6, isInt8: false },
    shares: { compute: 0.5, memory: 0.3, overhead: 0.2 },
    peakRssBytes: null,
    modelBytes: 100 * 1024 ** 2,
    tokens: null,
    ...rest,
  };
}
