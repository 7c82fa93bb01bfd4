import type { Processor } from './catalog.ts';

/** What is told of a processor; what a vCPU gets of it is arithmetic. */
export type ProcessorRow = Omit<Processor, 'fp32GflopsPerVcpu' | 'int8GopsPerVcpu' | 'gbPerSecondPerVcpu'>;

/** A core's peak over its vCPUs, the socket's memory bandwidth over all of them. */
export function withVcpuShares(row: ProcessorRow): Processor {
  const { allCoreGhz, fp32FlopPerCycle, int8OpPerCycle, socketGbPerSecond, coresPerSocket, vcpusPerCore } = row;
  return {
    ...row,
    fp32GflopsPerVcpu: (allCoreGhz * fp32FlopPerCycle) / vcpusPerCore,
    int8GopsPerVcpu: (allCoreGhz * int8OpPerCycle) / vcpusPerCore,
    gbPerSecondPerVcpu: socketGbPerSecond / (coresPerSocket * vcpusPerCore),
  };
}
