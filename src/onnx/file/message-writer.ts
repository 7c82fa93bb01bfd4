import type { Origin } from '../origin.ts';
import { wire } from './message-cursor.ts';
import type { Piece } from './pieces.ts';
import { lengthOf } from './pieces.ts';

/** A field of a generated schema. */
interface Field {
  readonly number: number;
}

/** Shorter pieces are copied into one run of bytes: an object for each would take more memory than the bytes. */
const smallBytes = 1024;
const firstBufferBytes = 64;

/**
 * Writes one protobuf message as pieces: small fields as bytes, large payloads as references to where they are.
 * Fields come out in the order of the calls; writers of protobuf go by field number.
 */
export class MessageWriter {
  readonly #pieces: Piece[] = [];
  #length = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #used = 0;
  /** Start of the bytes in the buffer that are no piece yet. */
  #open = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Everything written so far, in order. */
  get pieces(): readonly Piece[] {
    this.#close();
    return this.#pieces;
  }

  /** An int32, int64, uint64 or enum: negative ones take ten bytes. */
  int(field: Field, value: number | bigint): void {
    this.#varint(field.number * 8 + wire.varint);
    if (typeof value === 'number' && value >= 0) this.#varint(value);
    else this.#longVarint(BigInt.asUintN(64, BigInt(value)));
  }

  /** A float, as four bytes. */
  float(field: Field, value: number): void {
    this.#varint(field.number * 8 + wire.fixed32);
    const at = this.#reserve(4);
    this.#buffer.writeFloatLE(value, at);
  }

  text(field: Field, text: string): void {
    const length = Buffer.byteLength(text);
    this.#header(field, length);
    const at = this.#reserve(length);
    this.#buffer.write(text, at, 'utf8');
  }

  /** A text that is left out when it is empty. */
  textIfAny(field: Field, text: string): void {
    if (text !== '') this.text(field, text);
  }

  bytes(field: Field, bytes: Uint8Array): void {
    this.#header(field, bytes.length);
    this.#put(bytes);
  }

  message(field: Field, message: MessageWriter): void {
    this.#header(field, message.length);
    for (const piece of message.pieces) this.#put(piece);
  }

  /** A field whose content is put together from pieces. */
  joined(field: Field, pieces: readonly Piece[]): void {
    this.#header(field, lengthOf(pieces));
    for (const piece of pieces) this.#put(piece);
  }

  /** A message as it was read. */
  copied(field: Field, { source, offset, length }: Origin): void {
    this.joined(field, [{ kind: 'range', source, offset, length }]);
  }

  /** Whole fields, tag included. */
  fields(fields: Piece): void {
    this.#put(fields);
  }

  #header(field: Field, length: number): void {
    this.#varint(field.number * 8 + wire.bytes);
    this.#varint(length);
  }

  #put(piece: Piece): void {
    if (piece.length === 0) return;
    if (piece.length >= smallBytes || (!(piece instanceof Uint8Array) && piece.kind === 'produced')) {
      this.#close();
      this.#pieces.push(piece);
      this.#length += piece.length;
    } else {
      const bytes = piece instanceof Uint8Array ? piece : piece.source.read(piece.offset, piece.length);
      const at = this.#reserve(piece.length);
      this.#buffer.set(bytes, at);
    }
  }

  /** Room for bytes at the end of the buffer. */
  #reserve(count: number): number {
    const at = this.#used;
    if (at + count > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(firstBufferBytes, 2 * (at - this.#open) + count));
      larger.set(this.#buffer.subarray(this.#open, at));
      this.#buffer = larger;
      this.#used = at - this.#open;
      this.#open = 0;
    }
    const start = this.#used;
    this.#used += count;
    this.#length += count;
    return start;
  }

  #close(): void {
    if (this.#used > this.#open) this.#pieces.push(this.#buffer.subarray(this.#open, this.#used));
    this.#open = this.#used;
  }

  /** Lengths of files above 4 GiB have more than 32 bits: no bit operators. */
  #varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#byte((rest % 0x80) + 0x80);
    this.#byte(rest);
  }

  #longVarint(value: bigint): void {
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) this.#byte(Number(rest & 0x7fn) + 0x80);
    this.#byte(Number(rest));
  }

  #byte(byte: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = byte;
  }
}
