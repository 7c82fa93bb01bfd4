// The work of a kernel as a model of its own: the nodes of the file that it does the work of, at the shapes of the profile.
import { placedNodesOf } from '../../dist/compute/owners/mark-nodes.js';
import { constantNodes } from '../../dist/compute/owners/constant-nodes.js';
import { copyNodes } from '../../dist/onnx/copy-graph.js';
import { Graph } from '../../dist/onnx/graph.js';
import { Model } from '../../dist/onnx/model.js';
import { inferScope } from '../../dist/onnx/shape/infer-types.js';
import { isStaticShape, tensorType } from '../../dist/onnx/value-type.js';

/**
 * The model, the lengths of its symbolic dimensions, and the names of the nodes that stand for its outputs: what it makes
 * is asked for its shape alone, for handing a tensor over is no part of the kernel's work. Lengths are symbolic, or the
 * shape would be known and nothing run. Null where a shape is not known.
 */
export function modelOfKernel(model, kernel, dims) {
  const all = placedNodesOf(model);
  const constant = constantNodes(all);
  const own = new Set(kernel.fileNodes.map((place) => all[place]));
  const wanted = withConstants(own, constant);
  const { types } = inferScope(model, { dims });
  const graph = new Graph('kernel');
  const [values, lengths] = [new Map(), {}];
  // The runtime's own layouts need channels.
  const isLayered = [...own].some(({ op }) => /Conv|Pool|Norm/.test(op));
  for (const node of wanted)
    for (const value of node.inputs) {
      if (value === null || values.has(value) || wanted.has(value.producer)) continue;
      if (value.tensor !== null) {
        values.set(value, graph.addInitializer(value.name, value.tensor));
        continue;
      }
      const known = typeOf(value, { types, node, kernel, own });
      if (known === null) return null;
      const shape = known.dims.map((length, axis) => {
        if (isLayered && axis > 0) return length;
        const name = `n${values.size}_${axis}`;
        lengths[name] = length;
        return name;
      });
      values.set(value, graph.addInput(value.name, tensorType(known.type, shape)));
    }
  copyNodes(sorted(all.filter((node) => wanted.has(node))), graph, { before: null, values });
  const probes = new Set();
  for (const node of own)
    for (const value of node.outputs) {
      if (value === null || !(value.isOutput || value.uses.some((use) => !own.has(use.node)))) continue;
      const name = `probe${probes.size}`;
      probes.add(name);
      const shape = graph.append({ op: 'Shape', name, inputs: [values.get(value)], outputs: [name] }).output(0);
      shape.setType(tensorType('int64', [null]));
      graph.addOutput(shape);
    }
  return {
    model: new Model({ irVersion: Math.max(4, model.irVersion), opsets: model.opsets, graph }),
    dims: lengths,
    probes,
  };
}

function withConstants(own, constant) {
  const wanted = new Set(own);
  for (const node of wanted)
    for (const value of node.inputs) if (constant.has(value?.producer)) wanted.add(value.producer);
  return wanted;
}

function sorted(nodes) {
  const [done, left] = [[], new Set(nodes)];
  while (left.size > 0)
    for (const node of left)
      if (node.inputs.every((value) => !left.has(value?.producer))) {
        done.push(node);
        left.delete(node);
      }
  return done;
}

function typeOf(value, { types, node, kernel, own }) {
  const known = types.get(value);
  if (known?.elementType && known.shape && isStaticShape(known.shape))
    return { type: known.elementType, dims: known.shape };
  if (own.size > 1) return null;
  return kernel.inputs[node.inputs.filter((each) => each !== null).indexOf(value)] ?? null;
}
