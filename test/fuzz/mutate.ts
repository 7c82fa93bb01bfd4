import type { Random } from '../../src/stats/seeded-random.ts';
import type { WireField } from './wire-fields.ts';
import { varint, wireFields } from './wire-fields.ts';

/** A model's bytes with its fields, found once. */
export interface Seed {
  readonly bytes: Uint8Array;
  readonly fields: readonly WireField[];
}

export function seedOf(bytes: Uint8Array): Seed {
  return { bytes, fields: wireFields(bytes) };
}

type Mutation = (seed: Seed, random: Random, donor: Seed) => Uint8Array;

const pick = <T>(items: readonly T[], random: Random): T | undefined => items[random.integer(items.length)];

const splice = (bytes: Uint8Array, from: number, to: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([bytes.subarray(0, from), ...parts, bytes.subarray(to)]);

const flipBits: Mutation = ({ bytes }, random) => {
  const copy = Uint8Array.from(bytes);
  for (let i = 1 + random.integer(8); i > 0; i--) {
    const at = random.integer(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(8));
  }
  return copy;
};

const truncate: Mutation = ({ bytes }, random) => Uint8Array.from(bytes.subarray(0, random.integer(bytes.length)));

const dropRange: Mutation = ({ bytes }, random) => {
  const from = random.integer(bytes.length);
  return splice(bytes, from, Math.min(bytes.length, from + 1 + random.integer(64)));
};

const insertNoise: Mutation = ({ bytes }, random) => {
  const at = random.integer(bytes.length);
  return splice(
    bytes,
    at,
    at,
    Uint8Array.from({ length: 1 + random.integer(16) }, () => random.integer(256)),
  );
};

const extremes = [0, 1, -1, 127, 128, 255, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31), 2n ** 63n - 1n];

/** A length that lies, the content as it was. */
const tamperLength: Mutation = ({ bytes, fields }, random) => {
  const field = pick(
    fields.filter(({ wireType }) => wireType === 2),
    random,
  );
  if (!field) return bytes;
  const real = field.end - field.content;
  const lies = [real + 1, real - 1, real * 2, real + random.integer(1000), ...extremes];
  const tag = varint(field.number * 8 + 2);
  return splice(bytes, field.start, field.content, tag, varint(pick(lies, random) ?? 0));
};

/** A number replaced by one at the edge of what there is: types, dims, opsets, offsets. */
const extremeNumber: Mutation = ({ bytes, fields }, random) => {
  const field = pick(
    fields.filter(({ wireType }) => wireType === 0),
    random,
  );
  const value = pick(extremes, random) ?? 0;
  return field ? rebuilt(bytes, fields, field, (start, end) => splice(bytes, start, end, varint(value))) : bytes;
};

/** Another field's number or wire type on the same content. */
const retag: Mutation = ({ bytes, fields }, random) => {
  const field = pick(fields, random);
  if (!field) return bytes;
  // A copy for sure: `slice` of a Buffer is none.
  const tag = Uint8Array.from(bytes.subarray(field.start, field.start + 1));
  tag[0] =
    random.integer(2) === 0 ? ((1 + random.integer(30)) << 3) | field.wireType : (tag[0] ?? 0) ^ random.integer(8);
  return splice(bytes, field.start, field.start + 1, tag);
};

const deleteField: Mutation = ({ bytes, fields }, random) => {
  const field = pick(fields, random);
  return field ? resized(bytes, fields, { field, with: new Uint8Array() }) : bytes;
};

const repeatField: Mutation = ({ bytes, fields }, random) => {
  const field = pick(fields, random);
  if (!field) return bytes;
  const whole = bytes.subarray(field.start, field.end);
  const times = 1 + random.integer(3);
  return resized(bytes, fields, { field, with: Buffer.concat(Array.from({ length: times + 1 }, () => whole)) });
};

/** A field of another model in place of one of this, lengths around it kept right. */
const transplant: Mutation = ({ bytes, fields }, random, donor) => {
  const field = pick(fields, random);
  const other = pick(donor.fields, random);
  if (!field || !other) return bytes;
  return resized(bytes, fields, { field, with: donor.bytes.subarray(other.start, other.end) });
};

/** Content replaced by that of another field of the same number: names that clash, dims that do not fit. */
const swapContent: Mutation = ({ bytes, fields }, random) => {
  const field = pick(fields, random);
  const other = pick(
    fields.filter((other) => other.number === field?.number && other.depth === field.depth),
    random,
  );
  if (!field || !other) return bytes;
  return resized(bytes, fields, { field, with: bytes.subarray(other.start, other.end) });
};

/** A message put into itself, again and again. */
const nest: Mutation = ({ bytes, fields }, random) => {
  const field = pick(
    fields.filter(({ wireType, depth }) => wireType === 2 && depth > 0),
    random,
  );
  if (!field) return bytes;
  let body: Uint8Array = bytes.subarray(field.content, field.end);
  for (let i = random.integer(140); i > 0 && body.length < 20_000; i--)
    body = Buffer.concat([body, varint(field.number * 8 + 2), varint(body.length), body.subarray(0, 40)]);
  return resized(bytes, fields, {
    field,
    with: Buffer.concat([varint(field.number * 8 + 2), varint(body.length), body]),
  });
};

const mutations: readonly Mutation[] = [
  flipBits,
  flipBits,
  truncate,
  dropRange,
  insertNoise,
  tamperLength,
  tamperLength,
  extremeNumber,
  extremeNumber,
  retag,
  deleteField,
  repeatField,
  transplant,
  transplant,
  swapContent,
  nest,
];

/** A damaged copy of a model: one to three mutations, of bytes or of whole fields. */
export function mutate(seed: Seed, random: Random, donor: Seed): Uint8Array {
  let bytes = seed.bytes;
  for (let i = 1 + random.integer(3); i > 0; i--) {
    const mutation = pick(mutations, random) ?? flipBits;
    bytes = mutation(bytes === seed.bytes ? seed : seedOf(bytes), random, donor);
    if (bytes.length === 0) break;
  }
  return bytes;
}

interface Replacement {
  readonly field: WireField;
  readonly with: Uint8Array;
}

/** Replaces a whole field and mends the lengths of every message around it. */
function resized(bytes: Uint8Array, fields: readonly WireField[], change: Replacement): Uint8Array {
  let { start, end } = change.field;
  let replacement: Uint8Array = change.with;
  const around = fields.filter(
    ({ depth, content, end: last }) => depth < change.field.depth && content <= start && last >= end,
  );
  for (const outer of around.toSorted((a, b) => b.depth - a.depth)) {
    const body = Buffer.concat([bytes.subarray(outer.content, start), replacement, bytes.subarray(end, outer.end)]);
    replacement = Buffer.concat([varint(outer.number * 8 + 2), varint(body.length), body]);
    ({ start, end } = outer);
  }
  return splice(bytes, start, end, replacement);
}

function rebuilt(
  bytes: Uint8Array,
  fields: readonly WireField[],
  field: WireField,
  edit: (start: number, end: number) => Uint8Array,
): Uint8Array {
  const edited = edit(field.content, field.end);
  const grown = edited.length - bytes.length;
  return resized(bytes, fields, { field, with: edited.subarray(field.start, field.end + grown) });
}
