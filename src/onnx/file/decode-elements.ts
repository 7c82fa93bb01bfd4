import { byteLengthOf } from '../data-type.ts';
import type { NumericType } from '../data-type.ts';
import type { ByteWindow } from './byte-window.ts';
import { eachVarint } from './each-varint.ts';
import type { Span } from './message-cursor.ts';
import { MessageCursor, wire } from './message-cursor.ts';
import { ReadBudget } from './read-budget.ts';

/**
 * How elements lie in a file:
 * - `raw`: the ranges' bytes, one after another, are the elements (raw_data, packed float_data and double_data, data files);
 * - `varints`: ranges of packed varints (int32_data, int64_data, uint64_data);
 * - `fields`: runs of whole fields, tag included, one an element (what is written unpacked; string_data).
 */
export type ElementEncoding = 'raw' | 'varints' | 'fields';

export interface EncodedElements {
  readonly window: ByteWindow;
  readonly ranges: readonly Span[];
  readonly encoding: ElementEncoding;
  readonly type: NumericType;
  /** Length of the raw elements, which the ranges are known to hold. */
  readonly byteLength: number;
}

/** The raw little-endian elements of a tensor. Throws ModelError when the file was changed meanwhile. */
export function decodeElements(elements: EncodedElements): Uint8Array {
  const { window, ranges, encoding, type, byteLength } = elements;
  const [range] = ranges;
  if (encoding === 'raw' && range !== undefined && ranges.length === 1) return window.copy(range.offset, range.length);
  const sink = new ElementSink(type, byteLength);
  for (const range of ranges) {
    if (encoding === 'raw') sink.putBytes(window.copy(range.offset, range.length));
    else if (encoding === 'varints') eachVarint(window, range, ({ low, high }) => sink.put(low, high));
    else putFields(window, range, sink);
  }
  return sink.bytes;
}

function putFields(window: ByteWindow, range: Span, sink: ElementSink): void {
  const cursor = new MessageCursor({ window, budget: new ReadBudget(window.source.path) }, range);
  while (cursor.next()) {
    if (cursor.wireType === wire.varint) sink.put(cursor.low, cursor.high);
    else sink.putBytes(window.copy(cursor.bodyStart, cursor.bodyLength));
  }
}

/** Puts 64-bit numbers into memory at their type's width. Those of int32_data are cut to it, as onnxruntime does. */
class ElementSink {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #width: number;
  readonly #isBool: boolean;
  #at = 0;

  constructor(type: NumericType, byteLength: number) {
    this.bytes = new Uint8Array(byteLength);
    this.#view = new DataView(this.bytes.buffer);
    this.#width = byteLengthOf(type, 1);
    this.#isBool = type === 'bool';
  }

  put(low: number, high: number): void {
    const at = this.#at;
    this.#at += this.#width;
    if (this.#width === 1) this.bytes[at] = this.#isBool ? Number(low !== 0) : low;
    else if (this.#width === 2) this.#view.setUint16(at, low & 0xffff, true);
    else this.#view.setUint32(at, low, true);
    if (this.#width === 8) this.#view.setUint32(at + 4, high, true);
  }

  putBytes(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }
}
