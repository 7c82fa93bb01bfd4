import type { CatalogFlag } from '../../vocabulary.ts';
import type { Provenance } from '../catalog.ts';
import type { ProcessorRow } from '../processor-row.ts';

/** What a core does in a cycle, and its clock, were not looked up. */
const fromMemory: readonly CatalogFlag[] = ['from-memory'];
/** And some of it is that of a sibling. */
const sibling: readonly CatalogFlag[] = ['from-memory', 'estimate'];

const avx2 = ['avx2', 'fma'];
const vnni = [...avx2, 'avx512f', 'avx512_vnni'];
const amx = [...vnni, 'avx_vnni', 'avx512_bf16', 'avx512_fp16', 'amx_tile', 'amx_int8', 'amx_bf16'];

function codecarbon(figures: string): Provenance {
  return { source: `mlco2/codecarbon@b05965e4: ${figures}`, date: '2026-08-08' };
}

const iceLake = {
  architecture: 'amd64',
  instructionSets: vnni,
  coresPerSocket: 32,
  fp32FlopPerCycle: 64,
  int8OpPerCycle: 256,
  socketGbPerSecond: 204.8,
  vcpusPerCore: 2,
} as const;

const sapphireRapids = {
  architecture: 'amd64',
  instructionSets: amx,
  coresPerSocket: 48,
  allCoreGhz: 3,
  fp32FlopPerCycle: 64,
  int8OpPerCycle: 2048,
  socketGbPerSecond: 307.2,
  tdpWatts: 350,
  vcpusPerCore: 2,
} as const;

const milan = {
  architecture: 'amd64',
  instructionSets: avx2,
  fp32FlopPerCycle: 32,
  int8OpPerCycle: 64,
  socketGbPerSecond: 204.8,
} as const;

const genoa = {
  architecture: 'amd64',
  instructionSets: [...vnni, 'avx512_bf16'],
  coresPerSocket: 96,
  allCoreGhz: 3.7,
  fp32FlopPerCycle: 32,
  int8OpPerCycle: 256,
  socketGbPerSecond: 460.8,
  tdpWatts: 360,
} as const;

const intel: readonly ProcessorRow[] = [
  {
    ...iceLake,
    id: 'xeon-8375c',
    name: 'Intel Xeon 8375C (Ice Lake)',
    families: ['c6i', 'm6i'],
    modelPatterns: ['8375c'],
    allCoreGhz: 2.9,
    tdpWatts: 300,
    ...codecarbon('cpu_power.csv TDP; ISA: AVX-512 2xFMA + VNNI; 8xDDR4-3200 = 204.8 (arithmetic)'),
    flags: fromMemory,
  },
  {
    ...iceLake,
    id: 'xeon-8370c',
    name: 'Intel Xeon 8370C (Ice Lake)',
    families: ['Standard_D*s_v5', 'Standard_E*s_v5', 'Standard_F*s_v2'],
    modelPatterns: ['8370c'],
    allCoreGhz: 2.8,
    tdpWatts: 205,
    ...codecarbon('TDP'),
    flags: fromMemory,
  },
  {
    ...sapphireRapids,
    id: 'xeon-8488c',
    name: 'Intel Xeon 8488C (Sapphire Rapids)',
    families: ['c7i', 'm7i', 'r7i', 'c3', 'a3'],
    modelPatterns: ['8488c', '8481c', '8473c', '8480c', '8480+'],
    ...codecarbon('8xDDR5-4800=307.2 (arithmetic); TDP taken from 8480+ (350)'),
    flags: sibling,
  },
  {
    ...sapphireRapids,
    id: 'xeon-emerald-rapids',
    name: 'Intel Emerald Rapids',
    families: ['Standard_D*s_v6'],
    modelPatterns: ['8573c'],
    ...codecarbon('as Intel Xeon 8488C (Sapphire Rapids), whose cores it has'),
    flags: sibling,
  },
];

const amd: readonly ProcessorRow[] = [
  {
    ...milan,
    id: 'epyc-7r13',
    name: 'AMD EPYC 7R13 (Milan)',
    families: ['c6a', 'm6a'],
    modelPatterns: ['7r13'],
    coresPerSocket: 48,
    allCoreGhz: 2.95,
    tdpWatts: 225,
    vcpusPerCore: 2,
    ...codecarbon('TDP; 8xDDR4-3200'),
    flags: fromMemory,
  },
  {
    ...milan,
    id: 'epyc-7763',
    name: 'AMD EPYC 7763 (Milan)',
    families: ['Standard_D*as_v5'],
    modelPatterns: ['7763', '7b13'],
    coresPerSocket: 64,
    allCoreGhz: 2.45,
    tdpWatts: 280,
    vcpusPerCore: 2,
    ...codecarbon('TDP'),
    flags: fromMemory,
  },
  {
    ...milan,
    id: 'epyc-milan-cores',
    name: 'AMD EPYC Milan, a core a vCPU',
    families: ['t2d'],
    modelPatterns: ['7b13'],
    coresPerSocket: 64,
    allCoreGhz: 2.45,
    tdpWatts: 280,
    vcpusPerCore: 1,
    ...codecarbon('as AMD EPYC 7763 (Milan), with one thread a core'),
    flags: sibling,
  },
  {
    ...genoa,
    id: 'epyc-9r14',
    name: 'AMD EPYC 9R14 (Genoa)',
    families: ['c7a', 'm7a', 'Standard_F*as_v6'],
    modelPatterns: ['9r14', '9b14', '9v74'],
    vcpusPerCore: 1,
    ...codecarbon('12xDDR5-4800=460.8; TDP from EPYC 9654'),
    flags: sibling,
  },
  {
    ...genoa,
    id: 'epyc-genoa-threads',
    name: 'AMD EPYC Genoa, two vCPUs a core',
    families: ['c3d', 'Standard_D*as_v6'],
    modelPatterns: ['9b14', '9v74'],
    vcpusPerCore: 2,
    ...codecarbon('as AMD EPYC 9R14 (Genoa), with two threads a core'),
    flags: sibling,
  },
];

/** Processors of Intel and AMD. */
export const amd64Processors: readonly ProcessorRow[] = [...intel, ...amd];
