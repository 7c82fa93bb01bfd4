import type { CatalogFlag } from '../vocabulary.ts';

/** Where a figure was read and when that was published: an ISO date or year, or null where the source tells none. */
export interface Provenance {
  readonly source: string;
  readonly date: string | null;
}

export interface Price extends Provenance {
  readonly usdPerHour: number;
}

export interface SpotPrice extends Price {
  /** Share of machines that are taken back within a month; null where nobody tells. `high` is 1 for an open band. */
  readonly interruption: { readonly low: number; readonly high: number } | null;
}

export interface InstanceType {
  /** `aws/us-east-1/c7i.2xlarge` */
  readonly id: string;
  readonly cloud: string;
  readonly region: string;
  readonly name: string;
  readonly architecture: 'amd64' | 'arm64';
  /** Key into `processors`; null where the catalog knows none that fits. */
  readonly processor: string | null;
  /** As the source names it; null where it does not. */
  readonly processorName: string | null;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly accelerator: InstanceAccelerator | null;
  readonly currency: 'USD';
  readonly onDemand: Price;
  readonly spot: SpotPrice | null;
  readonly flags: readonly CatalogFlag[];
}

export interface InstanceAccelerator {
  /** Key into `accelerators`; null where the catalog knows none that fits. */
  readonly id: string | null;
  /** As the source names it. */
  readonly name: string;
  /** Below 1 where a share of one is rented, as an eighth of an L4. */
  readonly count: number;
  /** Of the share, where it is one. */
  readonly memoryGibEach: number;
}

export interface Processor extends Provenance {
  readonly id: string;
  readonly name: string;
  readonly architecture: 'amd64' | 'arm64';
  /** Instance families that have it. */
  readonly families: readonly string[];
  /** What `environment.cpu.model` of such a machine holds, lower case; any of them is enough. */
  readonly modelPatterns: readonly string[];
  /** As the runtime names them: avx2, avx512_vnni, amx_int8, asimddp, i8mm, sve … */
  readonly instructionSets: readonly string[];
  readonly coresPerSocket: number;
  readonly allCoreGhz: number;
  readonly fp32FlopPerCycle: number;
  readonly int8OpPerCycle: number;
  readonly socketGbPerSecond: number;
  readonly tdpWatts: number;
  /** Of one vCPU: half a core where cores have two threads, a core else. */
  readonly vcpusPerCore: 1 | 2;
  readonly fp32GflopsPerVcpu: number;
  readonly int8GopsPerVcpu: number;
  readonly gbPerSecondPerVcpu: number;
  readonly flags: readonly CatalogFlag[];
}

export interface Accelerator extends Provenance {
  readonly id: string;
  readonly name: string;
  /** What a runtime or driver calls it, lower case; any of them is enough. */
  readonly modelPatterns: readonly string[];
  readonly memoryGb: number;
  readonly gbPerSecond: number;
  readonly fp32Tflops: number | null;
  /** Dense. */
  readonly fp16Tflops: number | null;
  readonly int8Tops: number | null;
  readonly fp8Tflops: number | null;
  readonly tdpWatts: number | null;
  readonly note: string | null;
  readonly flags: readonly CatalogFlag[];
}

export interface TokenPrice extends Provenance {
  readonly model: string;
  readonly provider: string;
  readonly mode: 'chat' | 'embedding' | 'rerank';
  readonly currency: 'USD';
  readonly usdPerMillionInput: number;
  /** Null where nothing is told: embeddings and rankings have no output to pay. */
  readonly usdPerMillionOutput: number | null;
  readonly usdPerMillionCachedInput: number | null;
  readonly contextTokens: number | null;
  readonly flags: readonly CatalogFlag[];
}

export interface GridIntensity extends Provenance {
  readonly scope: 'gcp-region' | 'country' | 'user';
  readonly key: string;
  readonly gramsPerKwh: number;
  readonly flags: readonly CatalogFlag[];
}

export interface Catalog {
  readonly instances: readonly InstanceType[];
  readonly processors: readonly Processor[];
  readonly accelerators: readonly Accelerator[];
  readonly tokenPrices: readonly TokenPrice[];
  readonly grids: readonly GridIntensity[];
}
