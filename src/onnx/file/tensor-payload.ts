import { TensorProtoSchema } from 'onnx-buf';
import type { DataType } from '../data-type.ts';
import { byteLengthOf, isPackedType } from '../data-type.ts';
import type { ElementEncoding } from './decode-elements.ts';
import { eachVarint } from './each-varint.ts';
import { objectBytes } from './limits.ts';
import type { MessageCursor, Span, WireContext } from './message-cursor.ts';
import { wire } from './message-cursor.ts';

const field = TensorProtoSchema.field;
const rawField = field.rawData.number;

/** What the data fields of a TensorProto hold: places only, however large they are. */
export class TensorPayload {
  /** Number of the one field that holds elements; 0 while none does. */
  field = 0;
  encoding: ElementEncoding = 'raw';
  readonly ranges: Span[] = [];
  /** Bytes in the file. */
  storedBytes = 0;
  /** Fields or varints, where they are told apart. */
  #entries = 0;
  readonly #context: WireContext;

  constructor(context: WireContext) {
    this.#context = context;
  }

  /** Notes a data field that a cursor is at. Returns what is wrong with it, or null. */
  add(cursor: MessageCursor): string | null {
    const number = cursor.tag >>> 3;
    const encoding = encodingOf(cursor);
    if (encoding !== 'fields' && cursor.bodyLength === 0) return null;
    if (this.field !== 0 && (this.field !== number || this.encoding !== encoding || number === rawField))
      return 'its elements are given twice';
    this.field = number;
    this.encoding = encoding;
    if (encoding === 'varints') this.#entries += eachVarint(this.#context.window, cursor.body(), () => {});
    if (encoding === 'fields') this.#entries++;
    this.#addRange(
      encoding === 'fields' ? { offset: cursor.start, length: cursor.position - cursor.start } : cursor.body(),
    );
    return null;
  }

  /** What is wrong with the elements for a type and a number of them; null when nothing is. */
  problemFor(type: DataType, count: number): string | null {
    if (this.field === 0)
      return byteLengthOf(type, count) === 0 && (type !== 'string' || count === 0) ? null : 'its elements are missing';
    const isRaw = this.field === rawField && type !== 'string';
    if (!isRaw && this.field !== fieldFor(type)) return `elements of ${type} are in the field of another type`;
    const wanted = this.encoding === 'raw' ? byteLengthOf(type, count) : entriesFor(type, count);
    const found = this.encoding === 'raw' ? this.storedBytes : this.#entries;
    if (found === wanted) return null;
    const unit = this.encoding === 'raw' ? 'bytes' : 'values';
    return `its shape asks for ${wanted} ${unit} of ${type}, ${found} are there`;
  }

  #addRange(range: Span): void {
    this.storedBytes += range.length;
    const last = this.ranges.at(-1);
    if (this.encoding === 'fields' && last !== undefined && last.offset + last.length === range.offset) {
      this.ranges[this.ranges.length - 1] = { offset: last.offset, length: last.length + range.length };
    } else {
      this.#context.budget.takeObjects(objectBytes.span);
      this.ranges.push(range);
    }
  }
}

const fixedWidth: ReadonlySet<number> = new Set([rawField, field.floatData.number, field.doubleData.number]);

function encodingOf(cursor: MessageCursor): ElementEncoding {
  const number = cursor.tag >>> 3;
  if (cursor.wireType !== wire.bytes || number === field.stringData.number) return 'fields';
  return fixedWidth.has(number) ? 'raw' : 'varints';
}

/** Which field holds which type: the comments on TensorProto's data fields in onnx.proto. */
function fieldFor(type: DataType): number {
  switch (type) {
    case 'float32':
    case 'complex64':
      return field.floatData.number;
    case 'float64':
    case 'complex128':
      return field.doubleData.number;
    case 'int64':
      return field.int64Data.number;
    case 'uint32':
    case 'uint64':
      return field.uint64Data.number;
    case 'string':
      return field.stringData.number;
    default:
      return field.int32Data.number;
  }
}

/** Entries of a typed field: a complex number is two, a byte of packed ones is one. */
function entriesFor(type: DataType, count: number): number {
  if (type === 'complex64' || type === 'complex128') return 2 * count;
  return isPackedType(type) ? byteLengthOf(type, count) : count;
}
