import { SparseTensorProtoSchema } from 'onnx-buf';
import { elementCount } from '../dense-tensor.ts';
import { SparseTensor, Tensor } from '../tensor.ts';
import { bytesTag, varintTag } from './field-tags.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { invalid, originOf } from './read-context.ts';
import { problemOfDims, readDims } from './read-dims.ts';
import type { Draft } from './read-fields.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import { readTensor } from './read-tensor.ts';
import { UnknownFields } from './unknown-fields.ts';

interface SparseDraft extends Draft {
  readonly context: ReadContext;
  readonly dims: number[];
  readonly values: Tensor[];
  readonly indices: Tensor[];
}

const field = SparseTensorProtoSchema.field;

const handlers = fieldHandlers<SparseDraft>([
  [bytesTag(field.values), ({ context, values }, cursor) => values.push(readTensor(context, cursor.message()))],
  [bytesTag(field.indices), ({ context, indices }, cursor) => indices.push(readTensor(context, cursor.message()))],
  [varintTag(field.dims), readDims],
  [bytesTag(field.dims), readDims],
]);

/** A SparseTensorProto; its name is that of its values. Throws ModelError when its parts disagree. */
export function readSparseTensor(context: ReadContext, cursor: MessageCursor): SparseTensor {
  const unknown = new UnknownFields(context);
  const draft: SparseDraft = { context, unknown, dims: [], values: [], indices: [] };
  readFields(cursor, draft, handlers);
  const [values] = draft.values;
  const problem = problemOf(draft);
  if (values === undefined)
    throw invalid(context, `the sparse tensor at byte ${cursor.span.offset}`, 'it has no values');
  if (problem !== null) throw invalid(context, `tensor '${values.name}'`, problem);
  const indices = draft.indices[0] ?? noIndices();
  return new SparseTensor({ dims: draft.dims, values, indices, origin: originOf(context, cursor) });
}

/** Values are `[n]`, indices `[n]` or `[n, rank]`; the latter may be left out when n is 0. */
function problemOf({ dims, values, indices, unknown }: SparseDraft): string | null {
  if (values.length > 1 || indices.length > 1) return 'a part of it is given twice';
  if (!unknown.isEmpty) return 'it has a field that ONNX 1.20 does not know';
  const [value] = values;
  const count = value === undefined ? 0 : elementCount(value.dims);
  const places = indices[0] === undefined ? [0] : indices[0].dims;
  const isLinear = places.length === 1 && places[0] === count;
  const isPerAxis = places.length === 2 && places[0] === count && places[1] === dims.length;
  if (!isLinear && !isPerAxis) return `it has ${count} values and indices of shape [${places.join(', ')}]`;
  return problemOfDims(dims);
}

function noIndices(): Tensor {
  return new Tensor({ type: 'int64', dims: [0], storage: { kind: 'inline', bytes: new Uint8Array(0) } });
}
