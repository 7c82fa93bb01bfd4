import { AttributeProtoSchema } from 'onnx-buf';
import type { Attribute } from '../attribute.ts';
import type { Graph } from '../graph.ts';
import type { SparseTensor, Tensor } from '../tensor.ts';
import type { ValueType } from '../value-type.ts';
import type { AttributeKind } from './attribute-kinds.ts';
import { eachVarint } from './each-varint.ts';
import { bytesTag, fixed32Tag, varintTag } from './field-tags.ts';
import { objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { readSparseTensor } from './read-sparse-tensor.ts';
import { readTensor } from './read-tensor.ts';
import { readType } from './read-type.ts';
import { isSharedInt } from './varint.ts';

/** Everything that an AttributeProto can hold; in a sound one, one list is used. */
export interface AttributeValues {
  readonly floats: number[];
  readonly ints: bigint[];
  readonly strings: Uint8Array[];
  readonly tensors: Tensor[];
  readonly graphs: Graph[];
  readonly sparseTensors: SparseTensor[];
  readonly types: { readonly value: ValueType; readonly raw: Uint8Array | null }[];
}

export interface AttributeReading {
  readonly context: ReadContext;
  readonly readGraph: (cursor: MessageCursor) => Graph;
}

const field = AttributeProtoSchema.field;

type Reader = (values: AttributeValues, cursor: MessageCursor, reading: AttributeReading) => void;

/** How a field's content becomes one more value, by tag. */
export const valueReaders: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  ...[fixed32Tag(field.f), fixed32Tag(field.floats)].map((tag) => [tag, addFloat] as const),
  ...[varintTag(field.i), varintTag(field.ints)].map((tag) => [tag, addInt] as const),
  ...[bytesTag(field.s), bytesTag(field.strings)].map((tag) => [tag, addString] as const),
  ...[bytesTag(field.t), bytesTag(field.tensors)].map((tag) => [tag, addTensor] as const),
  ...[bytesTag(field.g), bytesTag(field.graphs)].map((tag) => [tag, addGraph] as const),
  ...[bytesTag(field.sparseTensor), bytesTag(field.sparseTensors)].map((tag) => [tag, addSparseTensor] as const),
  ...[bytesTag(field.tp), bytesTag(field.typeProtos)].map((tag) => [tag, addType] as const),
  [bytesTag(field.floats), addPackedFloats],
  [bytesTag(field.ints), addPackedInts],
]);

function addFloat({ floats }: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  context.budget.takeObjects(objectBytes.slot);
  floats.push(cursor.float());
}

function addPackedFloats({ floats }: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  if (cursor.bodyLength % 4 !== 0) throw cursor.malformed('packed floats have no whole number of values');
  context.budget.takeObjects((cursor.bodyLength / 4) * objectBytes.slot);
  const bytes = cursor.bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += 4) floats.push(view.getFloat32(at, true));
}

function addInt({ ints }: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  context.budget.takeObjects(isSharedInt(cursor.low, cursor.high) ? objectBytes.slot : objectBytes.listItem);
  ints.push(cursor.int64());
}

function addPackedInts({ ints }: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  eachVarint(context.window, cursor.body(), ({ low, high, int64 }) => {
    context.budget.takeObjects(isSharedInt(low, high) ? objectBytes.slot : objectBytes.listItem);
    ints.push(int64);
  });
}

function addString({ strings }: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  strings.push(sharedString(context, cursor));
}

/** Longest string that is worth comparing with those read before, and how many of them. */
const longestShared = 32;
const mostShared = 1024;

/** A forest of decision trees says of each of its nodes that it is a `BRANCH_LEQ` or a `LEAF`. */
function sharedString(context: ReadContext, cursor: MessageCursor): Uint8Array {
  const { window, budget, strings } = context;
  const length = cursor.bodyLength;
  const index = length > longestShared ? -1 : window.locate(cursor.bodyStart, length);
  const key = index === -1 ? null : window.bytes.toString('latin1', index, index + length);
  const known = key === null ? undefined : strings.get(key);
  budget.takeObjects(known === undefined ? objectBytes.span : objectBytes.slot);
  if (known !== undefined) return known;
  const bytes = cursor.bytes();
  if (key !== null && strings.size < mostShared) strings.set(key, bytes);
  return bytes;
}

function addTensor({ tensors }: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  tensors.push(readTensor(context, cursor.message()));
}

function addSparseTensor(values: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  values.sparseTensors.push(readSparseTensor(context, cursor.message()));
}

function addGraph({ graphs }: AttributeValues, cursor: MessageCursor, { readGraph }: AttributeReading): void {
  graphs.push(readGraph(cursor.message()));
}

function addType({ types }: AttributeValues, cursor: MessageCursor, { context }: AttributeReading): void {
  const { type, isPlain } = readType(context, cursor.message());
  const isWhole = type !== null && isPlain;
  context.budget.takeObjects(objectBytes.entry);
  types.push({ value: type ?? { kind: 'opaque' }, raw: isWhole ? null : cursor.bytes() });
}

interface NamedValues {
  readonly name: string;
  readonly values: AttributeValues;
}

/** The attribute of a kind; the default of its protobuf field where it was not written, null where there is none. */
export function attributeOfKind(kind: AttributeKind, { name, values }: NamedValues): Attribute | null {
  switch (kind) {
    case 'float':
      return { kind, name, value: values.floats.at(-1) ?? 0 };
    case 'int':
      return { kind, name, value: values.ints.at(-1) ?? 0n };
    case 'string':
      return { kind, name, value: values.strings.at(-1) ?? new Uint8Array(0) };
    case 'floats':
      return { kind, name, value: values.floats };
    case 'ints':
      return { kind, name, value: values.ints };
    case 'strings':
      return { kind, name, value: values.strings };
    default:
      return messageOfKind(kind, { name, values });
  }
}

type MessageKind = Exclude<AttributeKind, 'float' | 'int' | 'string' | 'floats' | 'ints' | 'strings'>;

function messageOfKind(kind: MessageKind, { name, values }: NamedValues): Attribute | null {
  const [tensor] = values.tensors;
  const [graph] = values.graphs;
  const [sparse] = values.sparseTensors;
  const [type] = values.types;
  switch (kind) {
    case 'tensor':
      return tensor === undefined ? null : { kind, name, value: tensor };
    case 'graph':
      return graph === undefined ? null : { kind, name, value: graph };
    case 'sparse-tensor':
      return sparse === undefined ? null : { kind, name, value: sparse };
    case 'type':
      return type === undefined ? null : { kind, name, value: type.value, raw: type.raw };
    case 'tensors':
      return { kind, name, value: values.tensors };
    case 'graphs':
      return { kind, name, value: values.graphs };
    case 'sparse-tensors':
      return { kind, name, value: values.sparseTensors };
    case 'types':
      return { kind, name, value: values.types };
  }
}
