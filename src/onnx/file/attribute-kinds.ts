import { AttributeProto_AttributeType, AttributeProtoSchema } from 'onnx-buf';
import type { AttributeValue } from '../attribute.ts';

const field = AttributeProtoSchema.field;
const types = AttributeProto_AttributeType;

export type AttributeKind = Exclude<AttributeValue['kind'], 'reference'>;

/** AttributeProto's kinds: the number in its `type`, and the field that holds the value. */
const kinds: readonly (readonly [AttributeKind, number, { readonly number: number }])[] = [
  ['float', types.FLOAT, field.f],
  ['int', types.INT, field.i],
  ['string', types.STRING, field.s],
  ['tensor', types.TENSOR, field.t],
  ['graph', types.GRAPH, field.g],
  ['sparse-tensor', types.SPARSE_TENSOR, field.sparseTensor],
  ['type', types.TYPE_PROTO, field.tp],
  ['floats', types.FLOATS, field.floats],
  ['ints', types.INTS, field.ints],
  ['strings', types.STRINGS, field.strings],
  ['tensors', types.TENSORS, field.tensors],
  ['graphs', types.GRAPHS, field.graphs],
  ['sparse-tensors', types.SPARSE_TENSORS, field.sparseTensors],
  ['types', types.TYPE_PROTOS, field.typeProtos],
];

const byType: ReadonlyMap<number, AttributeKind> = new Map(kinds.map(([kind, type]) => [type, kind]));
const byField: ReadonlyMap<number, AttributeKind> = new Map(kinds.map(([kind, , { number }]) => [number, kind]));

/** The kind that an AttributeProto's `type` says; null for 0 (undefined) and numbers of a newer schema. */
export function kindOfType(type: number): AttributeKind | null {
  return byType.get(type) ?? null;
}

/** The kind whose value a field of AttributeProto holds. */
export function kindOfField(number: number): AttributeKind | null {
  return byField.get(number) ?? null;
}
