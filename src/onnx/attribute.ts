import type { Graph } from './graph.ts';
import type { SparseTensor, Tensor } from './tensor.ts';
import type { ValueType } from './value-type.ts';

/** An attribute's value, by the kinds of AttributeProto. Integers are int64, strings are bytes as in the file. */
export type AttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: Uint8Array }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'sparse-tensor'; readonly value: SparseTensor }
  | { readonly kind: 'graph'; readonly value: Graph }
  | { readonly kind: 'type'; readonly value: ValueType; readonly raw: Uint8Array | null }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly bigint[] }
  | { readonly kind: 'strings'; readonly value: readonly Uint8Array[] }
  | { readonly kind: 'tensors'; readonly value: readonly Tensor[] }
  | { readonly kind: 'sparse-tensors'; readonly value: readonly SparseTensor[] }
  | { readonly kind: 'graphs'; readonly value: readonly Graph[] }
  | {
      readonly kind: 'types';
      readonly value: readonly { readonly value: ValueType; readonly raw: Uint8Array | null }[];
    }
  /** Inside a function: the attribute of the calling node. `type` is AttributeProto's number for the kind. */
  | { readonly kind: 'reference'; readonly value: string; readonly type: number };

export type Attribute = AttributeValue & {
  readonly name: string;
  readonly docString?: string;
  /** Fields of a newer schema, as they were. */
  readonly unknownFields?: Uint8Array;
};

/** Subgraphs that an attribute holds. */
export function graphsOf(attribute: AttributeValue): readonly Graph[] {
  if (attribute.kind === 'graph') return [attribute.value];
  return attribute.kind === 'graphs' ? attribute.value : [];
}

export const attributeOf = {
  float: (name: string, value: number): Attribute => ({ name, kind: 'float', value: Math.fround(value) }),
  int: (name: string, value: number | bigint): Attribute => ({ name, kind: 'int', value: BigInt(value) }),
  string: (name: string, value: string): Attribute => ({ name, kind: 'string', value: Buffer.from(value) }),
  tensor: (name: string, value: Tensor): Attribute => ({ name, kind: 'tensor', value }),
  graph: (name: string, value: Graph): Attribute => ({ name, kind: 'graph', value }),
  floats: (name: string, value: readonly number[]): Attribute => ({
    name,
    kind: 'floats',
    value: value.map(Math.fround),
  }),
  ints: (name: string, value: readonly (number | bigint)[]): Attribute => ({
    name,
    kind: 'ints',
    value: value.map(BigInt),
  }),
  strings: (name: string, value: readonly string[]): Attribute => ({
    name,
    kind: 'strings',
    value: value.map((text) => Buffer.from(text)),
  }),
} as const;
