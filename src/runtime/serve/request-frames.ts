/** A request on its way between two processes: the number of the schedule it belongs to, and its own. */
export interface RequestFrame {
  readonly turn: number;
  readonly request: number;
}

const frameBytes = 8;

/** In the place of a request: that was the last one of its schedule. */
export const lastFrame = 2 ** 32 - 1;

/** Requests as bytes, in their order. Numbers are whole and below 2^32. */
export function encodeFrames(turn: number, requests: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(requests.length * frameBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, request] of requests.entries()) {
    view.setUint32(index * frameBytes, turn, true);
    view.setUint32(index * frameBytes + 4, request, true);
  }
  return bytes;
}

/** Requests from bytes that come in pieces of any length. */
export class FrameDecoder {
  readonly #partial = new Uint8Array(frameBytes);
  #filled = 0;

  decode(chunk: Uint8Array, onFrame: (frame: RequestFrame) => void): void {
    const view = new DataView(this.#partial.buffer);
    for (const byte of chunk) {
      this.#partial[this.#filled] = byte;
      this.#filled += 1;
      if (this.#filled < frameBytes) continue;
      this.#filled = 0;
      onFrame({ turn: view.getUint32(0, true), request: view.getUint32(4, true) });
    }
  }
}
