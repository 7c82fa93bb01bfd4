import { TensorProto_DataLocation, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import type { DataType, NumericType } from '../data-type.ts';
import { byteLengthOf } from '../data-type.ts';
import { elementCount } from '../dense-tensor.ts';
import type { MetadataEntry } from '../metadata.ts';
import { Tensor } from '../tensor.ts';
import type { TensorStorage } from '../tensor.ts';
import { dataTypeOfNumber } from './data-type-number.ts';
import { decodeElements } from './decode-elements.ts';
import { externalElements } from './external-elements.ts';
import { bytesTag, fixed32Tag, fixed64Tag, varintTag } from './field-tags.ts';
import { FileElements } from './file-elements.ts';
import { FileStrings, readStrings } from './file-strings.ts';
import { objectBytes, smallestStoredBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { invalid, originOf } from './read-context.ts';
import type { DescribedDraft } from './read-description.ts';
import { descriptionOf, readDocString, readMetadata } from './read-description.ts';
import { problemOfDims, readDims } from './read-dims.ts';
import { readEntry } from './read-entries.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import { TensorPayload } from './tensor-payload.ts';
import { UnknownFields } from './unknown-fields.ts';

interface TensorDraft extends DescribedDraft {
  name: string;
  typeNumber: number;
  readonly dims: number[];
  readonly payload: TensorPayload;
  /** Problem that waits until the tensor's name is known. */
  problem: string | null;
  isExternal: boolean;
  readonly externalEntries: MetadataEntry[];
  readonly externalFields: UnknownFields;
}

const field = TensorProtoSchema.field;

const handlers = fieldHandlers<TensorDraft>([
  ...[varintTag(field.dims), bytesTag(field.dims)].map((tag) => [tag, readDims] as const),
  [
    varintTag(field.dataType),
    (draft, cursor) => {
      draft.typeNumber = cursor.int32();
    },
  ],
  [
    bytesTag(field.name),
    (draft, cursor) => {
      draft.name = cursor.name();
    },
  ],
  [
    bytesTag(field.segment),
    (draft) => {
      draft.problem ??= 'it is stored in segments, which nobody reads';
    },
  ],
  [bytesTag(field.docString), readDocString],
  [bytesTag(field.metadataProps), readMetadata],
  [bytesTag(field.externalData), readExternalEntry],
  [varintTag(field.dataLocation), readLocation],
  ...[
    bytesTag(field.rawData),
    bytesTag(field.stringData),
    ...[field.int32Data, field.int64Data, field.uint64Data].flatMap((data) => [bytesTag(data), varintTag(data)]),
    bytesTag(field.floatData),
    fixed32Tag(field.floatData),
    bytesTag(field.doubleData),
    fixed64Tag(field.doubleData),
  ].map((tag) => [tag, readPayload] as const),
]);

/** A TensorProto. Large elements stay in the file. Throws ModelError when type, shape and elements disagree. */
export function readTensor(context: ReadContext, cursor: MessageCursor): Tensor {
  context.budget.takeObjects(objectBytes.tensor);
  const draft: TensorDraft = {
    context,
    unknown: new UnknownFields(context),
    name: '',
    typeNumber: 0,
    dims: [],
    docString: '',
    metadata: [],
    payload: new TensorPayload(context),
    problem: null,
    isExternal: false,
    externalEntries: [],
    externalFields: new UnknownFields(context),
  };
  readFields(cursor, draft, handlers);
  const where = draft.name === '' ? `the tensor at byte ${cursor.span.offset}` : `tensor '${draft.name}'`;
  const type = dataTypeOfNumber(draft.typeNumber);
  const problem = draft.problem ?? problemOf(draft, type);
  if (problem !== null || type === null) throw invalid(context, where, problem ?? 'it has no element type');
  return new Tensor({
    type,
    dims: draft.dims,
    name: draft.name,
    storage: storageOf(draft, type),
    unknownFields: unknownOf(draft),
    origin: originOf(context, cursor),
    ...descriptionOf(draft),
  });
}

function readExternalEntry(draft: TensorDraft, cursor: MessageCursor): void {
  const entry = readEntry(draft.context, cursor);
  draft.externalFields.keep(cursor);
  if (entry !== null) draft.externalEntries.push(entry);
  else draft.problem ??= 'an entry of its external data is no pair of texts';
}

function readLocation(draft: TensorDraft, cursor: MessageCursor): void {
  const location = cursor.int32();
  if (location in TensorProto_DataLocation) draft.isExternal = location === TensorProto_DataLocation.EXTERNAL;
  else draft.unknown.keep(cursor);
}

function readPayload(draft: TensorDraft, cursor: MessageCursor): void {
  draft.problem ??= draft.payload.add(cursor);
}

function problemOf({ typeNumber, dims, payload, isExternal }: TensorDraft, type: DataType | null): string | null {
  if (type === null) {
    if (typeNumber === TensorProto_DataType.UNDEFINED) return 'it has no element type';
    return `its element type has number ${typeNumber}, which ONNX 1.20 does not know`;
  }
  const shape = problemOfDims(dims);
  if (shape !== null) return shape;
  if (!isExternal) return payload.problemFor(type, elementCount(dims));
  if (payload.field !== 0) return 'it has elements both in the model and in a data file';
  return type === 'string' ? 'strings cannot be kept in a data file' : null;
}

/** Entries of a tensor that is not external mean nothing, but stay. */
function unknownOf({ unknown, isExternal, externalFields }: TensorDraft): Uint8Array | null {
  if (isExternal || externalFields.isEmpty) return unknown.bytes();
  return Buffer.concat([...unknown.list(), ...externalFields.list()]);
}

function storageOf(draft: TensorDraft, type: DataType): TensorStorage {
  const { context, payload } = draft;
  if (!isNumeric(type)) return stringStorage(draft);
  const byteLength = byteLengthOf(type, elementCount(draft.dims));
  if (draft.isExternal) {
    const tensor = { name: draft.name, type, byteLength, entries: draft.externalEntries };
    return { kind: 'stored', elements: externalElements(context, tensor) };
  }
  const { ranges, encoding } = payload;
  const { window } = context;
  if (staysInFile(draft, byteLength)) {
    const elements = { source: window.source, ranges, encoding, field: payload.field, type, byteLength };
    return { kind: 'stored', elements: new FileElements(elements) };
  }
  if (payload.field === 0) return { kind: 'inline', bytes: new Uint8Array(0) };
  return { kind: 'inline', bytes: decodeElements({ window, ranges, encoding, type, byteLength }) };
}

function staysInFile({ context, payload }: TensorDraft, byteLength: number): boolean {
  const size = Math.max(byteLength, payload.storedBytes);
  return size >= smallestStoredBytes || !context.budget.takeInline(size);
}

function stringStorage({ context, payload, dims }: TensorDraft): TensorStorage {
  const { window, budget } = context;
  // Whoever looks at them has them all in memory, also when they stay in the file for now.
  budget.takeObjects(elementCount(dims) * objectBytes.span);
  const { ranges, storedBytes } = payload;
  if (storedBytes >= smallestStoredBytes) return new FileStrings(window.source, ranges);
  return { kind: 'strings', values: readStrings(window, ranges) };
}

function isNumeric(type: DataType): type is NumericType {
  return type !== 'string';
}
