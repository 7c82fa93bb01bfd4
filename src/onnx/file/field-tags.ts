import { wire } from './message-cursor.ts';

interface NumberedField {
  readonly number: number;
}

/** Tags of a field by how its content is written: its number times 8 plus the wire type. */
export const varintTag = (field: NumberedField): number => field.number * 8 + wire.varint;
export const fixed64Tag = (field: NumberedField): number => field.number * 8 + wire.fixed64;
export const bytesTag = (field: NumberedField): number => field.number * 8 + wire.bytes;
export const fixed32Tag = (field: NumberedField): number => field.number * 8 + wire.fixed32;
