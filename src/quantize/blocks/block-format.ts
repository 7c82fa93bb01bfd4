/** Bits of one weight. onnxruntime's fast CPU kernels of MatMulNBits know these two (mlas/lib/qnbitgemm.cpp). */
export type BlockBits = 4 | 8;

/** Weights that share a scale: the sizes that MatMulNBits accepts. */
export type BlockSize = 16 | 32 | 64 | 128 | 256;

export interface BlockFormat {
  readonly bits: BlockBits;
  readonly blockSize: BlockSize;
  /** Zero points in the middle, `2^(bits - 1)`, and so not stored. */
  readonly symmetric: boolean;
}

/**
 * A weight `[K, N]` in integers, in blocks of `blockSize` along K: `real = (q - zeroPoint) * scale`. Stored column by
 * column, as MatMulNBits takes it; `kb = ceil(K / blockSize)`, what pads the last block is its zero point.
 */
export interface BlockQuantized {
  readonly bits: BlockBits;
  readonly blockSize: BlockSize;
  readonly k: number;
  readonly n: number;
  /** `[N, kb * blockSize]`, one integer a byte. */
  readonly q: Uint8Array;
  /** `[N, kb]`; may be negative where symmetric. */
  readonly scales: Float32Array;
  /** `[N, kb]`; null says `2^(bits - 1)` everywhere. */
  readonly zeroPoints: Uint8Array | null;
}

/** Blocks of one column. */
export function blocksOf(k: number, blockSize: number): number {
  return Math.ceil(k / blockSize);
}

/** The zero point of symmetric blocks. */
export function middleOf(bits: BlockBits): number {
  return 2 ** (bits - 1);
}

/** The largest integer. */
export function mostOf(bits: BlockBits): number {
  return 2 ** bits - 1;
}

/** Blocks yet to be filled. */
export function emptyBlocks(
  { bits, blockSize, symmetric }: BlockFormat,
  { k, n }: { readonly k: number; readonly n: number },
): BlockQuantized {
  const count = n * blocksOf(k, blockSize);
  return {
    bits,
    blockSize,
    k,
    n,
    q: new Uint8Array(count * blockSize),
    scales: new Float32Array(count),
    zeroPoints: symmetric ? null : new Uint8Array(count),
  };
}
