import { describe, expect, it } from 'vitest';
import type { NodeFate } from '../../src/compute/fusion-census.ts';
import { fusionCensus } from '../../src/compute/fusion-census.ts';
import { optimizedGraph } from '../../src/compute/optimized-graph.ts';
import { scratchFile } from '../../src/onnx/file/scratch-file.ts';
import { floats, longs } from '../../src/onnx/graph-builder.ts';
import type { OptimizationLevel } from '../../src/runtime/runtime.ts';
import { thisWorkplace } from '../../src/runtime/workplace.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import type { QuantizedBuilderOptions } from './quantized-builder.ts';
import { QuantizedBuilder } from './quantized-builder.ts';

const workplace = thisWorkplace();
const models = {
  runner: inProcessRunner(),
  name: 'the model',
  write: () => Promise.reject(new Error('small models are sent')),
  scratch: () => scratchFile(workplace, 'optimized.onnx'),
};

type Write = (g: QuantizedBuilder) => void;

interface Census extends QuantizedBuilderOptions {
  readonly level?: OptimizationLevel;
  readonly config?: Readonly<Record<string, string>>;
}

/** The fate of the nodes that make these values, by the value. */
async function census(write: Write, values: readonly string[], { level = 'extended', config = {}, ...how }: Census) {
  const g = new QuantizedBuilder(how);
  write(g);
  const model = g.model({ opset: 21 });
  const optimized = await optimizedGraph(model, { ...models, level, config });
  const nodes = values.map((value) => ({ node: value, outputs: [value] }));
  return fusionCensus(nodes, model, optimized);
}

const image = [1, 4, 8, 8];

function conv(activation: 'Relu' | null, isOutputQuantized = true, zeroPoint?: number): Write {
  return (g) => {
    const inputs = [g.qdq(g.float('x', image), 0.02), g.weight('w', [8, 4, 3, 3]), g.bias('b', 8, 0.0002)];
    let y = g.node('Conv', 'c', inputs);
    if (activation !== null) y = g.node(activation, 'a', [y]);
    g.finish(isOutputQuantized ? g.qdq(y, 0.05, zeroPoint) : y);
  };
}

function matMul(quantized: 'both' | 'weight', { out = false, bias = false } = {}): Write {
  return (g) => {
    const x = g.float('x', [2, 32]);
    let y = g.node('MatMul', 'm', [quantized === 'both' ? g.qdq(x, 0.02) : x, g.weight('w', [32, 8])]);
    if (bias) y = g.node('Add', 'a', [y, g.constant('bias', floats([8], [1, 2, 3, 4, 5, 6, 7, 8]))]);
    g.finish(out ? g.qdq(y, 0.05) : y);
  };
}

function gemm(isOutputQuantized: boolean): Write {
  return (g) => {
    const y = g.node('Gemm', 'm', [g.qdq(g.float('x', [2, 16]), 0.02), g.weight('w', [16, 8]), g.bias('b', 8, 0.0002)]);
    g.finish(isOutputQuantized ? g.qdq(y, 0.05) : y);
  };
}

function dynamicMatMul(bias: boolean): Write {
  return (g) => {
    const y = g.dynamic('MatMul', 'm', { x: g.float('x', [2, 16]), dims: [16, 8] });
    g.finish(bias ? g.node('Add', 'a', [y, g.constant('bias', floats([8], [1, 2, 3, 4, 5, 6, 7, 8]))]) : y);
  };
}

const moving: Write = (g) => {
  const x = g.qdq(g.float('x', [1, 4, 8, 8]), 0.02);
  const pooled = g.qdq(g.node('MaxPool', 'p', [x], { kernel_shape: [2, 2], strides: [2, 2] }), 0.02);
  const joined = g.qdq(g.node('Concat', 'c', [pooled, g.qdq(g.float('z', [1, 4, 4, 4]), 0.03)], { axis: 1 }), 0.04);
  const turned = g.qdq(g.node('Transpose', 't', [joined], { perm: [0, 2, 3, 1] }), 0.04);
  g.finish(g.qdq(g.node('Reshape', 'r', [turned, g.constant('shape', longs([-1]))]), 0.04), 'Tanh');
};

const add: Write = (g) => {
  const [a, b] = [g.qdq(g.float('x', [2, 16]), 0.02), g.qdq(g.float('z', [2, 16]), 0.03)];
  g.finish(g.qdq(g.node('Add', 'a', [a, b]), 0.05), 'Tanh');
};

/** Two convolutions in a row and a way around the second. */
const residual: Write = (g) => {
  const x = g.qdq(g.float('x', [1, 8, 8, 8]), 0.02);
  const first = g.qdq(g.node('Conv', 'c', [x, g.weight('w', [8, 8, 1, 1])]), 0.05);
  const second = g.qdq(g.node('Conv', 'd', [first, g.weight('v', [8, 8, 1, 1])]), 0.05);
  g.finish(g.qdq(g.node('Add', 's', [second, first]), 0.05));
};

const dq = 'DequantizeLinear';
const q = 'QuantizeLinear';
const as = (became: string | null, fused: boolean, ...leftover: string[]) => ({ became, fused, leftover });

/** What onnxruntime 1.30 does on x64 and on Arm, by the values that the nodes of interest make. */
const cases: readonly (readonly [string, Write, Readonly<Record<string, Omit<NodeFate, 'node'>>>])[] = [
  ['a convolution', conv(null), { c: as('QLinearConv', true, q, dq) }],
  ['one whose Relu is part of the range', conv('Relu', true, 0), { c: as('QLinearConv', true, q, dq) }],
  ['one of which the output is not quantized', conv(null, false), { c: as('FusedConv', false, dq, dq, dq) }],
  ['a MatMul that stays float', matMul('both'), { m: as('MatMulIntegerToFloat', true, q) }],
  ['a MatMul', matMul('both', { out: true }), { m: as('QLinearMatMul', true, q, dq) }],
  ['the weight of a MatMul', matMul('weight'), { m: as('MatMulNBits', true) }],
  ['the weight of a MatMul with bias', matMul('weight', { bias: true }), { m: as('MatMulNBits', true) }],
  ['a MatMul with a float bias', matMul('both', { bias: true }), { m: as('FusedGemm', false, dq, dq) }],
  ['a Gemm', gemm(true), { m: as('QGemm', true, q, dq) }],
  ['a Gemm that stays float', gemm(false), { m: as('QGemm', true, q) }],
  ['a dynamic MatMul', dynamicMatMul(false), { m: as('DynamicQuantizeMatMul', true) }],
  ['a dynamic MatMul with bias', dynamicMatMul(true), { m: as('DynamicQuantizeMatMul', true) }],
  ['an Add', add, { a: as('QLinearAdd', true, q, q, dq) }],
  [
    'what moves elements',
    moving,
    {
      p: as('MaxPool', true, q),
      c: as('QLinearConcat', true, q),
      t: as('Transpose', true),
      r: as('Reshape', true, dq),
    },
  ],
  [
    'a residual block',
    residual,
    { c: as('QLinearConv', true, q), d: as('QLinearConv', true), s: as('QLinearAdd', true, dq) },
  ],
  [
    'an operator without integers',
    (g) => g.finish(g.qdq(g.node('Erf', 'e', [g.qdq(g.float('x', [2, 16]), 0.02)]), 0.05)),
    { e: as('Erf', false, dq, q) },
  ],
  [
    'a dynamic convolution',
    (g) => g.finish(g.dynamic('Conv', 'c', { x: g.float('x', image), dims: [8, 4, 3, 3] })),
    { c: as('ConvInteger', false, 'DynamicQuantizeLinear', 'Cast') },
  ],
];

/** With int8 on x64 a Relu is in no range, and onnxruntime leaves alone all around a value that two nodes read. */
const onlyUnsigned = new Set(['one whose Relu is part of the range', 'a residual block']);
/** Neither a value, nor a name, nor a constant of its own is left of these. */
const untraceable = new Set(['what moves elements']);

const builders: readonly (readonly [string, QuantizedBuilderOptions])[] = [
  ['named nodes', {}],
  ['nodes without names', { named: false }],
  // On x64 onnxruntime makes uint8 of them, under names of its own.
  ['int8 activations', { type: 'int8' }],
  ['int8 activations and nodes without names', { type: 'int8', named: false }],
];

describe.each(builders)('the census of %s', (_, how) => {
  const isTold = (name: string) =>
    how.type === undefined || !(onlyUnsigned.has(name) || (how.named === false && untraceable.has(name)));

  it.each(cases.filter(([name]) => isTold(name)))('tells %s', async (_name, write, expected) => {
    const values = Object.keys(expected);
    const fates = await census(write, values, how);
    const found = fates.map(({ node: _node, leftover, ...fate }) => ({ ...fate, leftover: leftover.toSorted() }));
    const sorted = Object.values(expected).map((fate) => ({ ...fate, leftover: fate.leftover.toSorted() }));
    expect(Object.fromEntries(values.map((value, at) => [value, found[at]]))).toEqual(
      Object.fromEntries(values.map((value, at) => [value, sorted[at]])),
    );
  });
});

describe('the census', () => {
  it('follows nodes through a layout that the processor likes, whatever that is', async () => {
    const kernels = await Promise.all([
      census(conv('Relu', true, 0), ['c'], { level: 'all' }),
      census(conv('Relu', false), ['c'], { level: 'all', named: false }),
      census(residual, ['c', 'd', 's'], { level: 'all' }),
    ]);
    const told = kernels.flat().map(({ became, fused }) => [became, fused]);
    expect(told).toEqual([
      ['QLinearConv', true],
      [expect.stringMatching(/^(?:Fused)?Conv$/), false],
      ['QLinearConv', true],
      ['QLinearConv', true],
      ['QLinearAdd', true],
    ]);
  });

  it('takes what was folded back into floats for what it is', async () => {
    const config = { 'session.disable_quant_qdq': '1' };
    const [fate] = await census(matMul('weight'), ['m'], { config });
    expect(fate).toEqual({ node: 'm', became: 'MatMul', fused: false, leftover: [] });
  });

  it('says so when there is nothing to find a node by', async () => {
    const unknown = { became: null, fused: false, leftover: [] };
    expect(await census(moving, ['x', 'nothing'], {})).toEqual([
      { node: 'x', ...unknown },
      { node: 'nothing', ...unknown },
    ]);
  });

  it('tells an Add from the product that it ends, by its operator', async () => {
    const g = new QuantizedBuilder();
    const product = g.dynamic('Conv', 'c', { x: g.float('x', image), dims: [8, 4, 3, 3] });
    g.finish(g.node('Add', 'a', [product, g.constant('bias', floats([], [1]))]));
    const model = g.model({ opset: 21 });
    const optimized = await optimizedGraph(model, models);
    const nodes = [
      { node: 'conv', op: 'Conv', outputs: ['a'] },
      { node: 'add', op: 'Add', outputs: ['a'] },
    ];
    expect(fusionCensus(nodes, model, optimized).map(({ became }) => became)).toEqual(['ConvInteger', 'Add']);
  });
});
