import type { PricesFindings, PricesResult } from '../../src/cost/catalog/prices-result.ts';
import { benchResult } from './fixture-bench-result.ts';

type InstanceRow = PricesResult['instances'][number];

const advisor = { spotSource: 'an advisor', spotDate: '2025-06-28' };
const list = { source: 'a price list (generated 2026-07-20)', date: '2026-07-20' };
const noSpot = { spotUsdPerHour: null, interruption: null, spotSource: null, spotDate: null };
const noAccelerator = { accelerator: null, acceleratorCount: 0, acceleratorMemoryGib: null };

function machine(name: string, sketch: Partial<InstanceRow>): InstanceRow {
  const place = { cloud: 'aws', region: 'us-east-1' };
  const size = { architecture: 'amd64', processor: null, processorName: null, vcpus: 8, memoryGib: 16 };
  const row = { ...place, name, ...size, ...noAccelerator, onDemandUsdPerHour: 0.357, ...noSpot, ...list, flags: [] };
  const whole: InstanceRow = { id: '', ...row, ...sketch };
  return { ...whole, id: `${whole.cloud}/${whole.region}/${name}` };
}

function pricesResult(sketch: Partial<PricesFindings>): PricesResult {
  const { schemaVersion, tool, createdAt, environment } = benchResult(['m.onnx'], []);
  return {
    schemaVersion,
    tool,
    createdAt,
    environment,
    command: ['infer', 'cost', 'prices'],
    kind: 'prices',
    instances: [],
    processors: [],
    accelerators: [],
    tokenPrices: [],
    grids: [],
    oldest: null,
    undated: 0,
    daysOld: null,
    warnings: [],
    ...sketch,
  };
}

/** Machines of several clouds; prices that are old, undated, doubtful and missing. */
export function instancesCase(): PricesResult {
  const sapphire = { processor: 'xeon-8488c', processorName: 'Intel Xeon 8488C (Sapphire Rapids)' };
  const l4 = { accelerator: 'L4', acceleratorMemoryGib: 22.4 };
  const instances = [
    machine('c7i.2xlarge', { ...sapphire, spotUsdPerHour: 0.1464, interruption: { low: 0.2, high: 1 }, ...advisor }),
    machine('g6.12xlarge', {
      vcpus: 48,
      memoryGib: 192,
      onDemandUsdPerHour: 4.6016,
      ...l4,
      acceleratorCount: 4,
      spotUsdPerHour: 1.8867,
      interruption: { low: 0.05, high: 0.1 },
      ...advisor,
      flags: ['usable-memory'],
    }),
    machine('g6f.large', {
      vcpus: 2,
      memoryGib: 8,
      onDemandUsdPerHour: 0.202,
      ...l4,
      acceleratorCount: 0.125,
      acceleratorMemoryGib: 2.8,
      flags: ['usable-memory'],
    }),
    machine('gpu_1x_gh200', {
      cloud: 'lambda',
      architecture: 'arm64',
      vcpus: 64,
      memoryGib: 432,
      onDemandUsdPerHour: 2.29,
      accelerator: 'GH200',
      acceleratorCount: 1,
      acceleratorMemoryGib: 96,
      source: 'a list, without a date',
      date: null,
      flags: ['undated'],
    }),
    machine('box', { cloud: 'rack', region: 'cellar', onDemandUsdPerHour: 0.1, flags: ['user'], source: 'ours.yaml' }),
  ] satisfies InstanceRow[];
  const details = { oldest: '2025-06-28', days: 460 };
  return pricesResult({
    instances,
    oldest: '2025-06-28',
    undated: 1,
    daysOld: 460,
    warnings: [{ code: 'prices-old', details }],
  });
}

/** A row of everything else. */
export function othersCase(): PricesResult {
  const flags: [] = [];
  return pricesResult({
    processors: [
      {
        id: 'altra',
        name: 'Ampere Altra (Neoverse N1)',
        architecture: 'arm64',
        families: ['t2a', 'D*ps_v5'],
        modelPatterns: ['altra', 'neoverse-n1'],
        instructionSets: ['asimd', 'asimddp'],
        coresPerSocket: 80,
        allCoreGhz: 3,
        fp32FlopPerCycle: 16,
        int8OpPerCycle: 64,
        socketGbPerSecond: 204.8,
        vcpusPerCore: 1,
        fp32GflopsPerVcpu: 48,
        int8GopsPerVcpu: 192,
        gbPerSecondPerVcpu: 2.56,
        tdpWatts: 250,
        source: 'a page',
        date: null,
        flags: ['from-memory', 'estimate', 'undated'],
      },
    ],
    accelerators: [
      {
        id: 't4',
        name: 'T4',
        modelPatterns: ['t4'],
        memoryGb: 16,
        gbPerSecond: 320,
        fp32Tflops: 8.141,
        fp16Tflops: 65.13,
        int8Tops: 130.25,
        fp8Tflops: null,
        tdpWatts: 70,
        note: 'throttled by its power',
        source: 'a page',
        date: null,
        flags: ['undated'],
      },
    ],
    tokenPrices: [
      {
        model: 'gpt-5',
        provider: 'openai',
        mode: 'chat',
        usdPerMillionInput: 1.25,
        usdPerMillionOutput: 10,
        usdPerMillionCachedInput: 0.125,
        contextTokens: 272_000,
        source: 'a list',
        date: '2026-08-06',
        flags,
      },
      {
        model: 'embed',
        provider: 'mistral',
        mode: 'embedding',
        usdPerMillionInput: 0.1,
        usdPerMillionOutput: null,
        usdPerMillionCachedInput: null,
        contextTokens: null,
        source: 'a list',
        date: '2026-08-06',
        flags,
      },
    ],
    grids: [{ scope: 'country', key: 'FRA', gramsPerKwh: 56.039, source: 'a mix', date: '2023', flags }],
    oldest: '2023',
    undated: 2,
    daysOld: 1005,
  });
}

/** Filters that leave nothing. */
export function emptyCase(): PricesResult {
  return pricesResult({});
}
