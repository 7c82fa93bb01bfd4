import type { Tensor } from '../tensor.ts';
import { contentChunks } from './content-chunks.ts';

/** 32-bit FNV-1a's offset basis and prime; the second lane has constants of MurmurHash3. */
const basis = 0x81_1c_9d_c5;
const prime = 0x01_00_01_93;
const otherBasis = 0x9e_37_79_b9;
const otherPrime = 0x85_eb_ca_6b;

/**
 * A key that tensors of the same type, shape and bytes share, and others hardly ever (64 bits, not made to withstand
 * malice): compare with `sameTensor` before relying on it. Reads the whole content, or only its first `mostBytes`.
 * @throws ModelError when a stored tensor is not where the model says
 */
export function tensorHash(tensor: Tensor, mostBytes = Infinity): string {
  const hash = new ContentHash();
  let left = mostBytes;
  for (const chunk of contentChunks(tensor)) {
    hash.add(chunk.subarray(0, Math.min(left, chunk.length)));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return `${tensor.type}[${tensor.dims.join()}]${hash.text()}`;
}

/** Two lanes over 32-bit words. What the pieces are does not matter, only what they are in all. */
class ContentHash {
  #first = basis;
  #second = otherBasis;
  /** Bytes that do not fill a word yet. */
  #rest: readonly number[] = [];

  add(chunk: Uint8Array): void {
    const lead = this.#rest.length === 0 ? 0 : Math.min(4 - this.#rest.length, chunk.length);
    this.#rest = [...this.#rest, ...chunk.subarray(0, lead)];
    if (this.#rest.length === 4) this.#rest = this.#addWords(Uint8Array.from(this.#rest));
    if (this.#rest.length === 0) this.#rest = this.#addWords(chunk.subarray(lead));
  }

  text(): string {
    // The number of bytes tells a short end from one of zeros.
    const last = new Uint8Array(8);
    last.set(this.#rest);
    last[7] = this.#rest.length;
    this.#addWords(last);
    return [this.#first, this.#second].map((lane) => (finish(lane) >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** Returns the bytes after the last whole word. */
  #addWords(bytes: Uint8Array): readonly number[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = bytes.length - (bytes.length % 4);
    let first = this.#first;
    let second = this.#second;
    for (let at = 0; at < end; at += 4) {
      const word = view.getUint32(at, true);
      first = Math.imul(first ^ word, prime);
      second = Math.imul((second << 13) | (second >>> 19), 5) ^ Math.imul(word, otherPrime);
    }
    this.#first = first;
    this.#second = second;
    return [...bytes.subarray(end)];
  }
}

/** Spreads every bit over the whole word: the multiplications carry upward only (MurmurHash3's finalizer). */
function finish(lane: number): number {
  const once = Math.imul(lane ^ (lane >>> 16), 0x85_eb_ca_6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2_b2_ae_35);
  return twice ^ (twice >>> 16);
}
