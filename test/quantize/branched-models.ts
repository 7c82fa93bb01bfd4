import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder, long } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { Value } from '../../src/onnx/value.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { noise } from './rewrite/run-models.ts';

const float = tensorType('float32');

export const yes: DenseTensor = { type: 'bool', dims: [], data: Uint8Array.of(1) };
export const no: DenseTensor = { type: 'bool', dims: [], data: Uint8Array.of(0) };

/**
 * x [n, 32] -> If: both branches multiply by one shared matrix of the main graph and add a bias; one of them has a Gemm
 * with a matrix of its own behind, in an If inside. Behind it, a product of the main graph. Names of branches repeat.
 */
export function branchedProducts(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 32]);
  const condition = g.input('condition', 'bool', []);
  const shared = g.constant('shared', noise([32, 32], 1));
  const plain = g.subgraph('plain');
  const first = plain.op('Add', [plain.op('MatMul', [x, shared]), plain.constant('bias', noise([32], 2))]);
  plain.output(first, undefined, float);
  const nested = g.subgraph('nested');
  const h = nested.op('Relu', [nested.op('MatMul', [x, shared])]);
  const inner = nested.subgraph('inner');
  const own = inner.constant('own', noise([32, 32], 3));
  inner.output(inner.op('Gemm', [h, own], { attributes: { transB: 1 } }), undefined, float);
  const other = nested.subgraph('other');
  other.output(other.op('Neg', [h]), undefined, float);
  const attributes = { then_branch: inner.graph, else_branch: other.graph };
  nested.output(nested.op('If', [condition], { attributes }), undefined, float);
  const chosen = g.op('If', [condition], { attributes: { then_branch: nested.graph, else_branch: plain.graph } });
  g.output(g.op('MatMul', [chosen, g.constant('last', noise([32, 8], 4))]), 'y', float);
  return repeated(g.model());
}

/** Values of branches get one name, as exporters that write branches one by one give them. */
function repeated(model: Model): Model {
  for (const node of model.graph.nodes())
    for (const { outputs } of node.subgraphs) for (const value of outputs) value.rename('result');
  return model;
}

/** x [n, 3, 8, 8] -> a Conv, and an If with two Convs and a Relu between in one branch, another Conv in the other. */
export function branchedConvolutions(): Model {
  const g = new GraphBuilder();
  const condition = g.input('condition', 'bool', []);
  const conv = (b: GraphBuilder, value: Value, [out, channels]: readonly [number, number]) => {
    const weight = b.constant('w', noise([out, channels, 3, 3], out, 0.2));
    const attributes = { pads: [1, 1, 1, 1] };
    return b.op('Conv', [value, weight, b.constant('b', noise([out], channels, 0.2))], { attributes });
  };
  const h = g.op('Relu', [conv(g, g.input('x', 'float32', ['n', 3, 8, 8]), [16, 3])]);
  const deep = g.subgraph('deep');
  deep.output(conv(deep, deep.op('Relu', [conv(deep, h, [16, 16])]), [8, 16]), undefined, float);
  const flat = g.subgraph('flat');
  flat.output(conv(flat, h, [8, 16]), undefined, float);
  const attributes = { then_branch: deep.graph, else_branch: flat.graph };
  g.output(g.op('If', [condition], { attributes }), 'y', float);
  return g.model();
}

/** x [n, 32], state [n, 32] -> a Loop of three turns: state = tanh(x · outer + state · own), both matrices constant. */
export function loopedProducts(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 32]);
  const outer = g.constant('outer', noise([32, 32], 1, 0.1));
  const body = g.subgraph('body');
  body.input('turn', 'int64', []);
  const goesOn = body.input('goes_on', 'bool', []);
  const state = body.input('state', 'float32', ['n', 32]);
  const own = body.constant('own', noise([32, 32], 2, 0.1));
  const sum = body.op('Add', [body.op('MatMul', [x, outer]), body.op('MatMul', [state, own])]);
  body.output(body.op('Identity', [goesOn]));
  body.output(body.op('Tanh', [sum]), undefined, float);
  const start = g.op('Mul', [x, g.constant('tenth', floats([], [0.1]))]);
  const turns = g.constant('turns', long(3));
  const condition = g.constant('condition', yes);
  g.output(g.op('Loop', [turns, condition, start], { attributes: { body: body.graph } }), 'y', float);
  return g.model();
}

/** x [n, 8, 6, 6] -> a Loop of two turns with one Conv in it. */
export function loopedConvolution(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 8, 6, 6]);
  const body = g.subgraph('body');
  body.input('turn', 'int64', []);
  const goesOn = body.input('goes_on', 'bool', []);
  const state = body.input('state', 'float32', ['n', 8, 6, 6]);
  const weight = body.constant('w', noise([8, 8, 3, 3], 2, 0.1));
  body.output(body.op('Identity', [goesOn]));
  body.output(body.op('Conv', [state, weight], { attributes: { pads: [1, 1, 1, 1] } }), undefined, float);
  const inputs = [g.constant('turns', long(2)), g.constant('condition', yes), x];
  g.output(g.op('Loop', inputs, { attributes: { body: body.graph } }), 'y', float);
  return g.model();
}
