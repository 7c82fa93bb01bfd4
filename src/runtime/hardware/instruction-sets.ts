/**
 * Instruction sets that decide how fast inference can be, weakest first: vector width, fused multiply-add, half
 * precision, 8-bit dot products and matrix tiles. Names are those of `/proc/cpuinfo`.
 */
const relevant = [
  'sse4_2',
  'avx',
  'avx2',
  'fma',
  'f16c',
  'avx_vnni',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'avx512_fp16',
  'amx_tile',
  'amx_int8',
  'amx_bf16',
  'neon',
  'asimd',
  'asimdhp',
  'asimddp',
  'i8mm',
  'bf16',
  'sve',
  'sve2',
  'sme',
] as const;

/** Those of the processor's flags that matter, in a fixed order. */
export function relevantInstructionSets(flags: ReadonlySet<string>): readonly string[] {
  return relevant.filter((name) => flags.has(name));
}
