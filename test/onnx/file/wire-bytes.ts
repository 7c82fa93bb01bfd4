/** Protobuf by hand, as https://protobuf.dev/programming-guides/encoding/ says, so that tests can also write it wrong. */
export const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

export function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...out, Number(rest)]);
}

export const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A varint field. */
export const number = (field: number, value: number | bigint): Uint8Array => join(varint(field * 8), varint(value));

/** A length-delimited field: text, bytes or a message of other fields. */
export function block(field: number, ...content: readonly (Uint8Array | string)[]): Uint8Array {
  const body = join(...content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return join(varint(field * 8 + 2), varint(body.length), body);
}

/** Many times the same, without a copy at a time. */
export const repeated = (part: Uint8Array, times: number): Uint8Array =>
  new Uint8Array(Buffer.alloc(part.length * times, part));

/** A ModelProto of IR version 8, opset 17 and a graph of given fields. */
export const modelOf = (...graph: readonly Uint8Array[]): Uint8Array =>
  join(number(1, 8), block(8, number(2, 17)), block(7, ...graph));

/** A GraphProto's field `node`. */
export const node = (op: string, inputs: readonly string[], outputs: readonly string[], ...more: Uint8Array[]) =>
  block(1, ...inputs.map((name) => block(1, name)), ...outputs.map((name) => block(2, name)), block(4, op), ...more);

/** A ValueInfoProto without type as the graph's field `input` (11), `output` (12) or `value_info` (13). */
export const info = (field: 11 | 12 | 13, name: string): Uint8Array => block(field, block(1, name));

/** A GraphProto's field `initializer`: name, type number, axes and whatever holds the elements. */
export const initializer = (
  name: string,
  { type, dims }: { readonly type: number; readonly dims: readonly (number | bigint)[] },
  ...data: Uint8Array[]
): Uint8Array => block(5, ...dims.map((dim) => number(1, dim)), number(2, type), ...data, block(8, name));
