import { ModelError } from '../../errors.ts';
import { TensorProtoSchema } from 'onnx-buf';
import type { NumericType } from '../data-type.ts';
import type { MetadataEntry } from '../metadata.ts';
import type { ExternalPlace } from './file-elements.ts';
import { FileElements } from './file-elements.ts';
import type { ReadContext } from './read-context.ts';

/**
 * Keys that onnx's external-data format knows. `basepath` is a note of onnx's own Python tools and not used: a model
 * must not say where its folder is.
 */
const keys: ReadonlySet<string> = new Set(['location', 'offset', 'length', 'checksum', 'basepath']);

/** Copies of weights in a form of its own that onnxruntime may keep in the same file, and does without. */
const prepacked = /^prepacked_\d+$/;

export interface ExternalTensor {
  /** For messages. */
  readonly name: string;
  readonly type: NumericType;
  /** Length of the elements by type and shape. */
  readonly byteLength: number;
  readonly entries: readonly MetadataEntry[];
}

/** Elements in a data file, which is looked for and measured but not opened. Throws ModelError. */
export function externalElements(context: ReadContext, tensor: ExternalTensor): FileElements {
  const fields = new Map(tensor.entries.map(({ key, value }) => [key, value]));
  const fail = (problem: string) => failure(context, tensor, problem);
  const strange = tensor.entries.find(({ key }) => !keys.has(key) && !prepacked.test(key));
  if (strange !== undefined) throw fail(`its key '${strange.key}' is not one of ONNX's`);
  if (fields.size < tensor.entries.length) throw fail('a key is given twice');
  if (context.externalFiles === null) throw fail('the model is in memory and has no folder');
  const place = placeOf(fields, tensor, fail);
  const file = context.externalFiles.find(place.location, tensor.name);
  const missing = place.offset + place.length - file.sizeBytes;
  if (missing > 0) throw fail(`the file has ${file.sizeBytes} bytes, ${missing} too few`);
  const { checksum } = place;
  return new FileElements({
    source: file,
    ranges: [{ offset: place.offset, length: place.length }],
    encoding: 'raw',
    field: TensorProtoSchema.field.rawData.number,
    type: tensor.type,
    byteLength: tensor.byteLength,
    external: place,
    ...(checksum === null ? {} : { verify: () => file.verify(checksum) }),
  });
}

function placeOf(
  fields: ReadonlyMap<string, string>,
  { byteLength }: ExternalTensor,
  fail: (problem: string) => ModelError,
): ExternalPlace {
  const numberOf = (key: string, fallback: number) => {
    const text = fields.get(key);
    if (text === undefined) return fallback;
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(number)) throw fail(`its ${key} '${text}' is no number of bytes`);
    return number;
  };
  const length = numberOf('length', byteLength);
  if (length !== byteLength) throw fail(`${length} bytes are said to be there, type and shape ask for ${byteLength}`);
  const checksum = fields.get('checksum') ?? null;
  if (checksum !== null && !/^[0-9a-fA-F]{40}$/.test(checksum)) throw fail(`its checksum '${checksum}' is no SHA-1`);
  return { location: fields.get('location') ?? '', offset: numberOf('offset', 0), length, checksum };
}

function failure(context: ReadContext, { name, entries }: ExternalTensor, problem: string): ModelError {
  const location = entries.find(({ key }) => key === 'location')?.value ?? '';
  return new ModelError('model-external-data', { path: context.window.source.path, tensor: name, location, problem });
}
