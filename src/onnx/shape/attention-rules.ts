import type { Dimension, Shape } from '../value-type.ts';
import { addDimensions, lengthOrNull } from './dimension.ts';
import type { NodeView, Rule } from './node-view.ts';
import { tensorInfo } from './tensor-info.ts';

/** Lengths of an attention's axes, by whichever operator. */
export interface AttentionAxes {
  readonly batch: Dimension;
  /** Heads of the queries. */
  readonly heads: Dimension;
  /** Heads of keys and values; fewer than the queries' where they share them. */
  readonly kvHeads: Dimension;
  /** Positions of the queries. */
  readonly sequence: Dimension;
  /** Positions attended to, past ones included. */
  readonly total: Dimension;
  /** Length of a query's and key's head. */
  readonly headSize: Dimension;
  /** Length of a value's head. */
  readonly valueSize: Dimension;
}

/** The standard operator: Q, K, V of 4 axes (head second), or 3 with the heads' counts as attributes. */
export function attentionAxes(node: NodeView): AttentionAxes {
  const [q, k, v] = [node.shape(0), node.shape(1), node.shape(2)];
  const is4d = q?.length === 4;
  const heads = is4d ? (q[1] ?? null) : lengthOrNull(node.int('q_num_heads', -1));
  const kvHeads = k?.length === 4 ? (k[1] ?? null) : lengthOrNull(node.int('kv_num_heads', -1));
  return {
    batch: q?.[0] ?? null,
    heads,
    kvHeads,
    sequence: q?.at(-2) ?? null,
    total: addDimensions(node.has(4) ? (node.shape(4)?.[2] ?? null) : 0, k?.at(-2) ?? null),
    headSize: is4d ? (q[3] ?? null) : divided(q?.[2] ?? null, heads),
    valueSize: v?.length === 4 ? (v[3] ?? null) : divided(v?.[2] ?? null, kvHeads),
  };
}

export const attention: Rule = (node) => {
  const type = node.type(0);
  const { batch, heads, kvHeads, sequence, total, headSize, valueSize } = attentionAxes(node);
  const q = node.shape(0);
  const output =
    q && (q.length === 4 ? [batch, heads, sequence, valueSize] : [batch, sequence, merged(heads, valueSize)]);
  return [
    tensorInfo(type, output),
    tensorInfo(type, [batch, kvHeads, total, headSize]),
    tensorInfo(type, [batch, kvHeads, total, valueSize]),
    tensorInfo(type, [batch, heads, sequence, total]),
  ];
};

/** onnxruntime's Attention: Q, K and V are made inside from one input `[batch, sequence, input]` and packed weights. */
export function packedAttentionAxes(node: NodeView): AttentionAxes {
  const x = node.shape(0);
  const heads = lengthOrNull(node.int('num_heads', -1));
  const { query, value } = packedSizes(node);
  const past = node.has(4) ? (node.shape(4)?.[3] ?? null) : 0;
  return {
    batch: x?.[0] ?? null,
    heads,
    kvHeads: heads,
    sequence: x?.[1] ?? null,
    total: addDimensions(past, x?.[1] ?? null),
    headSize: divided(query, heads),
    valueSize: divided(value, heads),
  };
}

/** Widths of queries (and keys) and of values: the attribute, or a third each of the packed weights. */
function packedSizes(node: NodeView): { readonly query: Dimension; readonly value: Dimension } {
  const given = node.ints('qkv_hidden_sizes');
  if (given?.length === 3) return { query: lengthOrNull(given[0] ?? -1), value: lengthOrNull(given[2] ?? -1) };
  const third = divided(node.shape(1)?.[1] ?? null, 3);
  return { query: third, value: third };
}

export const packedAttention: Rule = (node) => {
  const { batch, sequence, heads, valueSize } = packedAttentionAxes(node);
  return [tensorInfo(node.type(0), node.shape(0) && [batch, sequence, merged(heads, valueSize)])];
};

/** onnxruntime's MultiHeadAttention: separate Q `[batch, sequence, hidden]`, or Q, K and V packed in five axes. */
export function multiHeadAxes(node: NodeView): AttentionAxes {
  const [q, k, v] = [node.shape(0), node.shape(1), node.shape(2)];
  const heads = lengthOrNull(node.int('num_heads', -1));
  const isPacked = q?.length === 5;
  const past = node.has(6) ? (node.shape(6)?.[2] ?? null) : 0;
  const keySource = isPacked ? q : k;
  const headSize = isPacked ? (q[4] ?? null) : divided(q?.[2] ?? null, heads);
  return {
    batch: q?.[0] ?? null,
    heads,
    kvHeads: heads,
    sequence: q?.[1] ?? null,
    total: addDimensions(past, keySource && (keySource.length === 4 ? (keySource[2] ?? null) : (keySource[1] ?? null))),
    headSize,
    valueSize: isPacked || k?.length === 5 ? headSize : headOf(v, heads),
  };
}

function headOf(shape: Shape, heads: Dimension): Dimension {
  return shape?.length === 4 ? (shape[3] ?? null) : divided(shape?.[2] ?? null, heads);
}

export const multiHeadAttention: Rule = (node) => {
  const { batch, sequence, heads, valueSize } = multiHeadAxes(node);
  return [tensorInfo(node.type(0), node.shape(0) && [batch, sequence, merged(heads, valueSize)])];
};

/** onnxruntime's GroupQueryAttention: Q, K, V apart, or packed along the last axis of Q. */
export function groupQueryAxes(node: NodeView): AttentionAxes {
  const q = node.shape(0);
  const heads = lengthOrNull(node.int('num_heads', -1));
  const kvHeads = lengthOrNull(node.int('kv_num_heads', -1));
  const headSize = divided(q?.[2] ?? null, node.has(1) ? heads : headsOfPacked(heads, kvHeads));
  const past = node.has(3) ? (node.shape(3)?.[2] ?? null) : 0;
  const given = node.scalar(6);
  return {
    batch: q?.[0] ?? null,
    heads,
    kvHeads,
    sequence: q?.[1] ?? null,
    total: given ?? addDimensions(past, q?.[1] ?? null),
    headSize,
    valueSize: headSize,
  };
}

function headsOfPacked(heads: Dimension, kvHeads: Dimension): Dimension {
  return typeof heads === 'number' && typeof kvHeads === 'number' ? heads + 2 * kvHeads : null;
}

/** The cache's length depends on whether the caller shares its buffer: unknown. */
export const groupQueryAttention: Rule = (node) => {
  const { batch, sequence, heads, kvHeads, headSize } = groupQueryAxes(node);
  const present = tensorInfo(node.type(0), [batch, kvHeads, null, headSize]);
  return [tensorInfo(node.type(0), node.shape(0) && [batch, sequence, merged(heads, headSize)]), present, present];
};

/** Token, position and segment embeddings added up: `[batch, sequence, hidden]`, and the mask's index `[batch]`. */
export const embedLayerNormalization: Rule = (node) => {
  const ids = node.shape(0);
  const output = tensorInfo(node.type(2), ids && [...ids, node.shape(2)?.[1] ?? null]);
  return [output, tensorInfo('int32', ids && [ids[0] ?? null]), output];
};

function merged(heads: Dimension, size: Dimension): Dimension {
  return typeof heads === 'number' && typeof size === 'number' ? heads * size : null;
}

function divided(whole: Dimension, by: Dimension): Dimension {
  if (typeof whole !== 'number' || typeof by !== 'number' || by === 0) return null;
  return whole % by === 0 ? whole / by : null;
}
