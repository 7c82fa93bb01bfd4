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

/** Stands in the text for an array whose bytes come after it, or for a number that JSON has no word for. */
interface Placeholder {
  readonly parcelArray?: keyof typeof arrays;
  readonly parcelNumber?: string;
  readonly byteLength?: number;
}

/** Arrays begin at multiples of the largest element's size, so that they can be read in place. */
const alignment = 8;
const headerBytes = 8;

/**
 * A message of plain values and typed arrays as bytes, for HTTP between this process and a page: the length of a JSON
 * text, the text, then the arrays as they are. Little-endian, as every machine is that onnxruntime runs on.
 */
export function packParcel(message: unknown): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const text = new TextEncoder().encode(JSON.stringify(withoutArrays(message, parts)) ?? 'null');
  const bodyAt = aligned(headerBytes + text.length);
  const bytes = new Uint8Array(parts.reduce((total, part) => total + aligned(part.length), bodyAt));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, headerBytes);
  let at = bodyAt;
  for (const part of parts) {
    bytes.set(part, at);
    at += aligned(part.length);
  }
  return bytes;
}

/** The message again. Its arrays are views of `bytes`, which must begin at the start of their buffer. */
export function unpackParcel(bytes: Uint8Array<ArrayBuffer>): unknown {
  const textLength = new DataView(bytes.buffer).getUint32(0, true);
  const message: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(headerBytes, headerBytes + textLength)));
  return withArrays(message, { buffer: bytes.buffer, at: aligned(headerBytes + textLength) });
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

function withoutArrays(value: unknown, parts: Uint8Array[]): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    return { parcelNumber: String(value) } satisfies Placeholder;
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const name = arrayNameOf(value);
    parts.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return { parcelArray: name, byteLength: value.byteLength } satisfies Placeholder;
  }
  if (Array.isArray(value)) return value.map((item) => withoutArrays(item, parts));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutArrays(item, parts)]));
}

function arrayNameOf(value: ArrayBufferView): keyof typeof arrays {
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (isArrayName(name)) return name;
  throw new TypeError(`a ${name} cannot be sent`);
}

function isArrayName(name: string): name is keyof typeof arrays {
  return Object.hasOwn(arrays, name);
}

interface Body {
  readonly buffer: ArrayBuffer;
  at: number;
}

/** Goes through the values in the order in which they were packed. */
function withArrays(value: unknown, body: Body): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withArrays(item, body));
  const { parcelArray, parcelNumber, byteLength }: Placeholder = value;
  // An input may have this very name, but what is fed to it is no text.
  if (typeof parcelNumber === 'string') return Number(parcelNumber);
  if (typeof parcelArray !== 'string' || typeof byteLength !== 'number')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withArrays(item, body)]));
  const kind = arrays[parcelArray];
  const array = new kind(body.buffer, body.at, byteLength / kind.BYTES_PER_ELEMENT);
  body.at += aligned(byteLength);
  return array;
}
