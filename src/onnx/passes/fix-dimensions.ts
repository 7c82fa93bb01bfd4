import { UsageError } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import type { PurePass } from '../pass.ts';
import { declaredInfo } from '../shape/declared-type.ts';
import { valuesOf } from '../traverse.ts';
import type { Value } from '../value.ts';
import type { ValueType } from '../value-type.ts';

/**
 * Puts lengths in the place of symbolic dimensions: in the declared types of the main graph's inputs, outputs and
 * values, where a sum of symbols such as `past + 1` is worked out. `dims` are lengths by symbol or by `INPUT#AXIS`,
 * which is the only name of an axis that has none. Nodes stay as they are: with the lengths known, constant folding
 * makes constants of what they computed from shapes.
 *
 * Left alone: types inside subgraphs and functions, where a symbol may mean another length from run to run.
 *
 * `apply` throws UsageError `unknown-dimension` for a name that no input has, `dimension-conflict` for two lengths of
 * one dimension, `bad-value` for what is no length.
 */
export function fixDimensions(dims: Readonly<Record<string, number>>): PurePass {
  // The names are gone after the first time; that makes them no mistake the second time.
  const fixed = new WeakSet<Model>();
  return {
    name: 'fix-dimensions',
    apply(model) {
      if (fixed.has(model)) return false;
      const bound = bind(model.graph, dims);
      fixed.add(model);
      const values = new Set(valuesOf(model.graph));
      return [...values].filter((value) => fix(value, bound)).length > 0;
    },
  };
}

/** Lengths by symbol, and by `INPUT#AXIS` for axes without one. */
function bind(graph: Graph, dims: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const names = namesOfAxes(graph);
  const known = [...new Set(names.values())];
  const bound = new Map<string, number>();
  for (const [given, length] of Object.entries(dims)) {
    const dimension = known.includes(given) ? given : names.get(given);
    if (dimension === undefined) throw new UsageError('unknown-dimension', { dimension: given, known });
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new UsageError('bad-value', { flag: '--dim', value: `${given}=${length}`, expected: 'a whole number' });
    }
    const first = bound.get(dimension) ?? length;
    if (first !== length) throw new UsageError('dimension-conflict', { dimension, first, second: length });
    bound.set(dimension, length);
  }
  return bound;
}

/** What each input's axis of unknown length is called, by `INPUT#AXIS`: its symbol, or that where it has none. */
function namesOfAxes(graph: Graph): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, declaredType } of graph.inputs) {
    for (const [axis, dim] of shapeOf(declaredType).entries()) {
      const place = `${name}#${axis}`;
      if (typeof dim === 'string' && dim !== '') names.set(place, dim);
      else if (typeof dim !== 'number' || dim < 0) names.set(place, place);
    }
  }
  return names;
}

function shapeOf(type: ValueType | null) {
  return type?.kind === 'tensor' || type?.kind === 'sparse-tensor' ? (type.shape ?? []) : [];
}

function fix(value: Value, bound: ReadonlyMap<string, number>): boolean {
  const type = value.declaredType;
  if (type?.kind !== 'tensor' && type?.kind !== 'sparse-tensor') return false;
  const known = declaredInfo(type, bound, (axis) => (value.isInput ? `${value.name}#${axis}` : null)).shape;
  const shape = type.shape?.map((dim, axis) => {
    const length = known?.[axis];
    return typeof length === 'number' ? length : dim;
  });
  if (shape === undefined || shape.every((dim, axis) => dim === type.shape?.[axis])) return false;
  value.setType({ ...type, shape });
  return true;
}
