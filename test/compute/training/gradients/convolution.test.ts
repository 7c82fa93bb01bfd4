import { describe, expect, test } from 'vitest';
import type { PlainAttribute } from '../../../../src/onnx/graph-builder.ts';
import type { OperatorCase } from '../../reference/operator-case.ts';
import { draw } from '../../reference/operator-case.ts';
import { checkGradient } from '../gradient-check.ts';
import { problemsOf } from './problems-of.ts';

interface Shapes {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly bias?: number;
  readonly attributes?: Readonly<Record<string, PlainAttribute>>;
}

function caseOf(op: string, { x, w, bias = 0, attributes = {} }: Shapes): OperatorCase {
  return {
    seed: x.length + w.length,
    draw: (random) => ({
      x: draw(random, x),
      w: draw(random, w),
      ...(bias > 0 ? { b: draw(random, [bias]) } : {}),
    }),
    build: (g, input) => [g.op(op, [input('x'), input('w'), ...(bias > 0 ? [input('b')] : [])], { attributes })],
  };
}

// Small random shapes are checked beside these, in gradient-check-operators.test.ts: here, what they do not reach.
describe('Conv', () => {
  const cases: Readonly<Record<string, Shapes>> = {
    'many channels': { x: [2, 16, 4, 3], w: [3, 16, 3, 3], bias: 3, attributes: { pads: [1, 1, 1, 1] } },
    'many channels, strides and dilations': {
      x: [1, 17, 8, 6],
      w: [2, 17, 3, 2],
      attributes: { strides: [2, 3], dilations: [2, 1], pads: [1, 0, 2, 1] },
    },
    'many channels a group': { x: [2, 32, 3, 3], w: [4, 16, 2, 2], attributes: { group: 2 } },
    'many channels, one axis': { x: [2, 16, 7], w: [2, 16, 3], bias: 2, attributes: { strides: [2] } },
    'many channels, three axes': { x: [1, 16, 3, 2, 3], w: [1, 16, 2, 1, 2], attributes: { pads: [1, 0, 0, 0, 0, 1] } },
    'few channels into many': { x: [2, 1, 5, 4], w: [8, 1, 3, 3], attributes: { pads: [1, 1, 1, 1] } },
    'a point': { x: [2, 3, 4, 4], w: [5, 3, 1, 1], bias: 5 },
    'a point that skips the last elements': { x: [2, 3, 6, 6], w: [2, 3, 1, 1], attributes: { strides: [3, 4] } },
    'a point of each group': { x: [2, 4, 3, 3], w: [6, 2, 1, 1], attributes: { group: 2 } },
    'a channel a group, two outputs each, the end unread': {
      x: [2, 3, 6, 6],
      w: [6, 1, 3, 3],
      bias: 6,
      attributes: { group: 3, strides: [2, 2] },
    },
    'a channel a group, five taps': {
      x: [2, 3, 6, 5],
      w: [3, 1, 5, 5],
      attributes: { group: 3, pads: [2, 2, 2, 2], strides: [1, 2] },
    },
    'a channel a group, many places': {
      x: [1, 2, 20, 17],
      w: [2, 1, 3, 2],
      attributes: { group: 2, pads: [1, 0, 0, 1], dilations: [2, 1] },
    },
    'a channel a group, many places, the end unread': {
      x: [1, 2, 36, 36],
      w: [2, 1, 1, 3],
      attributes: { group: 2, strides: [2, 2] },
    },
    patches: { x: [2, 3, 8, 8], w: [4, 3, 4, 4], bias: 4, attributes: { strides: [4, 4] } },
    'padding beyond the kernel': { x: [2, 2, 3, 3], w: [2, 2, 2, 2], attributes: { pads: [3, 2, 2, 3] } },
    'padding beyond the kernel, strides': {
      x: [2, 2, 3, 3],
      w: [2, 2, 2, 2],
      attributes: { pads: [3, 2, 2, 3], strides: [2, 2] },
    },
  };
  test.each(Object.entries(cases))('%s', (_, shapes) =>
    expect(checkGradient(caseOf('Conv', shapes))).resolves.toBeUndefined(),
  );

  test('strides that do not fit the kernel are told', () => {
    const { x, w } = { x: [1, 1, 4, 4], w: [1, 1, 2, 2] };
    expect(problemsOf(caseOf('Conv', { x, w, attributes: { strides: [1] } }), { y0: [1, 1, 3, 3] })).toEqual([
      'its strides, dilations or pads do not fit its kernel',
    ]);
  });
});

describe('ConvTranspose', () => {
  const cases: Readonly<Record<string, Shapes>> = {
    'many channels': { x: [1, 2, 4, 3], w: [2, 16, 3, 3], bias: 16, attributes: { pads: [1, 1, 1, 1] } },
    'many channels a group': { x: [1, 4, 3, 2], w: [4, 16, 2, 2], attributes: { group: 2, strides: [2, 2] } },
    'a channel a group': {
      x: [2, 3, 3, 3],
      w: [3, 1, 3, 3],
      bias: 3,
      attributes: { group: 3, strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
    },
    'an output shape and its padding': {
      x: [1, 2, 4, 4],
      w: [2, 2, 4, 3],
      attributes: { strides: [2, 2], output_shape: [7, 8] },
    },
    'one axis': { x: [2, 3, 4], w: [3, 2, 3], bias: 2, attributes: { strides: [2] } },
  };
  test.each(Object.entries(cases))('%s', (_, shapes) =>
    expect(checkGradient(caseOf('ConvTranspose', shapes))).resolves.toBeUndefined(),
  );
});
