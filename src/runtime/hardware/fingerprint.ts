import { createHash } from 'node:crypto';
import type { Environment } from '../environment.ts';

/**
 * Two results with the same fingerprint may be compared. 16 hexadecimal digits of SHA-256 over
 *
 * - processor model and instruction sets: they choose onnxruntime's kernels;
 * - logical and usable cores and the quota: they bound threads, and a quota stops them even below that bound;
 * - system and architecture: another build of onnxruntime;
 * - onnxruntime's version: other kernels and fusions;
 * - GPUs and drivers: the same for GPU providers.
 *
 * Left out is what changes between runs of the same machine without making it another one: load, free memory, the
 * current clock, the kernel's patch level (updated weekly on hosted runners), Node (it does not run the kernels) and
 * the container's name. Those are recorded beside it.
 */
export function fingerprint(environment: Omit<Environment, 'fingerprint'>): string {
  const { os, cpu, onnxruntime, gpus } = environment;
  const facts = [
    [os.platform, os.arch],
    [cpu.model, cpu.logicalCores, cpu.usableCores, cpu.quotaCores, cpu.instructionSets],
    onnxruntime,
    gpus.map((gpu) => [gpu.name, gpu.driver]),
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}
