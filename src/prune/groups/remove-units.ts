import type { Model } from '../../onnx/model.ts';
import { valuesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import { applyRewrites } from './apply-rewrites.ts';
import { type KeptAxes, keptAxes } from './kept-axes.ts';
import type { PruneGroup, Removal } from './prune-group.ts';
import { sliceTensor } from './slice-tensor.ts';

/**
 * Takes units out of a model, or of any copy that has its names: out of every constant that lies along them, and out of
 * whatever else says how many they are. Throws RangeError where a group is locked, has no such unit or would keep none,
 * and where a name is not there; ModelError where a stored constant cannot be read.
 */
export function removeUnits(model: Model, groups: readonly PruneGroup[], removal: Removal): void {
  const kept = keptAxes(groups, removal);
  const values = new Map([...valuesOf(model.graph)].map((value) => [value.name, value]));
  for (const [name, axes] of kept.values) {
    const value = values.get(name);
    if (value === undefined) throw new RangeError(`there is no value '${name}'`);
    for (const [axis, indices] of axes) shorten(value, axis, indices);
  }
  applyRewrites(model, rewritesOf(groups, kept), { kept, values });
}

function shorten(value: Value, axis: number, kept: Int32Array): void {
  if (value.constant !== null) value.setTensor(sliceTensor(value.constant, axis, kept));
  const type = value.declaredType;
  if (type?.kind !== 'tensor' || type.shape === null) return;
  const length = typeof type.shape[axis] === 'number' ? kept.length : null;
  value.setType({ ...type, shape: type.shape.with(axis, length) });
}

/** Of axes that get shorter, each once: groups that share an axis share its rewrites. */
function rewritesOf(groups: readonly PruneGroup[], kept: KeptAxes) {
  const all = groups.flatMap(({ rewrites }) => rewrites);
  return [...new Set(all)].filter(({ of }) => kept.of(of) !== null);
}
