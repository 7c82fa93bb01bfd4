import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { packBlocks } from '../../../src/quantize/blocks/pack-blocks.ts';
import { quantizeBlocks } from '../../../src/quantize/blocks/quantize-blocks.ts';
import { quantizeWeight } from '../../../src/quantize/numeric/quantize-weight.ts';
import { scaleAndZeroPoint } from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import { rewriteStatic } from '../../../src/quantize/rewrite/rewrite-static.ts';

// What onnxruntime's Python tools (1.30) made of the same numbers: see python_tools.py for how it was written.

const list = z.array(z.number());
const caseSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('scale'),
    min: z.number(),
    max: z.number(),
    type: z.enum(['uint8', 'int8', 'uint16', 'int16']),
    symmetric: z.boolean(),
    reduced: z.boolean(),
    scale: z.number(),
    zeroPoint: z.number(),
  }),
  z.object({
    kind: z.literal('weight'),
    dims: list,
    seed: z.number(),
    reduced: z.boolean(),
    scales: list,
    integers: list,
  }),
  z.object({
    kind: z.literal('blocks'),
    k: z.number(),
    n: z.number(),
    bits: z.union([z.literal(4), z.literal(8)]),
    blockSize: z.union([z.literal(16), z.literal(32)]),
    symmetric: z.boolean(),
    b: list,
    scales: list,
    zeroPoints: list.nullable(),
  }),
  z.object({
    kind: z.literal('convolution'),
    reduced: z.boolean(),
    x_scale: list,
    x_zero_point: list,
    w_quantized: list,
    w_scale: list,
    b_quantized: list,
    b_quantized_scale: list,
  }),
]);
type Case = z.infer<typeof caseSchema>;
type CaseOf<Kind extends Case['kind']> = Extract<Case, { kind: Kind }>;

const cases = readFileSync(new URL('python-tools.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Case => caseSchema.parse(JSON.parse(line)));

function casesOf<Kind extends Case['kind']>(kind: Kind): readonly CaseOf<Kind>[] {
  const found = cases.filter((each): each is CaseOf<Kind> => each.kind === kind);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** The numbers of python_tools.py. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i * 37 + seed * 11) % 129) - 64) / 64);
}

it('finds the same scales and zero points', () => {
  for (const { min, max, type, symmetric, reduced, scale, zeroPoint } of casesOf('scale'))
    expect(scaleAndZeroPoint({ min, max }, { type, symmetric, reduced })).toEqual({ type, scale, zeroPoint });
});

it('makes the same integers of weights, those of a channel without weights among them', () => {
  for (const { dims, seed, reduced, scales, integers } of casesOf('weight')) {
    const [rows = 0, columns = 0] = dims;
    const data = numbers(rows * columns, seed).map((x, i) => (i % columns === 1 ? 0 : x));
    const made = quantizeWeight({ dims, data }, { type: 'int8', axis: 1, reduced });
    expect([...made.scales]).toEqual(scales);
    expect([...made.data]).toEqual(integers);
  }
});

it('packs the same blocks, but for what pads the last one, which nobody reads', () => {
  for (const { k, n, bits, blockSize, symmetric, b, scales, zeroPoints } of casesOf('blocks')) {
    const matrix = { data: numbers(k * n, bits), k, n, isTransposed: false };
    const made = packBlocks(quantizeBlocks(matrix, { bits, blockSize, symmetric, method: 'rtn' }));
    const perColumn = Math.ceil(k / blockSize);
    const weights = { bits, stored: perColumn * blockSize, used: k };
    expect(used([...made.b.bytes()], weights)).toEqual(used(b, weights));
    expect(Array.from(made.scales.toDense().data, Number)).toEqual(scales);
    const points = { bits, stored: ((zeroPoints?.length ?? 0) * 8) / bits / n, used: perColumn };
    const pointsOf = (bytes: readonly number[] | null) => bytes && used(bytes, points);
    expect(pointsOf(made.zeroPoints && [...made.zeroPoints.bytes()])).toEqual(pointsOf(zeroPoints));
  }
});

/** Packed integers one by one, of each column's `stored` the first `used`. */
function used(
  bytes: readonly number[],
  layout: { readonly bits: number; readonly stored: number; readonly used: number },
): readonly number[] {
  const all = layout.bits === 8 ? bytes : bytes.flatMap((byte) => [byte & 15, byte >> 4]);
  return all.filter((_, at) => at % layout.stored < layout.used);
}

it('writes the same parameters, weights and biases of a convolution', () => {
  for (const expected of casesOf('convolution')) {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 3, 4, 4]);
    const w = g.constant('w', { type: 'float32', dims: [4, 3, 3, 3], data: numbers(108, 6) });
    const b = g.constant('b', { type: 'float32', dims: [4], data: numbers(4, 7) });
    g.output(g.op('Relu', [g.op('Conv', [x, w, b], { as: 'conv' })]), 'y', tensorType('float32'));
    const model = g.model();
    const fed = numbers(96, 5);
    const range = { min: Math.min(...fed), max: Math.max(...fed) };
    const type = { type: 'uint8', symmetric: false, reduced: false } as const;
    rewriteStatic(model, {
      nodes: new Set(['conv']),
      chained: new Set(),
      parametersOf: () => scaleAndZeroPoint(range, type),
      perChannel: true,
      reduced: expected.reduced,
    });
    const made = new Map([...model.graph.initializers].map(({ name, constant }) => [name, constant]));
    const numbersOf = (name: string) => Array.from(made.get(name)?.toDense().data ?? [], Number);
    expect(numbersOf('x_scale')).toEqual(expected.x_scale);
    expect(numbersOf('x_zero_point')).toEqual(expected.x_zero_point);
    expect(numbersOf('w_quantized')).toEqual(expected.w_quantized);
    expect(numbersOf('w_scale')).toEqual(expected.w_scale);
    expect(numbersOf('b_quantized')).toEqual(expected.b_quantized);
    expect(numbersOf('b_scale')).toEqual(expected.b_quantized_scale);
  }
});
