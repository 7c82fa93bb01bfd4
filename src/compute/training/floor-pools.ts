import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { windowOf } from '../../onnx/shape/window.ts';
import type { Value } from '../../onnx/value.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';

/**
 * Takes `ceil_mode` from pools that have no window more by it. Before operator set 22 onnxruntime (1.30) plans a last
 * window that starts beyond the data, which it then drops, and fails where it finds the planned memory too large.
 */
export function floorPools({ graph }: Model, shapes: ReadonlyMap<Value, TensorShape>): void {
  for (const node of graph.nodes())
    if (node.is('AveragePool', 'LpPool', 'MaxPool') && node.int('ceil_mode', 0) === 1 && isFloored(node, shapes))
      node.removeAttribute('ceil_mode');
}

function isFloored(node: Node, shapes: ReadonlyMap<Value, TensorShape>): boolean {
  const [lengths, places] = [node.input(0), node.output(0)].map((value) => value && shapes.get(value)?.dims.slice(2));
  const kernel = node.ints('kernel_shape') ?? [];
  const window = windowOf(node, kernel);
  if (!lengths || !places || window?.autoPad !== 'NOTSET') return false;
  return kernel.every((size, axis) => {
    const reach = (size - 1) * (window.dilations[axis] ?? 1) + 1;
    const room = (lengths[axis] ?? 0) + (window.before[axis] ?? 0) + (window.after[axis] ?? 0) - reach;
    return places[axis] === Math.floor(room / (window.strides[axis] ?? 1)) + 1;
  });
}
