import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { SpatialWindow } from './spatial-window.ts';
import { stridedSlice } from './strided-slice.ts';

interface Spread {
  /** What is spread: [batch, outputs, ...places]. */
  readonly y: Expr;
  /** [outputs, channels / groups, ...kernel] */
  readonly weight: Expr;
  readonly groups: number;
  readonly window: SpatialWindow;
}

/**
 * The transpose of a convolution: adds each place's value, times the kernel, to what the kernel reads there.
 * Returns [batch, channels, ...image]; elements that no place reads are 0.
 */
export function spread(e: Expressions, options: Spread): Expr {
  return isConvolution(options) ? convolve(e, options) : spreadOut(e, options);
}

/**
 * Without strides it is a convolution with the kernel turned round, which onnxruntime's processor provider does as fast
 * as the forward one; its ConvTranspose takes up to four times as long with groups. Where few channels come out of many,
 * the convolution copies much for little.
 */
function isConvolution({ weight, window }: Spread): boolean {
  const [outputs = 1, perGroup = 1] = weight.dims;
  const isPossible = window.every(
    ({ stride, reach, before, after }) => stride === 1 && before < reach && after < reach,
  );
  const isPoint = window.every(({ kernel }) => kernel === 1);
  return isPossible && (isPoint || perGroup === 1 || 4 * perGroup > outputs);
}

function convolve(e: Expressions, { y, weight, groups, window }: Spread): Expr {
  const kernel = turned(e, weight, groups);
  return e.op('Conv', [y, kernel], {
    type: y.type,
    dims: [y.dims[0] ?? 1, kernel.dims[0] ?? 1, ...window.map(({ image }) => image)],
    attributes: {
      dilations: window.map(({ dilation }) => dilation),
      pads: [
        ...window.map(({ reach, before }) => reach - 1 - before),
        ...window.map(({ reach, after }) => reach - 1 - after),
      ],
      group: groups,
    },
  });
}

/** Inputs and outputs of each group exchanged, and the kernel turned round. */
function turned(e: Expressions, weight: Expr, groups: number): Expr {
  const [outputs = 1, perGroup = 1, ...kernel] = weight.dims;
  const flipped = stridedSlice(
    e,
    weight,
    kernel.map((length, index) => ({ axis: index + 2, start: length - 1, step: length === 1 ? 1 : -1, length })),
  );
  const grouped = e.reshape(flipped, [groups, outputs / groups, perGroup, ...kernel]);
  const swapped = e.transpose(grouped, [0, 2, 1, ...kernel.map((_, index) => index + 3)]);
  return e.reshape(swapped, [groups * perGroup, outputs / groups, ...kernel]);
}

function spreadOut(e: Expressions, { y, weight, groups, window }: Spread): Expr {
  return e.op('ConvTranspose', [y, weight], {
    type: y.type,
    dims: [y.dims[0] ?? 1, (weight.dims[1] ?? 1) * groups, ...window.map(({ image }) => image)],
    attributes: {
      strides: window.map(({ stride }) => stride),
      dilations: window.map(({ dilation }) => dilation),
      pads: [...window.map(({ before }) => before), ...window.map(({ after }) => Math.max(0, after))],
      output_padding: window.map(({ after }) => Math.max(0, -after)),
      group: groups,
    },
  });
}
