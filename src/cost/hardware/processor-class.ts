/** What decides how many numbers an instruction takes: float32 vectors, and products of 8-bit integers. */
export interface ProcessorClass {
  readonly vector: 'avx512' | 'avx2' | 'sse' | 'neon';
  readonly int8: 'amx' | 'vnni' | 'avx512' | 'avx2' | 'sse' | 'i8mm' | 'dot' | 'neon';
}

/** The class by instruction sets, named as in `/proc/cpuinfo`. */
export function processorClass(architecture: 'amd64' | 'arm64', instructionSets: readonly string[]): ProcessorClass {
  const has = (...names: readonly string[]): boolean => names.some((name) => instructionSets.includes(name));
  if (architecture === 'arm64') return { vector: 'neon', int8: has('i8mm') ? 'i8mm' : has('asimddp') ? 'dot' : 'neon' };
  const vector = has('avx512f') ? 'avx512' : has('avx2') ? 'avx2' : 'sse';
  if (has('amx_int8')) return { vector, int8: 'amx' };
  return { vector, int8: has('avx512_vnni', 'avx_vnni') ? 'vnni' : vector };
}

/**
 * Operations of a core in a cycle, a multiply-add counted as two, for a processor that the catalog does not know: those
 * of the common cores of the class (two vector pipes), from general knowledge of the instruction sets.
 */
export const usualOperations: {
  readonly float: Readonly<Record<ProcessorClass['vector'], number>>;
  readonly int8: Readonly<Record<ProcessorClass['int8'], number>>;
} = {
  float: { avx512: 64, avx2: 32, sse: 8, neon: 16 },
  int8: { amx: 2048, vnni: 256, avx512: 128, avx2: 64, sse: 16, i8mm: 256, dot: 64, neon: 32 },
};
