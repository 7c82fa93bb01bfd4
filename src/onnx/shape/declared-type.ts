import type { Graph } from '../graph.ts';
import type { Dimension, ValueType } from '../value-type.ts';
import { joinShapes, lengthOrNull, sameDimension } from './dimension.ts';
import type { TensorInfo } from './tensor-info.ts';
import { tensorInfo, unknownInfo } from './tensor-info.ts';

/** Lengths for symbolic dimensions, by name; unnamed axes of inputs are called `INPUT#AXIS`. */
export type DimensionLengths = Readonly<Record<string, number>>;

/**
 * Lengths by symbol. An axis may be called `INPUT#AXIS` although it has a name; then the name is bound, wherever it
 * occurs.
 */
export function bindSymbols(graph: Graph, dims: DimensionLengths): ReadonlyMap<string, number> {
  const bound = new Map(Object.entries(dims));
  for (const { name, type } of graph.inputs) {
    const shape = type?.kind === 'tensor' ? (type.shape ?? []) : [];
    for (const [axis, dim] of shape.entries()) {
      const length = bound.get(`${name}#${axis}`);
      if (typeof dim === 'string' && length !== undefined && !bound.has(dim)) bound.set(dim, length);
    }
  }
  return bound;
}

/** What a declaration says, with lengths put in for symbols. `nameOf` names the axes that have no name. */
export function declaredInfo(
  type: ValueType | null,
  bound: ReadonlyMap<string, number>,
  nameOf: (axis: number) => string | null = () => null,
): TensorInfo {
  if (type === null || (type.kind !== 'tensor' && type.kind !== 'sparse-tensor')) return unknownInfo;
  const shape = type.shape?.map((dim, axis) => {
    // Old exporters write an empty name or -1 for a length they do not know.
    const isNamed = dim !== null && dim !== '' && (typeof dim === 'string' || dim >= 0);
    return lengthOf(isNamed ? dim : nameOf(axis), bound);
  });
  return tensorInfo(type.elementType, shape ?? null);
}

function lengthOf(dim: Dimension, bound: ReadonlyMap<string, number>): Dimension {
  if (typeof dim !== 'string') return dim;
  const length = bound.get(dim);
  if (length !== undefined) return lengthOrNull(length);
  return sumOf(dim, bound) ?? dim;
}

/** Exporters name sums, `past_sequence_length + 1`: known when their terms are. */
function sumOf(dim: string, bound: ReadonlyMap<string, number>): number | null {
  const terms = dim.split('+').map((term) => term.trim());
  if (terms.length < 2) return null;
  const lengths = terms.map((term) => bound.get(term) ?? (/^\d+$/.test(term) ? Number(term) : NaN));
  return lengthOrNull(lengths.reduce((sum, length) => sum + length, 0));
}

/** A declaration inside a subgraph or function: its symbols may change from run to run of the body, so they say nothing. */
export function localInfo(type: ValueType | null): TensorInfo {
  const { elementType, shape } = declaredInfo(type, new Map());
  return tensorInfo(elementType, shape?.map((dim) => (typeof dim === 'number' ? dim : null)) ?? null);
}

/** Inference wins where both speak; where they contradict each other nothing is known. */
export function mergeDeclared(inferred: TensorInfo, declared: TensorInfo): TensorInfo {
  const { elementType, shape, content } = inferred;
  const isOtherType = elementType !== null && declared.elementType !== null && elementType !== declared.elementType;
  const type = isOtherType ? null : (elementType ?? declared.elementType);
  if (shape === null || declared.shape === null) return tensorInfo(type, shape ?? declared.shape, content);
  if (shape.length !== declared.shape.length) return tensorInfo(type, null);
  const merged = shape.map((dim, axis) => {
    const other = declared.shape?.[axis] ?? null;
    return typeof dim === 'string' ? dim : sameDimension(dim, other);
  });
  return tensorInfo(type, merged, isOtherType ? null : content);
}

/** What holds of a value that is made in one of two ways. */
export function joinInfos(a: TensorInfo, b: TensorInfo): TensorInfo {
  const content = a.content?.map((element, index) => (element === b.content?.[index] ? element : null)) ?? null;
  return tensorInfo(
    a.elementType === b.elementType ? a.elementType : null,
    joinShapes(a.shape, b.shape),
    b.content === null ? null : content,
  );
}
