import fc from 'fast-check';
import { floats, longs } from '../../../../src/onnx/graph-builder.ts';
import type { OperatorCases } from '../operator-case.ts';
import { casesOf, draw, drawLongs, shapeAndAxis, shapes } from '../operator-case.ts';

const slice = casesOf(
  'Slice',
  shapes({ minRank: 1, minLength: 2, maxLength: 5, maxRank: 3 }).chain((dims) => {
    const range = fc.record({
      start: fc.integer({ min: -6, max: 5 }),
      span: fc.integer({ min: 1, max: 7 }),
      step: fc.constantFrom(1, 1, 2, 3, -1, -2),
      fromEnd: fc.boolean(),
    });
    return fc.record({
      dims: fc.constant(dims),
      axes: fc.subarray([...dims.keys()], { minLength: 1 }),
      ranges: fc.array(range, { minLength: 3, maxLength: 3 }),
      isBare: fc.boolean(),
    });
  }),
  ({ dims, axes, ranges, isBare }) => {
    const cuts = axes.map((axis, index) => cutOf(dims[axis] ?? 1, ranges[index]));
    // Without axes the first ones are meant, without steps 1.
    const bare = isBare && axes.every((axis, index) => axis === index) && cuts.every(({ step }) => step === 1);
    const optional = bare ? [] : [axes, cuts.map(({ step }) => step)];
    return {
      draw: (random) => ({ x: draw(random, dims) }),
      build: (g, input) => {
        const numbers = [cuts.map(({ start }) => start), cuts.map(({ end }) => end), ...optional];
        return [g.op('Slice', [input('x'), ...numbers.map((each) => g.constant('numbers', longs(each)))])];
      },
    };
  },
);

/** A start within the axis and an end behind it in the step's direction, which may lie beyond the axis. */
function cutOf(length: number, range = { start: 0, span: 1, step: 1, fromEnd: false }) {
  const { span, step, fromEnd } = range;
  const start = ((range.start % length) + length) % length;
  const end = step > 0 ? start + span : start - span;
  const told = end < 0 ? -length - 1 : end;
  return { start: fromEnd ? start - length : start, end: told, step };
}

const gather = casesOf(
  'Gather',
  fc.record({ shape: shapeAndAxis(), indexDims: shapes({ maxRank: 2, maxLength: 3 }), isNegative: fc.boolean() }),
  ({ shape: { dims, axis }, indexDims, isNegative }) => {
    const length = dims.at(axis) ?? 1;
    return {
      draw: (random) => {
        const indices = drawLongs(random, indexDims, length);
        const i = isNegative ? { ...indices, data: indices.data.map((index) => index - BigInt(length)) } : indices;
        return { x: draw(random, dims), i };
      },
      build: (g, input) => [g.op('Gather', [input('x'), input('i')], { attributes: { axis } })],
    };
  },
);

const gatherElements = casesOf(
  'GatherElements',
  fc.record({ shape: shapeAndAxis(), length: fc.integer({ min: 1, max: 5 }) }),
  ({ shape: { dims, axis }, length }) => ({
    draw: (random) => ({ x: draw(random, dims), i: drawLongs(random, dims.with(axis, length), dims.at(axis) ?? 1) }),
    build: (g, input) => [g.op('GatherElements', [input('x'), input('i')], { attributes: { axis } })],
  }),
);

const pad = casesOf(
  'Pad',
  fc.record({
    dims: shapes({ minRank: 1, maxRank: 3, minLength: 2 }),
    before: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 3, maxLength: 3 }),
    after: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
    mode: fc.constantFrom('constant', 'constant', 'reflect', 'edge'),
    one: fc.boolean(),
  }),
  ({ dims, before, after, mode, one }) => {
    const axes = one ? [-1] : [...dims.keys()];
    // Only a constant may cut, and a reflection ends before the other side.
    const amount = (from: readonly number[]) =>
      axes.map((axis) => {
        const most = mode === 'reflect' ? (dims.at(axis) ?? 1) - 1 : 2;
        return Math.min(most, Math.max(mode === 'constant' ? -1 : 0, from[Math.abs(axis)] ?? 0));
      });
    const inputs = [
      longs([...amount(before), ...amount(after)]),
      floats([], [mode === 'constant' ? 1.5 : 0]),
      longs(axes),
    ];
    return {
      draw: (random) => ({ x: draw(random, dims) }),
      build: (g, input) => [
        g.op('Pad', [input('x'), ...inputs.slice(0, one ? 3 : 2).map((each) => g.constant('pad', each))], {
          attributes: { mode },
        }),
      ],
    };
  },
);

const trilu = casesOf(
  'Trilu',
  fc.record({ dims: shapes({ minRank: 2 }), diagonal: fc.integer({ min: -2, max: 2 }), upper: fc.nat(1) }),
  ({ dims, diagonal, upper }) => ({
    draw: (random) => ({ x: draw(random, dims) }),
    build: (g, input) => [
      g.op('Trilu', [input('x'), g.constant('k', { ...longs([diagonal]), dims: [] })], { attributes: { upper } }),
    ],
  }),
);

export const indexingCases: readonly OperatorCases[] = [slice, gather, gatherElements, pad, trilu];
