import { ModelError } from '../../errors.ts';
import type { ByteSource } from '../origin.ts';

/** A model that is in memory already. */
export class MemorySource implements ByteSource {
  readonly path: string;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, path: string) {
    this.#bytes = bytes;
    this.path = path;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.#view(offset, length));
  }

  fill(offset: number, target: Uint8Array): void {
    target.set(this.#view(offset, target.length));
  }

  #view(offset: number, length: number): Uint8Array {
    if (offset + length > this.#bytes.length)
      throw new ModelError('model-malformed', { path: this.path, offset, problem: `${length} bytes are not there` });
    return this.#bytes.subarray(offset, offset + length);
  }
}
