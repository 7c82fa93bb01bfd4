import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import type { OptimizedGraph } from '../../../src/compute/optimized-graph.ts';
import { optimizedGraph } from '../../../src/compute/optimized-graph.ts';
import { markNodes, placedNodesOf } from '../../../src/compute/owners/mark-nodes.ts';
import { nodeOwners } from '../../../src/compute/owners/node-owners.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { scratchFile } from '../../../src/onnx/file/scratch-file.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { thisWorkplace } from '../../../src/runtime/workplace.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';

const runner = inProcessRunner();

async function optimized(marked: Model, level: 'extended' | 'all' = 'all'): Promise<OptimizedGraph> {
  return optimizedGraph(marked, {
    runner,
    name: 'a.onnx',
    write: () => Promise.reject(new Error('small models are sent')),
    scratch: () => scratchFile(thisWorkplace(), 'optimized.onnx'),
    level,
  });
}

/** Operators of the nodes that each kernel does the work of, and what became of the others. */
async function told(model: Model, level: 'extended' | 'all' = 'all') {
  const marked = copyModel(model);
  markNodes(marked);
  const { kernels, gone } = nodeOwners(marked, await optimized(marked, level));
  const ops = (nodes: readonly Node[]) => nodes.map(({ op }) => op).join(' ');
  return {
    kernels: kernels.map(({ kernel, nodes, added }) => `${kernel.op}: ${added ?? ops(nodes)}`),
    gone: [...gone].map(([{ op }, fate]) => `${op} ${fate}`).toSorted(),
  };
}

function ramp(...dims: readonly number[]) {
  const count = dims.reduce((product, length) => product * length, 1);
  return { type: 'float32', dims, data: Float32Array.from({ length: count }, (_, at) => Math.sin(at)) } as const;
}

function convolution(g: GraphBuilder, x: Parameters<GraphBuilder['op']>[1][number], channels: number) {
  const weight = g.constant('w', ramp(channels, channels, 3, 3));
  const product = g.op('Conv', [x, weight], { attributes: { pads: [1, 1, 1, 1] } });
  const parameters = ['scale', 'bias', 'mean', 'var'].map((name) =>
    g.constant(
      name,
      floats(
        [channels],
        Array.from({ length: channels }, (_, at) => at + 1),
      ),
    ),
  );
  return g.op('BatchNormalization', [product, ...parameters]);
}

describe('nodeOwners', () => {
  it('gives a residual block of the blocked layout to its convolutions', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 16, 8, 8]);
    const first = g.op('Relu', [convolution(g, x, 16)]);
    const second = g.op('Relu', [g.op('Add', [convolution(g, first, 16), first])]);
    const pooled = g.op('MaxPool', [second], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
    g.output(pooled, 'y', tensorType('float32', [1, 16, 4, 4]));
    const { kernels, gone } = await told(g.model());
    expect(kernels).toEqual([
      'ReorderInput: layout',
      'Conv: Conv Relu BatchNormalization',
      'Conv: Conv BatchNormalization Add Relu',
      'MaxPool: MaxPool',
      'ReorderOutput: layout',
    ]);
    expect(gone).toEqual([]);
  });

  it('gives what became one operator of many to it, down to the values that are left', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 8]);
    const biased = g.op('Add', [g.op('MatMul', [x, g.constant('w', ramp(8, 8))]), g.constant('b', ramp(8))]);
    const half = (value: number) => g.constant('c', floats([], [value]));
    const erf = g.op('Add', [g.op('Erf', [g.op('Div', [biased, half(Math.SQRT2)])]), half(1)]);
    const gelu = g.op('Mul', [g.op('Mul', [biased, erf]), half(0.5)]);
    g.output(g.op('Softmax', [gelu]), 'y', tensorType('float32', ['n', 8]));
    const { kernels, gone } = await told(g.model());
    expect(kernels[0]).toMatch(/^(?:MatMul: MatMul|Gemm: MatMul Add)$/);
    const work = kernels.flatMap((kernel) => kernel.split(': ')[1]?.split(' ') ?? []);
    expect(work.toSorted()).toEqual(['Add', 'Add', 'Div', 'Erf', 'MatMul', 'Mul', 'Mul', 'Softmax']);
    expect(gone).toEqual([]);
  });

  it('tells what was computed while loading from what was not needed', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 6]);
    const shape = g.op('Shape', [x]);
    const rows = g.op('Gather', [shape, g.constant('zero', { type: 'int64', dims: [1], data: BigInt64Array.of(0n) })]);
    const target = g.op(
      'Concat',
      [rows, g.constant('rest', { type: 'int64', dims: [2], data: BigInt64Array.of(3n, 2n) })],
      {
        attributes: { axis: 0 },
      },
    );
    const weight = g.op('Constant', [], { attributes: { value: Tensor.fromDense(ramp(2)) } });
    const twice = g.op('Neg', [weight]);
    g.op('Exp', [x], { as: 'unread' });
    const kept = g.op('Identity', [g.op('Dropout', [x])]);
    g.output(g.op('Mul', [g.op('Reshape', [kept, target]), twice]), 'y', tensorType('float32', [2, 3, 2]));
    expect(await told(g.model())).toEqual({
      // The runtime computes what nobody reads.
      kernels: ['Reshape: Reshape', 'Mul: Mul', 'Exp: Exp'],
      gone: [
        'Concat folded',
        'Constant folded',
        'Dropout dropped',
        'Gather folded',
        'Identity dropped',
        'Neg folded',
        'Shape folded',
      ],
    });
  });

  it('counts equal nodes once', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 8]);
    const [a, b] = [g.op('Sqrt', [x]), g.op('Sqrt', [x])];
    g.output(g.op('Sub', [g.op('Exp', [a]), g.op('Sin', [b])]), 'y', tensorType('float32', ['n', 8]));
    const { kernels, gone } = await told(g.model());
    expect(kernels.toSorted()).toEqual(['Exp: Exp', 'Sin: Sin', 'Sqrt: Sqrt', 'Sub: Sub']);
    expect(gone).toEqual(['Sqrt dropped']);
  });

  it('finds nodes of branches, also of one that was chosen while loading', async () => {
    const branches = (condition: 'input' | 'constant') => {
      const g = new GraphBuilder();
      const x = g.input('x', 'float32', ['n', 4]);
      const chosen =
        condition === 'input'
          ? g.input('c', 'bool', [])
          : g.constant('c', { type: 'bool', dims: [], data: Uint8Array.of(1) });
      const branch = (name: string, op: string) => {
        const b = g.subgraph(name);
        b.output(b.op(op, [b.op('Neg', [x])]), undefined, tensorType('float32', ['n', 4]));
        return b.graph;
      };
      const attributes = { then_branch: branch('then', 'Exp'), else_branch: branch('else', 'Sin') };
      g.output(g.op('If', [chosen], { attributes }), 'y', tensorType('float32', ['n', 4]));
      return g.model();
    };
    const open = await told(branches('input'));
    expect(open.kernels.toSorted()).toEqual(['Exp: Exp', 'If: If', 'Neg: Neg', 'Neg: Neg', 'Sin: Sin']);
    const settled = await told(branches('constant'));
    expect(settled.kernels).toEqual(['Neg: Neg', 'Exp: Exp']);
    expect(settled.gone).toEqual(['If dropped', 'Neg dropped', 'Sin dropped']);
  });

  it('gives the conversions around an integer kernel to it', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 8]);
    const scale = g.constant('s', floats([], [0.1]));
    const zero = g.constant('z', { type: 'uint8', dims: [], data: Uint8Array.of(128) });
    const quantized = (value: typeof x) =>
      g.op('DequantizeLinear', [g.op('QuantizeLinear', [value, scale, zero]), scale, zero]);
    const weight = g.constant('w', { type: 'uint8', dims: [8, 8], data: new Uint8Array(64).fill(130) });
    const product = g.op('MatMul', [quantized(x), g.op('DequantizeLinear', [weight, scale, zero])]);
    g.output(quantized(product), 'y', tensorType('float32', [1, 8]));
    const { kernels, gone } = await told(g.model(), 'extended');
    expect(kernels).toEqual([
      'QuantizeLinear: QuantizeLinear',
      'QLinearMatMul: MatMul QuantizeLinear DequantizeLinear',
      'DequantizeLinear: DequantizeLinear',
    ]);
    // That of the weights.
    expect(gone).toEqual(['DequantizeLinear folded']);
  });
});

describe('on real models', () => {
  const files = ['cnn', 'vit', 'mobile', 'mlp'].map((name) => `fixtures/digits/${name}.onnx`);
  it.each(files)('every node of %s has one fate, and kernels read what is theirs or still there', async (path) => {
    const opened = openModel(path);
    const marked = copyModel(opened.model);
    markNodes(marked);
    const graph = await optimized(marked);
    const { kernels, gone } = nodeOwners(marked, graph);
    const owned = new Set(kernels.flatMap(({ nodes }) => nodes));
    for (const node of placedNodesOf(marked))
      expect([node.op, owned.has(node) !== gone.has(node)]).toEqual([node.op, true]);
    const left = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
    for (const { kernel, nodes } of kernels) {
      // In the blocked layout values have other names.
      if (kernel.outputs.some((name) => name.startsWith('reorder'))) continue;
      const made = new Set(nodes.flatMap(({ outputs }) => outputs));
      for (const value of nodes.flatMap(({ inputs }) => inputs)) {
        const isThere = value === null || value.producer === null || made.has(value) || left.has(value.name);
        expect([value?.name, isThere || gone.has(value?.producer as Node)]).toEqual([value?.name, true]);
      }
    }
    opened.close();
  });
});
