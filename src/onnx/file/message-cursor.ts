import { ModelError } from '../../errors.ts';
import type { ByteWindow } from './byte-window.ts';
import { deepestMessage, objectBytes } from './limits.ts';
import type { ReadBudget } from './read-budget.ts';
import { int64Of, longestVarint, signedOf, Varint } from './varint.ts';

/** Where bytes are read from, and what may be kept of them. */
export interface WireContext {
  readonly window: ByteWindow;
  readonly budget: ReadBudget;
}

/** A message's content: bytes from the start of the file. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Protobuf's wire types: https://protobuf.dev/programming-guides/encoding/#structure */
export const wire = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

/** A tag or a length has 32 bits (35 in five bytes, for files above 4 GiB). */
const longestTag = 5;
const longestHeader = longestTag + longestVarint;

/** Holds a tag or a length for a moment; a cursor of its own for each message is enough to clear away. */
const varint = new Varint();

/**
 * Walks the fields of one protobuf message in a file, strictly: what it accepts, C++'s parser accepts too. Every length
 * is checked against the message around it. Throws ModelError `model-malformed` with the offset.
 */
export class MessageCursor {
  readonly span: Span;
  readonly depth: number;
  /** Field number * 8 + wire type, of the field that {@link next} found. */
  tag = 0;
  /** Start of the field, at its tag. */
  start = 0;
  /** Halves of a varint, unsigned. */
  low = 0;
  high = 0;
  /** Content of the field: without tag and length. */
  bodyStart = 0;
  /** End of the field. */
  position: number;
  readonly #context: WireContext;
  readonly #end: number;

  constructor(context: WireContext, span: Span, depth = 0) {
    this.#context = context;
    this.span = span;
    this.depth = depth;
    this.position = span.offset;
    this.#end = span.offset + span.length;
    if (depth > deepestMessage)
      throw this.malformed(`messages are nested more than ${deepestMessage} deep`, span.offset);
  }

  get bodyLength(): number {
    return this.position - this.bodyStart;
  }

  get wireType(): number {
    return this.tag & 7;
  }

  /** Goes to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position >= this.#end) return false;
    this.start = this.position;
    this.#step();
    if (this.wireType === wire.startGroup) this.#skipGroup();
    else if (this.wireType === wire.endGroup) throw this.malformed('a group ends that never began');
    return true;
  }

  /** A varint as a signed number; no safe integer beyond ±2^53. */
  number(): number {
    return signedOf(this.low, this.high);
  }

  int32(): number {
    return this.low | 0;
  }

  int64(): bigint {
    return int64Of(this.low, this.high);
  }

  float(): number {
    const { window } = this.#context;
    const index = window.locate(this.bodyStart, 4);
    return window.bytes.readFloatLE(index);
  }

  /** The content as text, or null when it is not UTF-8. */
  text(): string | null {
    const { window, budget } = this.#context;
    budget.takeKept(this.bodyLength);
    return window.text(this.bodyStart, this.bodyLength);
  }

  /** The content as text that must be UTF-8: names. */
  name(): string {
    const text = this.text();
    if (text === null) throw this.malformed('a name is not UTF-8');
    this.#context.budget.takeObjects(objectBytes.listItem);
    return text;
  }

  /** A copy of the content. */
  bytes(): Uint8Array {
    const { window, budget } = this.#context;
    budget.takeKept(this.bodyLength);
    return window.copy(this.bodyStart, this.bodyLength);
  }

  body(): Span {
    return { offset: this.bodyStart, length: this.bodyLength };
  }

  /** The fields of the message that the field holds. */
  message(): MessageCursor {
    return new MessageCursor(this.#context, this.body(), this.depth + 1);
  }

  malformed(problem: string, offset = this.start): ModelError {
    return new ModelError('model-malformed', { path: this.#context.window.source.path, offset, problem });
  }

  /** Reads a tag and finds the end of what follows, apart from groups. */
  #step(): void {
    const { window } = this.#context;
    const fieldStart = this.position;
    const length = Math.min(longestHeader, this.#end - fieldStart);
    const index = window.locate(fieldStart, length);
    const { bytes } = window;
    const limit = index + length;
    if (!varint.read(bytes, index, Math.min(limit, index + longestTag)) || varint.high !== 0 || varint.low < 8)
      throw this.malformed('no protobuf field starts here', fieldStart);
    this.tag = varint.low;
    this.bodyStart = fieldStart + varint.end - index;
    this.position = fieldStart + this.#endOfBody(bytes, varint.end, limit) - index;
    if (this.position > this.#end) throw this.#tooLong(fieldStart);
  }

  /** Index behind the field's content; sets {@link bodyStart} behind the length where there is one. */
  #endOfBody(bytes: Uint8Array, index: number, limit: number): number {
    switch (this.wireType) {
      case wire.varint:
        if (!varint.read(bytes, index, limit)) throw this.malformed('a number is cut off or has more than 64 bits');
        this.low = varint.low;
        this.high = varint.high;
        return varint.end;
      case wire.fixed64:
        return index + 8;
      case wire.fixed32:
        return index + 4;
      case wire.bytes:
        if (!varint.read(bytes, index, Math.min(limit, index + longestTag)))
          throw this.malformed('a length is cut off or has more than 35 bits');
        this.bodyStart += varint.end - index;
        return varint.end + varint.unsigned;
      case wire.startGroup:
      case wire.endGroup:
        return index;
      default:
        throw this.malformed(`a field has wire type ${this.wireType}, which does not exist`);
    }
  }

  #skipGroup(): void {
    const { tag, bodyStart } = this;
    const open = [tag];
    while (open.length > 0) {
      if (this.position >= this.#end) throw this.malformed('a group never ends');
      this.#step();
      if (this.wireType === wire.startGroup) open.push(this.tag);
      else if (this.wireType === wire.endGroup && open.pop() !== this.tag - 1)
        throw this.malformed('a group ends under another number');
      if (this.depth + open.length > deepestMessage)
        throw this.malformed(`messages are nested more than ${deepestMessage} deep`);
    }
    this.tag = tag;
    this.bodyStart = bodyStart;
  }

  #tooLong(fieldStart: number): ModelError {
    const missing = this.position - this.#end;
    const problem = `a field of ${this.position - fieldStart} bytes starts here, ${missing} more than the message around it has room for`;
    return this.malformed(problem, fieldStart);
  }
}
