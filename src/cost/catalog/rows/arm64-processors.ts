import type { CatalogFlag } from '../../vocabulary.ts';
import type { ProcessorRow } from '../processor-row.ts';

/** The pages tell no date, nobody tells the power, and what a core does in a cycle was not looked up. */
const doubtful: { readonly date: null; readonly flags: readonly CatalogFlag[] } = {
  date: null,
  flags: ['from-memory', 'estimate', 'undated'],
};

const dot = ['asimd', 'asimdhp', 'asimddp'];
const i8mm = [...dot, 'i8mm', 'bf16', 'sve'];

const neoverseN1 = {
  architecture: 'arm64',
  instructionSets: dot,
  fp32FlopPerCycle: 16,
  int8OpPerCycle: 64,
  socketGbPerSecond: 204.8,
  vcpusPerCore: 1,
} as const;

/** Processors of Arm's designs. */
export const arm64Processors: readonly ProcessorRow[] = [
  {
    ...neoverseN1,
    id: 'graviton2',
    name: 'AWS Graviton2 (Neoverse N1)',
    families: ['c6g', 't4g'],
    modelPatterns: ['graviton2', 'neoverse-n1'],
    coresPerSocket: 64,
    allCoreGhz: 2.5,
    tdpWatts: 110,
    source: 'bateloved.github.io stored page: 8xDDR4-3200 = 204.8; TDP estimate',
    ...doubtful,
  },
  {
    ...neoverseN1,
    id: 'altra',
    name: 'Ampere Altra (Neoverse N1)',
    families: ['t2a', 'Standard_D*ps_v5'],
    modelPatterns: ['altra', 'neoverse-n1'],
    coresPerSocket: 80,
    allCoreGhz: 3,
    tdpWatts: 250,
    source: 'same N1 core; 8xDDR4-3200; TDP estimate',
    ...doubtful,
  },
  {
    id: 'graviton3',
    name: 'AWS Graviton3 (Neoverse V1)',
    architecture: 'arm64',
    families: ['c7g', 'm7g'],
    modelPatterns: ['graviton3', 'neoverse-v1'],
    instructionSets: i8mm,
    coresPerSocket: 64,
    allCoreGhz: 2.6,
    fp32FlopPerCycle: 32,
    int8OpPerCycle: 256,
    socketGbPerSecond: 307.2,
    tdpWatts: 100,
    vcpusPerCore: 1,
    source: 'nextplatform stored page: 8 channels DDR5-4800; TDP estimate',
    ...doubtful,
  },
  {
    id: 'graviton4',
    name: 'AWS Graviton4 (Neoverse V2)',
    architecture: 'arm64',
    families: ['c8g', 'm8g'],
    modelPatterns: ['graviton4', 'neoverse-v2'],
    instructionSets: [...i8mm, 'sve2'],
    coresPerSocket: 96,
    allCoreGhz: 2.8,
    fp32FlopPerCycle: 32,
    int8OpPerCycle: 256,
    socketGbPerSecond: 537.6,
    tdpWatts: 130,
    vcpusPerCore: 1,
    source: 'anandtech stored page title: 536.7 GB/s, 96 cores; 2.8 GHz nextplatform; TDP estimate',
    ...doubtful,
  },
];
