/** One protobuf field inside a buffer. */
export interface WireField {
  readonly number: number;
  readonly wireType: number;
  /** First byte of the tag. */
  readonly start: number;
  /** First byte of the content: behind tag and length. */
  readonly content: number;
  readonly end: number;
  readonly depth: number;
}

/** Fields of a well-formed message and of the messages that seem to be inside it, outermost first. */
export function wireFields(bytes: Uint8Array): readonly WireField[] {
  const found: WireField[] = [];
  const waiting = [{ start: 0, end: bytes.length, depth: 0 }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const fields = fieldsOf(bytes, next);
    if (fields === null) continue;
    found.push(...fields);
    for (const { wireType, content, end, depth } of fields)
      if (wireType === 2 && end - content >= 2 && depth < 8) waiting.push({ start: content, end, depth: depth + 1 });
  }
  return found;
}

/** Null when the bytes are no message. */
function fieldsOf(
  bytes: Uint8Array,
  { start, end, depth }: { readonly start: number; readonly end: number; readonly depth: number },
): readonly WireField[] | null {
  const fields: WireField[] = [];
  for (let at = start; at < end;) {
    const tag = readVarint(bytes, at, end);
    if (tag === null || tag.value < 8 || tag.value > 8000) return null;
    const wireType = tag.value % 8;
    const length = wireType === 2 ? readVarint(bytes, tag.end, end) : null;
    const content = length?.end ?? tag.end;
    const next = endOf({ bytes, wireType, content, length: length?.value ?? 0, end });
    if (next === null || next > end) return null;
    fields.push({ number: Math.floor(tag.value / 8), wireType, start: at, content, end: next, depth });
    at = next;
  }
  return fields;
}

interface Body {
  readonly bytes: Uint8Array;
  readonly wireType: number;
  readonly content: number;
  readonly length: number;
  readonly end: number;
}

function endOf({ bytes, wireType, content, length, end }: Body): number | null {
  if (wireType === 0) return readVarint(bytes, content, end)?.end ?? null;
  if (wireType === 1) return content + 8;
  if (wireType === 5) return content + 4;
  return wireType === 2 ? content + length : null;
}

function readVarint(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let at = start; at < end && at < start + 10; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * 2 ** (7 * (at - start));
    if (byte < 128) return { value, end: at + 1 };
  }
  return null;
}

/** A varint's bytes; negative numbers are written as 64-bit two's complement. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}
