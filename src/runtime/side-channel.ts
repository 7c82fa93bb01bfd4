import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Shorter arrays travel in the message itself: a message of its own for them would cost more. */
const leastDetachedBytes = 4096;

/** Read at a time at most. */
const passageBytes = 2 ** 18;

const arrays = {
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  Uint16Array,
  Uint32Array,
  Uint8Array,
} as const;

/** Stands in a message for an array whose bytes come beside it. */
interface Detached {
  readonly detachedArray: keyof typeof arrays;
  readonly byteLength: number;
}

/** A message whose large arrays were taken out, and their bytes in the order in which they stood. */
export interface DetachedMessage {
  readonly message: unknown;
  readonly parts: readonly Uint8Array[];
}

/** Takes large arrays out of a message. They are not copied: they must stay as they are until they are written. */
export function detach(message: unknown): DetachedMessage {
  const parts: Uint8Array[] = [];
  return { message: withoutArrays(message, parts), parts };
}

function withoutArrays(value: unknown, parts: Uint8Array[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    if (value.byteLength < leastDetachedBytes || !isArrayName(name)) return value;
    parts.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return { detachedArray: name, byteLength: value.byteLength } satisfies Detached;
  }
  if (Array.isArray(value)) {
    // A list of numbers or texts (dims, names, times) holds nothing to take out.
    return value.length > 0 && typeof value[0] !== 'object' ? value : value.map((item) => withoutArrays(item, parts));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutArrays(item, parts)]));
}

function isArrayName(name: string): name is keyof typeof arrays {
  return Object.hasOwn(arrays, name);
}

/** Puts the arrays back, each with a buffer of its own, as their bytes come in. */
export async function attach(message: unknown, channel: Pick<SideChannel, 'take'>): Promise<unknown> {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return message;
  if (isDetached(message)) {
    const bytes = await channel.take(message.byteLength);
    return new arrays[message.detachedArray](bytes.buffer);
  }
  if (Array.isArray(message)) {
    if (message.length > 0 && typeof message[0] !== 'object') return message;
    const items: unknown[] = [];
    for (const item of message) items.push(await attach(item, channel));
    return items;
  }
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(message)) entries.push([key, await attach(item, channel)]);
  return Object.fromEntries(entries);
}

function isDetached(value: object): value is Detached {
  // An input may have this very name, but what is fed to it is a tensor.
  return 'detachedArray' in value && typeof value.detachedArray === 'string';
}

/**
 * Raw bytes between two processes beside their messages. Node serializes messages twice over and reads them in small
 * pieces: several times as slow, and as much garbage as data.
 */
export class SideChannel {
  readonly #stream: Duplex;
  /** What came in before anybody asked for it. */
  readonly #early: Uint8Array[] = [];
  /** Memory that was taken back, for the next array of its length. */
  #kept: ArrayBuffer | null = null;
  #taking: { readonly target: Uint8Array<ArrayBuffer>; filled: number; readonly done: () => void } | null = null;

  constructor(connect: (receive: (chunk: Uint8Array) => void) => Duplex) {
    this.#stream = connect((chunk) => this.#receive(chunk));
    // That the other process is gone is told by its end.
    this.#stream.on('error', () => undefined);
  }

  /** Over a stream whose chunks are nobody else's. */
  static over(stream: Duplex): SideChannel {
    return new SideChannel((receive) => stream.on('data', receive));
  }

  /** Over an open file descriptor. All that comes in passes through one buffer. */
  static onDescriptor(fd: number): SideChannel {
    return new SideChannel((receive) => {
      const callback = (length: number, buffer: Uint8Array): boolean => {
        receive(buffer.subarray(0, length));
        return true;
      };
      // Known to Node's Socket, but not to its types.
      const options = { fd, onread: { buffer: new Uint8Array(passageBytes), callback } };
      return new Socket(options);
    });
  }

  write(parts: readonly Uint8Array[]): void {
    for (const part of parts) this.#stream.write(part);
  }

  /** The next bytes, in a buffer of their own. Asked for one after another. */
  async take(byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#kept?.byteLength === byteLength ? this.#kept : null;
    if (kept !== null) this.#kept = null;
    const target = new Uint8Array(kept ?? new ArrayBuffer(byteLength));
    await new Promise<void>((resolve) => {
      this.#taking = { target, filled: 0, done: resolve };
      for (const chunk of this.#early.splice(0)) this.#receive(chunk);
    });
    return target;
  }

  /** Takes the memory of an array back that came through here and that nobody reads any more. */
  recycle(array: unknown): void {
    if (!ArrayBuffer.isView(array) || !(array.buffer instanceof ArrayBuffer)) return;
    if (array.byteLength === array.buffer.byteLength && array.byteLength >= leastDetachedBytes)
      this.#kept = array.buffer;
  }

  #receive(chunk: Uint8Array): void {
    const taking = this.#taking;
    if (taking === null) {
      // Its memory may be written to again.
      this.#early.push(Uint8Array.from(chunk));
      return;
    }
    const { target, filled } = taking;
    const wanted = Math.min(chunk.length, target.length - filled);
    target.set(chunk.subarray(0, wanted), filled);
    taking.filled += wanted;
    if (wanted < chunk.length) this.#early.push(Uint8Array.from(chunk.subarray(wanted)));
    if (taking.filled < target.length) return;
    this.#taking = null;
    taking.done();
  }
}
