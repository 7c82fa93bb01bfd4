import type { Catalog, Processor } from '../catalog/catalog.ts';
import type { ProcessorClass } from './processor-class.ts';
import { processorClass, usualOperations } from './processor-class.ts';
import { hadHardwareThreads, measuredVcpusPerCore } from './thread-cores.ts';
import type { MeasuredOn } from './translation.ts';

/** What a thread of a replica can do at most; for an accelerator, all of it. */
export interface Rates {
  /** 1e9 operations a second. */
  readonly floatGops: number;
  readonly int8Gops: number;
  /** 1e9 bytes a second from memory. */
  readonly gbPerSecond: number;
}

export interface ThreadRates extends Rates {
  readonly ghz: number;
  readonly architecture: 'amd64' | 'arm64';
  readonly class: ProcessorClass;
  /** By what its kind usually does: the catalog does not know the processor. */
  readonly isEstimated: boolean;
}

/** Of a vCPU where nothing is known: the middle of the catalog's processors. */
const usualGbPerSecondPerVcpu = 3.2;
const usualGhz = 2.8;

/** Of each thread that was measured. */
export function measuredRates(on: MeasuredOn, catalog: Catalog): ThreadRates {
  const processor = catalog.processors.find(({ id }) => id === on.processor) ?? null;
  const perCore = measuredVcpusPerCore(on, processor);
  const vcpus = hadHardwareThreads(on, processor) ? 1 : perCore;
  if (processor !== null) return processorRates(processor, vcpus);
  const { cpu, os } = on.environment;
  const architecture = os.arch === 'arm64' ? 'arm64' : 'amd64';
  const kind = processorClass(architecture, cpu.instructionSets);
  const ghz = cpu.frequencyMhz === null ? usualGhz : Math.min(6, Math.max(1, cpu.frequencyMhz / 1000));
  const cores = vcpus / perCore;
  return {
    floatGops: usualOperations.float[kind.vector] * ghz * cores,
    int8Gops: usualOperations.int8[kind.int8] * ghz * cores,
    gbPerSecond: usualGbPerSecondPerVcpu * vcpus,
    ghz,
    architecture,
    class: kind,
    isEstimated: true,
  };
}

/** Of a thread that has so many vCPUs of a processor of the catalog. */
export function processorRates(processor: Processor, vcpus: number): ThreadRates {
  return {
    floatGops: processor.fp32GflopsPerVcpu * vcpus,
    int8Gops: processor.int8GopsPerVcpu * vcpus,
    gbPerSecond: processor.gbPerSecondPerVcpu * vcpus,
    ghz: processor.allCoreGhz,
    architecture: processor.architecture,
    class: processorClass(processor.architecture, processor.instructionSets),
    isEstimated: false,
  };
}

/** Of several together, or of a share of one. */
export function timesRates({ floatGops, int8Gops, gbPerSecond }: Rates, factor: number): Rates {
  return { floatGops: floatGops * factor, int8Gops: int8Gops * factor, gbPerSecond: gbPerSecond * factor };
}
