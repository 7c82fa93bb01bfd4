import { OperatorSetIdProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import type { MetadataEntry } from '../metadata.ts';
import { bytesTag, varintTag } from './field-tags.ts';
import { objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { invalid } from './read-context.ts';

const keyTag = bytesTag(StringStringEntryProtoSchema.field.key);
const valueTag = bytesTag(StringStringEntryProtoSchema.field.value);
const domainTag = bytesTag(OperatorSetIdProtoSchema.field.domain);
const versionTag = varintTag(OperatorSetIdProtoSchema.field.version);

/** Key and value of a StringStringEntryProto; null when it holds anything else, or text that is not UTF-8. */
export function readEntry(context: ReadContext, cursor: MessageCursor): MetadataEntry | null {
  context.budget.takeObjects(objectBytes.entry);
  let key: string | null = '';
  let value: string | null = '';
  let isPlain = true;
  const entry = cursor.message();
  while (entry.next()) {
    if (entry.tag === keyTag) key = entry.text();
    else if (entry.tag === valueTag) value = entry.text();
    else isPlain = false;
  }
  return isPlain && key !== null && value !== null ? { key, value } : null;
}

/** Adds an OperatorSetIdProto to a model's or function's operator sets. */
export function readOpset(context: ReadContext, cursor: MessageCursor, opsets: Map<string, number>): void {
  context.budget.takeObjects(objectBytes.entry);
  let domain = '';
  let version = 0;
  const opset = cursor.message();
  while (opset.next()) {
    if (opset.tag === domainTag) domain = opset.name();
    else if (opset.tag === versionTag) version = opset.number();
  }
  const where = `operator set '${domain === '' ? 'ai.onnx' : domain}'`;
  if (!Number.isSafeInteger(version) || version < 0) throw invalid(context, where, 'its version is no version');
  const other = opsets.get(domain);
  if (other !== undefined && other !== version)
    throw invalid(context, where, `it is imported in two versions, ${other} and ${version}`);
  opsets.set(domain, version);
}
