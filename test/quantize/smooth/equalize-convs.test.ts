import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { rewriteStatic } from '../../../src/quantize/rewrite/rewrite-static.ts';
import { equalizeConvs } from '../../../src/quantize/smooth/equalize-convs.ts';
import { difference, largest, noise, opsOf, run, sqnr } from '../rewrite/run-models.ts';
import { planFor } from '../rewrite/static-case.ts';

const float = tensorType('float32');
const channels = 8;
const feeds = { x: noise([1, channels, 5, 5], 11) };

/** Weights of which each output channel has a size of its own. */
function uneven(dims: readonly number[], seed: number) {
  const perChannel = elementCount(dims) / (dims[0] ?? 1);
  const numbers = Array.from(noise(dims, seed, 0.3).data, Number);
  return floats(
    dims,
    numbers.map((x, i) => x * 4 ** ((Math.floor(i / perChannel) % 4) - 2)),
  );
}

interface ConvOptions {
  readonly group?: number;
  readonly bias?: boolean;
}

let made = 0;
function conv(g: GraphBuilder, x: Value, { group = 1, bias = true }: ConvOptions = {}): Value {
  const w = g.constant('w', uneven([channels, channels / group, 3, 3], ++made));
  const b = bias ? [g.constant('b', uneven([channels], ++made))] : [];
  return g.op('Conv', [x, w, ...b], { attributes: { group, pads: [1, 1, 1, 1] }, as: 'conv' });
}

function modelOf(build: (g: GraphBuilder, x: Value) => Value): Model {
  const g = new GraphBuilder();
  g.output(build(g, g.input('x', 'float32', [1, channels, 5, 5])), 'y', float);
  return g.model();
}

/** Equalizes, and checks that the model computes what it did. */
async function equalized(build: (g: GraphBuilder, x: Value) => Value) {
  const before = modelOf(build);
  const model = copyModel(before);
  const report = equalizeConvs(model);
  checkGraph(model);
  expect(opsOf(model)).toEqual(opsOf(before));
  const expected = await run(before, feeds);
  expect(difference(expected, await run(model, feeds))).toBeLessThan(1e-5 * largest(expected));
  return { before, model, report };
}

/** The largest weight that writes each channel of the first convolution, and the largest that reads it in the second. */
function ranges(model: Model): { readonly written: number[]; readonly read: number[] } {
  const [first, second] = [...model.graph.nodes()].filter((node) => node.is('Conv'));
  const most = (numbers: readonly number[]) => Math.max(...numbers.map(Math.abs));
  const weights = (node: typeof first) => Array.from(node?.input(1)?.constant?.toDense().data ?? [], Number);
  const [written, read] = [weights(first), weights(second)];
  const group = second?.int('group', 1) ?? 1;
  const perGroup = channels / group;
  const readers = (channel: number) =>
    read.filter((_, i) => {
      const row = Math.floor(i / (perGroup * 9));
      return Math.floor(row / perGroup) * perGroup + (Math.floor(i / 9) % perGroup) === channel;
    });
  const each = Array.from({ length: channels }, (_, c) => c);
  return {
    written: each.map((c) =>
      most(written.slice((c * written.length) / channels, ((c + 1) * written.length) / channels)),
    ),
    read: each.map((c) => most(readers(c))),
  };
}

describe('equalizeConvs', () => {
  const between: readonly (readonly [string, (g: GraphBuilder, x: Value) => Value])[] = [
    ['nothing', (_, x) => x],
    ['Relu', (g, x) => g.op('Relu', [x])],
    ['LeakyRelu', (g, x) => g.op('LeakyRelu', [x], { attributes: { alpha: 0.1 } })],
    ['MaxPool', (g, x) => g.op('Relu', [g.op('MaxPool', [x], { attributes: { kernel_shape: [2, 2] } })])],
  ];

  it.each(between)('gives both sides the same range through %s', async (_, step) => {
    for (const group of [1, 2, channels]) {
      const { model, report } = await equalized((g, x) => conv(g, step(g, conv(g, x)), { group }));
      expect(report).toEqual({ equalized: ['conv'], skipped: new Map() });
      const { written, read } = ranges(model);
      for (const [c, range] of written.entries()) expect(range / (read[c] ?? 0)).toBeCloseTo(1, 4);
    }
  });

  it('takes convolutions in a row, of a depthwise block, without biases too', async () => {
    const { model, report } = await equalized((g, x) => {
      const first = g.op('Relu', [conv(g, x, { bias: false })]);
      return conv(g, g.op('Relu', [conv(g, first, { group: channels })]), { bias: false });
    });
    expect(report.equalized).toHaveLength(2);
    const { written, read } = ranges(model);
    for (const [c, range] of written.entries()) expect(Math.abs(Math.log(range / (read[c] ?? 0)))).toBeLessThan(0.05);
  });

  it('makes one scale fit all channels', async () => {
    const factor = (channel: number) => 4 ** ((channel % 4) - 2);
    const { before, model } = await equalized((g, x) => {
      const dims = [channels, channels, 1, 1];
      const numbers = Array.from(noise(dims, 7, 0.3).data, Number);
      const written = numbers.map((n, i) => n * factor(Math.floor(i / channels)));
      const read = numbers.toReversed().map((n, i) => n / factor(i % channels));
      const hidden = g.op('Conv', [x, g.constant('w', floats(dims, written))]);
      return g.op('Conv', [g.op('Relu', [hidden]), g.constant('v', floats(dims, read))]);
    });
    const expected = await run(before, feeds);
    const quantizedSqnr = async (each: Model) => {
      const copy = copyModel(each);
      rewriteStatic(copy, await planFor(each, feeds, { perChannel: false }));
      return sqnr(expected, await run(copy, feeds));
    };
    expect(await quantizedSqnr(model)).toBeGreaterThan((await quantizedSqnr(before)) + 10);
  });

  const refused: readonly (readonly [string | undefined, (g: GraphBuilder, x: Value) => Value])[] = [
    [
      'not-homogeneous',
      (g, x) => conv(g, g.op('Clip', [conv(g, x), g.constant('c', floats([], [0])), g.constant('c', floats([], [6]))])),
    ],
    ['not-homogeneous', (g, x) => conv(g, g.op('Relu', [g.op('HardSwish', [conv(g, x)])]))],
    [
      'read-by-others',
      (g, x) => {
        const shared = conv(g, x);
        return g.op('Add', [conv(g, shared), shared]);
      },
    ],
    [
      'constants',
      (g, x) => {
        const w = g.constant('w', uneven([channels, channels, 3, 3], 3));
        const attributes = { pads: [1, 1, 1, 1] };
        return g.op('Conv', [g.op('Conv', [x, w], { attributes, as: 'conv' }), w], { attributes });
      },
    ],
    [undefined, (g, x) => g.op('Relu', [conv(g, x)])],
    [undefined, (g, x) => g.op('Tanh', [conv(g, x)])],
  ];

  it.each(refused)('says %s and changes nothing', async (reason, build) => {
    const { before, model, report } = await equalized(build);
    expect(report.equalized).toEqual([]);
    expect(report.skipped.get('conv')).toBe(reason);
    expect(await run(model, feeds)).toEqual(await run(before, feeds));
  });

  it('leaves channels without weights, and does not blow up their biases', async () => {
    const { model } = await equalized((g, x) => {
      const numbers = Array.from(noise([channels, channels, 1, 1], 5).data, Number);
      const w = numbers.map((n, i) => (i < channels ? 0 : i < 2 * channels ? n * 1e-20 : n));
      const b = floats([channels], [0.5, 0.5, 0, 0, 0, 0, 0, 0]);
      const first = g.op('Conv', [x, g.constant('w', floats([channels, channels, 1, 1], w)), g.constant('b', b)]);
      return conv(g, g.op('Relu', [first]));
    });
    const [first] = model.graph.nodes();
    const biases = Array.from(first?.input(2)?.constant?.toDense().data ?? [], Number);
    expect(biases[0]).toBe(0.5);
    expect(Math.max(...biases)).toBeLessThan(100);
  });
});
