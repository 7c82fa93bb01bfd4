import { TensorShapeProto_DimensionSchema, TensorShapeProtoSchema } from 'onnx-buf';
import type { Dimension } from '../value-type.ts';
import { bytesTag, varintTag } from './field-tags.ts';
import { objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';

interface ShapeRead {
  readonly shape: readonly Dimension[];
  /** Whether `shape` says everything that the message does. */
  readonly isPlain: boolean;
}

const dimTag = bytesTag(TensorShapeProtoSchema.field.dim);
const dimField = TensorShapeProto_DimensionSchema.field;
const dimTags = { value: varintTag(dimField.dimValue), parameter: bytesTag(dimField.dimParam) };

/** A TensorShapeProto. */
export function readShape(context: ReadContext, cursor: MessageCursor): ShapeRead {
  const shape: Dimension[] = [];
  let isPlain = true;
  while (cursor.next()) {
    if (cursor.tag === dimTag) {
      context.budget.takeObjects(objectBytes.listItem);
      const read = readDimension(cursor.message());
      shape.push(read.dimension);
      isPlain &&= read.isPlain;
    } else {
      isPlain = false;
    }
  }
  // A copy, for a list that grew has room for 17.
  return { shape: shape.slice(), isPlain };
}

/** Exporters write -1 and '' for lengths they do not know. */
function readDimension(cursor: MessageCursor): { readonly dimension: Dimension; readonly isPlain: boolean } {
  let dimension: Dimension = null;
  let fields = 0;
  let isPlain = true;
  while (cursor.next()) {
    fields++;
    if (cursor.tag === dimTags.value) {
      const value = cursor.number();
      dimension = Number.isSafeInteger(value) && value >= 0 ? value : null;
    } else if (cursor.tag === dimTags.parameter) {
      const name = cursor.text();
      dimension = name === '' ? null : name;
    } else {
      isPlain = false;
    }
  }
  return { dimension, isPlain: isPlain && fields === (dimension === null ? 0 : 1) };
}
