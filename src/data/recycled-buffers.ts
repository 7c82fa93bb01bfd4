/** Buffers kept for the next batch: those of the batches that are on their way at a time. */
const mostKept = 8;

/**
 * Memory of one batch that serves a later one. Node gives a large array's memory back only when tens of megabytes of
 * them are waiting, so that reading many batches would take more than reading few.
 */
export class RecycledBuffers {
  #kept: ArrayBuffer[] = [];

  /** Memory of this length, with anything in it. */
  take(byteLength: number): ArrayBuffer {
    const at = this.#kept.findIndex((buffer) => buffer.byteLength === byteLength);
    return (at === -1 ? undefined : this.#kept.splice(at, 1)[0]) ?? new ArrayBuffer(byteLength);
  }

  /** Takes memory back that nobody reads any more. */
  give(buffer: ArrayBuffer): void {
    if (this.#kept.includes(buffer)) return;
    this.#kept.push(buffer);
    if (this.#kept.length > mostKept) this.#kept.shift();
  }
}
