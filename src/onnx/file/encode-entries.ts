import { OperatorSetIdProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import { MessageWriter } from './message-writer.ts';

interface Field {
  readonly number: number;
}

/** Pairs such as `metadata_props` or `external_data`, one message each. */
export function writeEntries(
  writer: MessageWriter,
  field: Field,
  entries: Iterable<{ readonly key: string; readonly value: string }>,
): void {
  for (const { key, value } of entries) {
    const entry = new MessageWriter();
    entry.text(StringStringEntryProtoSchema.field.key, key);
    entry.text(StringStringEntryProtoSchema.field.value, value);
    writer.message(field, entry);
  }
}

/** Imported operator sets by domain, one message each. */
export function writeOpsets(writer: MessageWriter, field: Field, opsets: ReadonlyMap<string, number>): void {
  for (const [domain, version] of opsets) {
    const opset = new MessageWriter();
    opset.textIfAny(OperatorSetIdProtoSchema.field.domain, domain);
    opset.int(OperatorSetIdProtoSchema.field.version, version);
    writer.message(field, opset);
  }
}
