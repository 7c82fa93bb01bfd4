import {
  TypeProto_MapSchema,
  TypeProto_OptionalSchema,
  TypeProto_SequenceSchema,
  TypeProto_SparseTensorSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
} from 'onnx-buf';
import type { DataType } from '../data-type.ts';
import type { Shape } from '../value-type.ts';
import { dataTypeOfNumber } from './data-type-number.ts';
import { bytesTag, varintTag } from './field-tags.ts';
import { deepestMessage, objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext, TypeRead } from './read-context.ts';
import { invalid } from './read-context.ts';
import { readShape } from './read-shape.ts';

const typeField = TypeProtoSchema.field;
const kinds = {
  tensor: bytesTag(typeField.tensorType),
  sparse: bytesTag(typeField.sparseTensorType),
  sequence: bytesTag(typeField.sequenceType),
  optional: bytesTag(typeField.optionalType),
  map: bytesTag(typeField.mapType),
  /** Only in onnx-ml.proto, which onnxruntime reads: a domain and a name. */
  opaque: bytesTag({ number: 7 }),
};
const kindTags: ReadonlySet<number> = new Set(Object.values(kinds));

/** Longest TypeProto that is worth comparing with those read before, and how many of them. */
const longestShared = 64;
const mostShared = 1024;

/** A field that holds a TypeProto. Values share types, for a graph has few of them. Throws ModelError as {@link readType}. */
export function readSharedType(context: ReadContext, cursor: MessageCursor): TypeRead {
  // Near the deepest nesting a type must be read where it stands, to find it too deep.
  if (cursor.bodyLength > longestShared || cursor.depth > deepestMessage / 2)
    return readType(context, cursor.message());
  const { window, types } = context;
  const index = window.locate(cursor.bodyStart, cursor.bodyLength);
  const bytes = window.bytes.toString('latin1', index, index + cursor.bodyLength);
  const known = types.get(bytes);
  if (known !== undefined) return known;
  const read = readType(context, cursor.message());
  if (types.size < mostShared) types.set(bytes, read);
  return read;
}

/** A TypeProto. Throws ModelError when it says two types at a time. */
export function readType(context: ReadContext, cursor: MessageCursor): TypeRead {
  context.budget.takeObjects(objectBytes.entry);
  let read: TypeRead = { type: null, isPlain: true };
  let isPlain = true;
  while (cursor.next()) {
    if (!kindTags.has(cursor.tag)) {
      isPlain = false;
    } else {
      if (read.type !== null)
        throw invalid(context, `the type at byte ${cursor.span.offset}`, 'it is two types at a time');
      read = readKind(context, cursor);
    }
  }
  return { type: read.type, isPlain: isPlain && read.isPlain };
}

function readKind(context: ReadContext, cursor: MessageCursor): TypeRead {
  const message = cursor.message();
  switch (cursor.tag) {
    case kinds.tensor:
      return readTensorType(context, message, 'tensor');
    case kinds.sparse:
      return readTensorType(context, message, 'sparse-tensor');
    case kinds.sequence:
      return readContainer(context, message, 'sequence');
    case kinds.optional:
      return readContainer(context, message, 'optional');
    case kinds.map:
      return readContainer(context, message, 'map');
    default:
      while (message.next());
      return { type: { kind: 'opaque' }, isPlain: false };
  }
}

const tensorTags = {
  tensor: {
    elementType: varintTag(TypeProto_TensorSchema.field.elemType),
    shape: bytesTag(TypeProto_TensorSchema.field.shape),
  },
  'sparse-tensor': {
    elementType: varintTag(TypeProto_SparseTensorSchema.field.elemType),
    shape: bytesTag(TypeProto_SparseTensorSchema.field.shape),
  },
};

function readTensorType(context: ReadContext, cursor: MessageCursor, kind: 'tensor' | 'sparse-tensor'): TypeRead {
  const tags = tensorTags[kind];
  let elementType: DataType | null = null;
  let shape: Shape = null;
  let isPlain = true;
  while (cursor.next()) {
    if (cursor.tag === tags.elementType) {
      elementType = dataTypeOfNumber(cursor.int32());
      isPlain &&= elementType !== null;
    } else if (cursor.tag === tags.shape) {
      if (shape !== null) throw givenTwice(context, cursor);
      const read = readShape(context, cursor.message());
      shape = read.shape;
      isPlain &&= read.isPlain;
    } else {
      isPlain = false;
    }
  }
  return { type: { kind, elementType, shape }, isPlain };
}

const containerTags = {
  sequence: { element: bytesTag(TypeProto_SequenceSchema.field.elemType), key: null },
  optional: { element: bytesTag(TypeProto_OptionalSchema.field.elemType), key: null },
  map: {
    element: bytesTag(TypeProto_MapSchema.field.valueType),
    key: varintTag(TypeProto_MapSchema.field.keyType),
  },
};

function readContainer(context: ReadContext, cursor: MessageCursor, kind: keyof typeof containerTags): TypeRead {
  const tags = containerTags[kind];
  let inner: TypeRead | null = null;
  let keyType: DataType | null = null;
  let isPlain = true;
  while (cursor.next()) {
    if (cursor.tag === tags.element) {
      if (inner !== null) throw givenTwice(context, cursor);
      inner = readType(context, cursor.message());
      isPlain &&= inner.isPlain && inner.type !== null;
    } else if (cursor.tag === tags.key) {
      keyType = dataTypeOfNumber(cursor.int32());
      isPlain &&= keyType !== null;
    } else {
      isPlain = false;
    }
  }
  const element = inner?.type ?? null;
  return { type: kind === 'map' ? { kind, keyType, element } : { kind, element }, isPlain };
}

function givenTwice(context: ReadContext, cursor: MessageCursor) {
  return invalid(context, `the type at byte ${cursor.span.offset}`, 'a part of it is given twice');
}
