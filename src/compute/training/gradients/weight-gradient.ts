import { elementCount } from '../../../onnx/dense-tensor.ts';
import type { Expr } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { SpatialWindow } from './spatial-window.ts';
import { stridedSlice } from './strided-slice.ts';

interface Correlation {
  /** What the kernel slid over: [batch, channels, ...image]. */
  readonly image: Expr;
  /** [batch, outputs, ...places] */
  readonly gradient: Expr;
  readonly groups: number;
  readonly window: SpatialWindow;
}

/**
 * Of a convolution's weight: each of its elements met each place once. Returns [outputs, channels / groups, ...kernel].
 *
 * Four ways to write it, each the fastest of those tried where it is chosen (onnxruntime's processor provider; a Conv
 * with the gradient as its kernel takes twice as long as these except with a channel a group and many places).
 */
export function weightGradient(e: Expressions, correlation: Correlation): Expr {
  const { image, gradient, groups, window } = correlation;
  const perGroup = (image.dims[1] ?? 1) / groups;
  const isSmall = elementCount(gradient.dims.slice(2)) <= fewPlaces && gradient.dims[1] === groups;
  if (groups > 1 && perGroup === 1) return isSmall ? channelSums(e, correlation) : channelwise(e, correlation);
  return perGroup < fewChannels || window.every(({ kernel }) => kernel === 1)
    ? fromColumns(e, correlation)
    : fromTaps(e, correlation);
}

/** Below this many channels a group, copying runs of an image's rows is faster than runs of its channels. */
const fewChannels = 16;

/** Up to this many places, a channel's sum of products is faster than a Conv of a sample's channel. */
const fewPlaces = 256;

/** A channel a group, one output each: what a tap reads, times the gradient, summed over all places. */
function channelSums(e: Expressions, { image, gradient, window }: Correlation): Expr {
  const padded = paddedChannelsLast(e, { image, groups: 1, window });
  const last = channelsLast(e, gradient, 1);
  const axes = [...last.dims.keys()].slice(0, -1);
  const sums = tapsOf(window).map((tap) =>
    e.reshape(e.reduceSum(e.mul(readBy(e, padded, { tap, window, first: 1 }), last), axes), [last.dims.at(-1) ?? 1, 1]),
  );
  return e.reshape(e.concat(sums, 1), [last.dims.at(-1) ?? 1, 1, ...window.map(({ kernel }) => kernel)]);
}

/** A channel a group: each sample's channels are convolved with their gradients, as so many groups of one Conv. */
function channelwise(e: Expressions, { image, gradient, window }: Correlation): Expr {
  const [batch = 1, channels = 1] = image.dims;
  const outputs = gradient.dims[1] ?? 1;
  const kernel = window.map((axis) => axis.kernel);
  const read = stridedSlice(
    e,
    image,
    window.map((axis, index) => ({ axis: index + 2, start: 0, step: 1, length: axis.image + Math.min(0, axis.after) })),
  );
  const products = e.op(
    'Conv',
    [
      e.reshape(read, [1, batch * channels, ...read.dims.slice(2)]),
      e.reshape(gradient, [batch * outputs, 1, ...gradient.dims.slice(2)]),
    ],
    {
      type: image.type,
      dims: [1, batch * outputs, ...kernel],
      attributes: {
        strides: window.map(({ dilation }) => dilation),
        dilations: window.map(({ stride }) => stride),
        pads: [...window.map(({ before }) => before), ...window.map(({ after }) => Math.max(0, after))],
        group: batch * channels,
      },
    },
  );
  return e.reduceSum(e.reshape(products, [batch, outputs, 1, ...kernel]), [0]);
}

/** What each tap reads becomes a row; one product a sample, then the sum over samples. */
function fromColumns(e: Expressions, { image, gradient, groups, window }: Correlation): Expr {
  const [batch = 1, channels = 1] = image.dims;
  const outputs = gradient.dims[1] ?? 1;
  const places = elementCount(gradient.dims.slice(2));
  const padded = e.pad(image, [0, 0, ...window.map(({ before }) => before)], [0, 0, ...extraOf(window)]);
  const rows = tapsOf(window).map((tap) =>
    e.reshape(readBy(e, padded, { tap, window, first: 2 }), [batch, groups, channels / groups, 1, places]),
  );
  const columns = e.reshape(e.concat(rows, 3), [batch, groups, (channels / groups) * rows.length, places]);
  const products = e.matmul(e.reshape(gradient, [batch, groups, outputs / groups, places]), e.swap(columns));
  const dims = [outputs, channels / groups, ...window.map(({ kernel }) => kernel)];
  return e.reshape(e.reduceSum(products, [0]), dims);
}

/** Channels last: what a tap reads of all samples is one matrix, and so one product a tap. */
function fromTaps(e: Expressions, { image, gradient, groups, window }: Correlation): Expr {
  const [batch = 1, channels = 1] = image.dims;
  const outputs = gradient.dims[1] ?? 1;
  const perGroup = channels / groups;
  const lead = groups === 1 ? [] : [groups];
  const count = batch * elementCount(gradient.dims.slice(2));
  const padded = paddedChannelsLast(e, { image, groups, window });
  const left = e.reshape(batchBehind(e, gradient, groups), [...lead, outputs / groups, count]);
  const products = tapsOf(window).map((tap) => {
    const read = e.reshape(readBy(e, padded, { tap, window, first: lead.length + 1 }), [...lead, count, perGroup]);
    return e.reshape(e.matmul(left, read), [outputs, perGroup, 1]);
  });
  return e.reshape(e.concat(products, 2), [outputs, perGroup, ...window.map(({ kernel }) => kernel)]);
}

function paddedChannelsLast(e: Expressions, { image, groups, window }: Omit<Correlation, 'gradient'>): Expr {
  const none = groups === 1 ? [0] : [0, 0];
  const before = window.map((axis) => axis.before);
  return e.pad(channelsLast(e, image, groups), [...none, ...before, 0], [...none, ...extraOf(window), 0]);
}

/** [batch, channels, ...image] to [groups, batch, ...image, channels / groups], without the groups where there is one. */
function channelsLast(e: Expressions, image: Expr, groups: number): Expr {
  const [batch = 1, channels = 1, ...spatial] = image.dims;
  if (groups === 1) return e.transpose(image, [0, ...spatial.map((_, index) => index + 2), 1]);
  const grouped = e.reshape(image, [batch, groups, channels / groups, ...spatial]);
  return e.transpose(grouped, [1, 0, ...spatial.map((_, index) => index + 3), 2]);
}

/** [batch, outputs, ...places] to [groups, outputs / groups, batch, ...places], without the groups where there is one. */
function batchBehind(e: Expressions, gradient: Expr, groups: number): Expr {
  const [batch = 1, outputs = 1, ...spatial] = gradient.dims;
  if (groups === 1) return e.transpose(gradient, [1, 0, ...spatial.map((_, index) => index + 2)]);
  const grouped = e.reshape(gradient, [batch, groups, outputs / groups, ...spatial]);
  return e.transpose(grouped, [1, 2, 0, ...spatial.map((_, index) => index + 3)]);
}

interface Tap {
  readonly tap: readonly number[];
  readonly window: SpatialWindow;
  /** Where the spatial axes begin. */
  readonly first: number;
}

/** What one tap of the kernel reads at all places of an image that is padded already. */
function readBy(e: Expressions, padded: Expr, { tap, window, first }: Tap): Expr {
  return stridedSlice(
    e,
    padded,
    window.map(({ dilation, stride, places }, index) => {
      return { axis: first + index, start: (tap[index] ?? 0) * dilation, step: stride, length: places };
    }),
  );
}

/** Positions in the kernel, the last axis fastest. */
function tapsOf(window: SpatialWindow): readonly (readonly number[])[] {
  return window.reduce<readonly (readonly number[])[]>(
    (taps, { kernel }) => taps.flatMap((tap) => Array.from({ length: kernel }, (_, index) => [...tap, index])),
    [[]],
  );
}

function extraOf(window: SpatialWindow): readonly number[] {
  return window.map(({ after }) => Math.max(0, after));
}
