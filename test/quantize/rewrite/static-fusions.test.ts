import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { nodeKey } from '../../../src/quantize/rewrite/node-key.ts';
import type { StaticReport } from '../../../src/quantize/rewrite/rewrite-static.ts';
import { rewriteStatic } from '../../../src/quantize/rewrite/rewrite-static.ts';
import { quantumOf } from './random-network.ts';
import { difference, noise, optimizedOps, run, tensorOf } from './run-models.ts';
import type { PlanOptions } from './static-case.ts';
import { planFor } from './static-case.ts';

const pads = [1, 1, 1, 1];
const float = tensorType('float32');

interface Rewritten {
  readonly quantized: Model;
  readonly report: StaticReport;
}

/** The model that `build` makes of one input `[1, 4, 6, 6]`, in integers; what it computes is compared on the way. */
async function rewritten(build: (g: GraphBuilder, x: Value) => void, options: PlanOptions = {}): Promise<Rewritten> {
  const g = new GraphBuilder();
  build(g, g.input('x', 'float32', [1, 4, 6, 6]));
  const model = g.model();
  const feeds: NamedTensors = { x: noise([1, 4, 6, 6], 5) };
  const quantized = copyModel(model);
  const report = rewriteStatic(quantized, await planFor(model, feeds, options));
  checkGraph(quantized);
  const expected = await run(quantized, feeds);
  const fused = await run(quantized, feeds, 'all');
  for (const [name, tensor] of Object.entries(expected))
    expect(difference({ [name]: tensor }, { [name]: tensorOf(fused, name) })).toBeLessThan(2.01 * quantumOf(tensor));
  return { quantized, report };
}

function conv(g: GraphBuilder, x: Value, as = 'conv', bias = true): Value {
  const inputs = [x, g.constant('w', noise([4, 4, 3, 3], 1, 0.2)), ...(bias ? [g.constant('b', noise([4], 2))] : [])];
  return g.op('Conv', inputs, { attributes: { pads }, as });
}

function relu(g: GraphBuilder, x: Value): Value {
  return g.op('Relu', [x], { as: 'relu' });
}

/** Only what a test is about: those at the ends convert. */
const converting: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear']);

async function kernels(model: Model): Promise<string[]> {
  return (await optimizedOps(model)).filter((op) => !converting.has(op));
}

async function conversions(model: Model): Promise<string[]> {
  return (await optimizedOps(model)).filter((op) => converting.has(op));
}

function parameterNames(model: Model, name: string): readonly (string | undefined)[] {
  const quantize = [...model.graph.nodes()].find(
    (node) => node.op === 'QuantizeLinear' && node.input(0)?.name === name,
  );
  return [quantize?.input(1)?.name, quantize?.input(2)?.name];
}

describe('what onnxruntime makes of rewriteStatic', () => {
  const choices: readonly PlanOptions[] = [
    {},
    { perChannel: false },
    { type: 'int8' },
    { type: 'int8', symmetric: true },
  ];

  it.each(choices)('runs Conv as QLinearConv, the graph output included, %o', async (options) => {
    for (const bias of [true, false]) {
      const { quantized } = await rewritten((g, x) => g.output(conv(g, x, 'conv', bias), 'y', float), options);
      expect(quantized.graph.outputs[0]?.name).toBe('y');
      expect(await optimizedOps(quantized)).toEqual(['DequantizeLinear', 'QLinearConv', 'QuantizeLinear']);
    }
  });

  // Not of int8: on x64, where onnxruntime turns it into uint8, it leaves out values that several nodes read.
  it.each(choices.filter(({ type }) => type === undefined))(
    'keeps integers from layer to layer, %o',
    async (options) => {
      const { quantized } = await rewritten((g, x) => {
        const first = conv(g, x, 'first');
        const added = g.op('Add', [
          conv(g, g.op('MaxPool', [first], { attributes: { kernel_shape: [3, 3], pads } })),
          first,
        ]);
        const joined = g.op('Concat', [added, first], { attributes: { axis: 1 } });
        const scaled = g.op('Mul', [joined, g.constant('factor', noise([8, 1, 1], 4))]);
        const pooled = g.op('GlobalAveragePool', [g.op('Sigmoid', [g.op('LeakyRelu', [scaled])])]);
        g.output(pooled, 'y', float);
      }, options);
      expect(await conversions(quantized)).toEqual(['DequantizeLinear', 'QuantizeLinear']);
      expect(await kernels(quantized)).toEqual([
        'MaxPool',
        'QLinearAdd',
        'QLinearConcat',
        'QLinearConv',
        'QLinearConv',
        'QLinearGlobalAveragePool',
        'QLinearLeakyRelu',
        'QLinearMul',
        'QLinearSigmoid',
      ]);
    },
  );

  it.each(choices)('runs products with float results, or chained ones with integers, %o', async (options) => {
    const build = (g: GraphBuilder, x: Value) => {
      const flat = g.op('Flatten', [x]);
      const w = g.constant('w', noise([144, 8], 1, 0.1));
      const hidden = g.op('Gemm', [flat, w, g.constant('b', noise([1, 8], 2))], { as: 'hidden' });
      g.output(g.op('MatMul', [hidden, g.constant('v', noise([8, 5], 3))], { as: 'last' }), 'y', float);
    };
    const nodes = { nodes: (node: { readonly op: string }) => node.op !== 'Flatten' };
    const { quantized } = await rewritten(build, { ...options, ...nodes });
    // What a planned node reads is in integers, so that the Gemm is chained anyway.
    expect(await kernels(quantized)).toEqual(['Flatten', 'MatMulIntegerToFloat', 'QGemm']);
    expect(await conversions(quantized)).toEqual(['QuantizeLinear']);
    const chained = await rewritten(build, { ...options, ...nodes, chained: ['hidden', 'y'] });
    expect(await kernels(chained.quantized)).toEqual(['Flatten', 'QGemm', 'QLinearMatMul']);
    expect(await conversions(chained.quantized)).toEqual(['DequantizeLinear', 'QuantizeLinear']);
  });

  it('runs a Gemm of a transposed weight and without a bias', async () => {
    const { quantized } = await rewritten((g, x) => {
      const flat = g.op('Flatten', [x]);
      g.output(
        g.op('Gemm', [flat, g.constant('w', noise([8, 144], 1, 0.1))], { attributes: { transB: 1 } }),
        'y',
        float,
      );
    });
    // Float in front: Flatten passes integers on.
    expect(await optimizedOps(quantized)).toEqual(['Flatten', 'QGemm', 'QuantizeLinear']);
  });

  it('shares scale and zero point through what moves integers', async () => {
    const { quantized, report } = await rewritten((g, x) => {
      const pooled = g.op('MaxPool', [conv(g, x)], { attributes: { kernel_shape: [3, 3], pads }, as: 'pooled' });
      const [half = x, rest = x] = g.ops('Split', [pooled, g.constant('halves', longs([1, 3]))], {
        outputs: 2,
        attributes: { axis: 1 },
        as: 'part',
      });
      const turned = g.op('Transpose', [rest], { attributes: { perm: [0, 3, 2, 1] }, as: 'turned' });
      g.output(g.op('Reshape', [turned, g.constant('shape', longs([1, -1]))]), 'y', float);
      g.output(half, 'half', float);
    });
    const [scale, zeroPoint] = parameterNames(quantized, 'conv');
    expect([scale, zeroPoint]).toEqual(['conv_scale', 'conv_zero_point']);
    const quantizes = [...quantized.graph.nodes()].filter(({ op }) => op === 'QuantizeLinear');
    expect(quantizes.map((node) => node.input(1)?.name)).toEqual([
      'x_scale',
      ...Array.from({ length: 6 }, () => 'conv_scale'),
    ]);
    expect(report.quantized.size).toBe(5);
    expect(await kernels(quantized)).toEqual(['MaxPool', 'QLinearConv', 'Reshape', 'Split', 'Transpose']);
    expect(await conversions(quantized)).toEqual(['DequantizeLinear', 'DequantizeLinear', 'QuantizeLinear']);
  });

  it('reads through the pair wherever a planned node made the value, and only there', async () => {
    const { quantized } = await rewritten(
      (g, x) => {
        const first = conv(g, x, 'first');
        const float1 = g.op('HardSigmoid', [first]);
        const added = g.op('HardSwish', [conv(g, float1, 'second')]);
        // Made in float, read by both.
        g.output(g.op('Mul', [conv(g, added, 'third'), g.op('Softplus', [added])]), 'y', float);
        g.output(first, 'side', float);
      },
      { nodes: ({ op }) => op === 'Conv' },
    );
    const reader = (op: string) => [...quantized.graph.nodes()].find((node) => node.op === op);
    expect(reader('HardSigmoid')?.input(0)?.producer?.op).toBe('DequantizeLinear');
    expect(reader('Softplus')?.input(0)?.producer?.op).toBe('HardSwish');
    expect(quantized.graph.outputs.map(({ name }) => name)).toEqual(['y', 'side']);
    expect((await kernels(quantized)).filter((op) => op.includes('Conv'))).toEqual([
      'QLinearConv',
      'QLinearConv',
      'QLinearConv',
    ]);
  });

  it('takes 16-bit integers through onnxruntime’s own operators before opset 21', async () => {
    const { quantized } = await rewritten(
      (g, x) => g.output(g.op('Add', [conv(g, x), g.constant('c', noise([4, 1, 1], 3))]), 'y', float),
      { type: 'uint16' },
    );
    expect(quantized.opsets.get('com.microsoft')).toBe(1);
    const domains = [...quantized.graph.nodes()].filter(({ op }) => converting.has(op)).map(({ domain }) => domain);
    expect(domains.filter((domain) => domain === 'com.microsoft')).toHaveLength(7);
  });
});

describe('clips behind planned nodes', () => {
  const clip =
    (low: number, high: number) =>
    (g: GraphBuilder, x: Value): Value =>
      g.op(
        'Clip',
        [x, ...[low, high].map((n) => g.constant('c', { type: 'float32', dims: [], data: Float32Array.of(n) }))],
        {
          as: 'clip',
        },
      );

  async function opsWith(build: (g: GraphBuilder, x: Value) => Value, options: PlanOptions = {}) {
    const { quantized, report } = await rewritten((g, x) => g.output(build(g, conv(g, x)), 'y', float), options);
    return { ops: [...quantized.graph.nodes()].map(({ op }) => op), report, model: quantized };
  }

  it('take them away when saturating does their work', async () => {
    for (const options of [{}, { type: 'int8' as const }]) {
      const { ops, report, model } = await opsWith(relu, options);
      expect(ops).not.toContain('Relu');
      expect([...report.quantized]).toEqual(['conv', 'y']);
      expect(model.graph.outputs[0]?.name).toBe('y');
      expect((await opsWith(clip(0, 0.5), options)).ops).not.toContain('Clip');
    }
    // The range that was seen ends before the clip's.
    expect((await opsWith(clip(-100, 100))).ops).not.toContain('Clip');
  });

  it('keep them where it does not', async () => {
    expect((await opsWith(relu, { type: 'int8', symmetric: true })).ops).toContain('Relu');
    // Zero is in every range, so that what is clipped to 0.2 at least is not told by saturation.
    expect((await opsWith(clip(0.2, 0.5))).ops).toContain('Clip');
    // Something else reads the value as it was.
    const read = await opsWith((g, x) => g.op('Add', [relu(g, x), g.op('HardSwish', [x])]));
    expect(read.ops).toContain('Relu');
    // The convolution stays in float, and so does what is behind it.
    const unknown = await opsWith(relu, { unknown: ['x'] });
    expect(unknown.ops).toEqual(['Conv', 'Relu']);
    expect([...unknown.report.unknown]).toEqual([['conv', 'x']]);
    expect(unknown.report.quantized.size).toBe(0);
  });

  it('keep them behind what shares the scale of its input', async () => {
    const { ops } = await opsWith((g, x) =>
      relu(g, g.op('MaxPool', [x], { attributes: { kernel_shape: [1, 1] }, as: 'pooled' })),
    );
    expect(ops).toContain('Relu');
  });

  it('are told by the range behind them, also where nothing is known before', async () => {
    const { ops, report } = await opsWith(relu, { unknown: ['conv'] });
    expect(ops).not.toContain('Relu');
    expect(report.unknown.size).toBe(0);
  });
});

describe('what is unknown or has no kernel', () => {
  it('stays in float, and so does what is tied to it', async () => {
    const { quantized, report } = await rewritten(
      (g, x) => {
        const h = g.op('HardSigmoid', [conv(g, x)], { as: 'h' });
        const pooled = g.op('MaxPool', [h], { attributes: { kernel_shape: [3, 3], pads }, as: 'pooled' });
        g.output(conv(g, pooled, 'second'), 'y', float);
      },
      { unknown: ['h'] },
    );
    expect([...report.unknown]).toEqual([['pooled', 'h']]);
    expect([...report.quantized]).toEqual(['conv', 'y']);
    expect((await kernels(quantized)).toSorted()).toEqual(['HardSigmoid', 'MaxPool', 'QLinearConv', 'QLinearConv']);
  });

  it('changes nothing of nodes outside the plan', async () => {
    const { quantized, report } = await rewritten((g, x) => g.output(relu(g, conv(g, x)), 'y', float), {
      nodes: () => false,
    });
    expect([...quantized.graph.nodes()].map(nodeKey)).toEqual(['conv', 'y']);
    expect(report).toEqual({ quantized: new Set(), unknown: new Map() });
  });
});

describe('products in front of a clip', () => {
  const clips: readonly (readonly [string, (g: GraphBuilder, x: Value) => Value])[] = [
    ['Relu', relu],
    ...[
      [0, 1],
      [-Infinity, 1],
      [-1, Infinity],
    ].map((bounds): readonly [string, (g: GraphBuilder, x: Value) => Value] => [
      `Clip to ${bounds.join(' … ')}`,
      (g, x) => {
        const constants = bounds.map((n) =>
          Number.isFinite(n) ? g.constant('c', { type: 'float32', dims: [], data: Float32Array.of(n) }) : null,
        );
        return g.op('Clip', [x, ...constants]);
      },
    ]),
  ];

  it.each(clips)('run with integers, %s', async (_, clip) => {
    for (const op of ['Gemm', 'MatMul'] as const)
      for (const options of [{}, { type: 'int8', symmetric: true }] as const)
        for (const end of ['Tanh', 'MatMul'] as const) {
          const { quantized } = await rewritten(
            (g, x) => {
              const flat = g.op('Flatten', [x]);
              const hidden = clip(g, g.op(op, [flat, g.constant('w', noise([144, 8], 1, 0.2))], { as: 'hidden' }));
              g.output(g.op(end, [hidden, ...(end === 'Tanh' ? [] : [g.constant('v', noise([8, 8], 2))])]), 'y', float);
            },
            { ...options, nodes: (node) => node.is('Gemm', 'MatMul') },
          );
          const fused = await kernels(quantized);
          expect(fused.filter((each) => ['Gemm', 'FusedGemm', 'MatMul'].includes(each))).toEqual([]);
        }
  });
});

describe('layers that stay in float between integers', () => {
  const builds: readonly (readonly [string, (g: GraphBuilder, x: Value) => Value])[] = [
    ['Conv', (g, x) => conv(g, x, 'middle')],
    ['Conv', (g, x) => g.op('Relu', [conv(g, x, 'middle', false)])],
    ['ConvTranspose', (g, x) => g.op('ConvTranspose', [x, g.constant('w', noise([4, 4, 3, 3], 4))], { as: 'middle' })],
    [
      'Gemm',
      (g, x) => {
        const rows = g.op('Reshape', [x, g.constant('shape', longs([-1, 6]))]);
        const attributes = { transB: 1 };
        const sum = g.op('Gemm', [rows, g.constant('w', noise([6, 6], 4))], { attributes, as: 'middle' });
        return g.op('Reshape', [sum, g.constant('shape', longs([1, 4, 6, 6]))]);
      },
    ],
  ];

  it.each(builds)('are not quantized by onnxruntime either: %s', async (op, build) => {
    for (const type of ['uint8', 'uint16'] as const) {
      const { quantized } = await rewritten(
        (g, x) => g.output(conv(g, build(g, conv(g, x, 'first')), 'last'), 'y', float),
        { type, nodes: (node) => nodeKey(node) !== 'middle' },
      );
      const middle = [...quantized.graph.nodes()].find((node) => node.output(0)?.name === 'middle');
      expect(middle?.input(1)?.constant?.type).toBe('float32');
      // What it computed with weights in integers would be another model: onnxruntime would have made them.
      const fused = await kernels(quantized);
      // Convolutions of 16 bits have no integer kernel: those around it are float too.
      expect(fused.filter((each) => each === op)).toHaveLength(type === 'uint16' && op === 'Conv' ? 3 : 1);
    }
  });
});

describe('biases', () => {
  it('keep a huge bias of tiny weights, as onnxruntime adds it up in 32 bits', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 512, 2, 2]);
    // As large as int32 just holds by the scale of the weights alone.
    const w = { type: 'float32', dims: [1, 512, 1, 1], data: new Float32Array(512).fill(1e-3) } as const;
    const bias = { type: 'float32', dims: [1], data: Float32Array.of(131.5) } as const;
    g.output(g.op('Conv', [x, g.constant('w', w), g.constant('b', bias)], { as: 'conv' }), 'y', float);
    const model = g.model();
    const feeds = { x: { type: 'float32', dims: [1, 512, 2, 2], data: new Float32Array(2048).fill(1) } } as const;
    const quantized = copyModel(model);
    rewriteStatic(quantized, await planFor(model, feeds));
    const expected = await run(model, feeds);
    const actual = await run(quantized, feeds, 'all');
    expect(difference(expected, actual)).toBeLessThan(2 * quantumOf(tensorOf(expected, 'y')));
  });

  it('of a channel without weights are told as finely as others', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 4, 3, 3]);
    const w = { type: 'float32', dims: [2, 4, 1, 1], data: Float32Array.of(0, 0, 0, 0, 1, 0, 1, 0) } as const;
    const bias = { type: 'float32', dims: [2], data: Float32Array.of(3.3, 0.1) } as const;
    g.output(g.op('Conv', [x, g.constant('w', w), g.constant('b', bias)]), 'y', float);
    const model = g.model();
    const feeds = { x: noise([1, 4, 3, 3], 3, 100) };
    const quantized = copyModel(model);
    rewriteStatic(quantized, await planFor(model, feeds, { type: 'uint16' }));
    const [made, wanted] = [await run(quantized, feeds), await run(model, feeds)];
    const firstChannel = (tensors: NamedTensors) => Array.from(tensorOf(tensors, 'y').data, Number).slice(0, 9);
    const error = Math.max(...firstChannel(made).map((y, i) => Math.abs(y - (firstChannel(wanted)[i] ?? 0))));
    expect(error).toBeLessThan(0.01);
  });
});
