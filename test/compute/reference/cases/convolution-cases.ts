import fc from 'fast-check';
import type { OperatorCases } from '../operator-case.ts';
import { casesOf, draw } from '../operator-case.ts';
import { autoPads, spatialAxes, windowSpec } from './window-specs.ts';

const few = fc.integer({ min: 1, max: 3 });

/** `perGroup` of 1 on both sides is a depthwise convolution. */
const channels = fc.oneof(
  fc.record({ batch: few, group: fc.constant(1), into: few, out: few }),
  fc.record({
    batch: few,
    group: fc.integer({ min: 2, max: 3 }),
    into: fc.constant(1),
    out: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ batch: fc.constant(1), group: fc.constant(2), into: fc.constant(2), out: fc.constant(2) }),
);

const conv = casesOf(
  'Conv',
  fc.record({ axes: spatialAxes(), autoPad: autoPads, channels, hasBias: fc.boolean() }),
  ({ axes, autoPad, channels: { batch, group, into, out }, hasBias }) => {
    const { lengths, kernel, attributes } = windowSpec(axes, autoPad);
    return {
      draw: (random) => ({
        x: draw(random, [batch, group * into, ...lengths]),
        w: draw(random, [group * out, into, ...kernel]),
        ...(hasBias ? { b: draw(random, [group * out]) } : {}),
      }),
      build: (g, input) => [
        g.op('Conv', [input('x'), input('w'), ...(hasBias ? [input('b')] : [])], {
          attributes: { group, ...attributes },
        }),
      ],
    };
  },
);

const convTranspose = casesOf(
  'ConvTranspose',
  fc.record({
    axes: spatialAxes(),
    channels,
    hasBias: fc.boolean(),
    outputPadding: fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }),
    sizing: fc.constantFrom('pads', 'pads', 'output_shape', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
  }),
  ({ axes, channels: { batch, group, into, out }, hasBias, outputPadding, sizing }) => {
    const { kernel, strides, dilations, pads } = windowSpec(axes, sizing);
    const small = axes.map(({ length }) => Math.min(length, 3));
    const output_padding = strides.map((stride, axis) => Math.min(outputPadding[axis] ?? 0, stride - 1));
    const full = small.map(
      (length, axis) => (strides[axis] ?? 1) * (length - 1) + ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1,
    );
    const sized = {
      pads: { pads: fitting(pads, full), output_padding },
      // onnx infers no shape for a result that is smaller than what it is made from.
      output_shape: { output_shape: full.map((length, axis) => Math.max(small[axis] ?? 1, length - 1)) },
      SAME_UPPER: { auto_pad: 'SAME_UPPER' },
      SAME_LOWER: { auto_pad: 'SAME_LOWER' },
      VALID: { auto_pad: 'VALID' },
    };
    return {
      draw: (random) => ({
        x: draw(random, [batch, group * into, ...small]),
        w: draw(random, [group * into, out, ...kernel]),
        ...(hasBias ? { b: draw(random, [group * out]) } : {}),
      }),
      build: (g, input) => [
        g.op('ConvTranspose', [input('x'), input('w'), ...(hasBias ? [input('b')] : [])], {
          attributes: { group, kernel_shape: kernel, strides, dilations, ...sized[sizing] },
        }),
      ],
    };
  },
);

/** Padding that leaves something of the result. */
function fitting(pads: readonly number[], full: readonly number[]): readonly number[] {
  const rank = full.length;
  const before = full.map((length, axis) => Math.min(pads[axis] ?? 0, Math.floor((length - 1) / 2)));
  const after = full.map((length, axis) => Math.min(pads[axis + rank] ?? 0, Math.floor((length - 1) / 2)));
  return [...before, ...after];
}

export const convolutionCases: readonly OperatorCases[] = [conv, convTranspose];
