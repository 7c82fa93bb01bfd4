import { SparseTensorProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from 'onnx-buf';
import type { SparseTensor, Tensor } from '../tensor.ts';
import { numberOfDataType } from './data-type-number.ts';
import { writeEntries } from './encode-entries.ts';
import { FileElements } from './file-elements.ts';
import { FileStrings } from './file-strings.ts';
import type { EncodeContext } from './encode-context.ts';
import type { DataPlace } from './layout.ts';
import { MessageWriter } from './message-writer.ts';
import type { FileRange } from './pieces.ts';
import { rawPieces } from './raw-pieces.ts';

const fields = TensorProtoSchema.field;

interface Field {
  readonly number: number;
}

/** A tensor and what its message calls it: an initializer's value may have another name by now. */
export interface NamedTensor {
  readonly tensor: Tensor;
  readonly name: string;
  readonly context: EncodeContext;
}

/** Writes a TensorProto: copied while it is as it was read and its elements stay where they are. */
export function writeTensor(writer: MessageWriter, field: Field, named: NamedTensor): void {
  const { tensor, name, context } = named;
  const isKept = tensor.origin !== null && tensor.name === name && context.place(tensor) === 'kept';
  if (isKept && tensor.origin !== null) writer.copied(field, tensor.origin);
  else writer.message(field, encodeTensor(named));
}

function encodeTensor({ tensor, name, context }: NamedTensor): MessageWriter {
  const writer = new MessageWriter();
  for (const dim of tensor.dims) writer.int(fields.dims, dim);
  writer.int(fields.dataType, numberOfDataType(tensor.type));
  const place = context.place(tensor);
  const external = place === 'kept' ? ownPlaceOf(tensor) : place === 'inside' ? null : place;
  if (external === null) writeTypedElements(writer, tensor);
  writer.textIfAny(fields.name, name);
  if (external === null) writeRawElements(writer, tensor);
  writer.textIfAny(fields.docString, tensor.docString);
  if (external !== null) {
    writeEntries(writer, fields.externalData, entriesOf(external));
    writer.int(fields.dataLocation, TensorProto_DataLocation.EXTERNAL);
  }
  writeEntries(writer, fields.metadataProps, tensor.metadata);
  if (tensor.unknownFields !== null) writer.fields(tensor.unknownFields);
  return writer;
}

interface ExternalPlace extends DataPlace {
  readonly checksum?: string | null;
}

/** The data file's bytes where the elements are already. */
function ownPlaceOf({ storage }: Tensor): ExternalPlace | null {
  return storage.kind === 'stored' && storage.elements instanceof FileElements ? storage.elements.external : null;
}

function entriesOf({ location, offset, length, checksum }: ExternalPlace) {
  const entries = { location, offset: String(offset), length: String(length) };
  const all = checksum ? { ...entries, checksum } : entries;
  return Object.entries(all).map(([key, value]) => ({ key, value }));
}

/** Strings, and numbers that a file holds as varints or one by one: these are copied as they are. */
function writeTypedElements(writer: MessageWriter, { storage }: Tensor): void {
  if (storage instanceof FileStrings) {
    for (const range of rangesOf(storage)) writer.fields(range);
  } else if (storage.kind === 'strings') {
    for (const value of storage.values) writer.bytes(fields.stringData, value);
  } else if (storage.kind === 'stored' && storage.elements instanceof FileElements) {
    const { encoding, field } = storage.elements;
    if (encoding === 'fields') for (const range of rangesOf(storage.elements)) writer.fields(range);
    if (encoding === 'varints') writer.joined({ number: field }, rangesOf(storage.elements));
  }
}

function writeRawElements(writer: MessageWriter, tensor: Tensor): void {
  const { storage, type } = tensor;
  const isTyped =
    storage.kind === 'strings' ||
    (storage.kind === 'stored' && storage.elements instanceof FileElements && storage.elements.encoding !== 'raw');
  if (isTyped || type === 'string') return;
  writer.joined(fields.rawData, rawPieces(tensor));
}

function rangesOf({ source, ranges }: FileStrings | FileElements): readonly FileRange[] {
  return ranges.map(({ offset, length }) => ({ kind: 'range', source, offset, length }));
}

/** Writes a SparseTensorProto; a sparse initializer's name is that of its values. */
export function writeSparseTensor(
  writer: MessageWriter,
  field: Field,
  { tensor, name, context }: { readonly tensor: SparseTensor; readonly name: string; readonly context: EncodeContext },
): void {
  const { values, indices, origin } = tensor;
  const isKept = values.name === name && context.place(values) === 'kept' && context.place(indices) === 'kept';
  if (origin !== null && isKept) {
    writer.copied(field, origin);
    return;
  }
  const sparse = new MessageWriter();
  writeTensor(sparse, SparseTensorProtoSchema.field.values, { tensor: values, name, context });
  writeTensor(sparse, SparseTensorProtoSchema.field.indices, { tensor: indices, name: indices.name, context });
  for (const dim of tensor.dims) sparse.int(SparseTensorProtoSchema.field.dims, dim);
  writer.message(field, sparse);
}
