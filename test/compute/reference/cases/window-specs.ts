import fc from 'fast-check';

/** Of one spatial axis. */
export interface AxisSpec {
  readonly length: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** An axis that a kernel fits on; padding is smaller than the kernel, as the pooling operators ask for. */
function axes(longest: number): fc.Arbitrary<AxisSpec> {
  return fc
    .record({
      kernel: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      before: fc.nat(2),
      after: fc.nat(2),
      more: fc.nat(longest),
    })
    .map(({ more, ...axis }) => {
      const [before, after] = [Math.min(axis.before, axis.kernel - 1), Math.min(axis.after, axis.kernel - 1)];
      // No window lies in the padding alone.
      const least = Math.max(axis.dilation, (axis.kernel - 1) * axis.dilation + 1 - before - after);
      return { ...axis, before, after, length: least + more };
    });
}

/** One, two or three spatial axes: the more, the shorter. */
export function spatialAxes(): fc.Arbitrary<readonly AxisSpec[]> {
  return fc
    .constantFrom({ rank: 1, longest: 6 }, { rank: 2, longest: 3 }, { rank: 2, longest: 3 }, { rank: 3, longest: 1 })
    .chain(({ rank, longest }) => fc.array(axes(longest), { minLength: rank, maxLength: rank }));
}

export const autoPads = fc.constantFrom('NOTSET', 'NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID');

/** Of some axes, what is asked of the operator and of its input. */
export function windowSpec(drawn: readonly AxisSpec[], autoPad: string) {
  // onnxruntime knows SAME without dilations only, and no stride beyond the kernel with it.
  const isSame = autoPad.startsWith('SAME');
  const axes = drawn.map((axis) =>
    isSame ? { ...axis, dilation: 1, stride: Math.min(axis.stride, axis.kernel) } : axis,
  );
  const of = (key: keyof AxisSpec): readonly number[] => axes.map((axis) => axis[key]);
  const pads = [...of('before'), ...of('after')];
  return {
    kernel: of('kernel'),
    strides: of('stride'),
    dilations: of('dilation'),
    pads,
    /** A kernel fits on them, with the padding where it is explicit. */
    lengths: axes.map(({ length, before, after }) => (autoPad === 'NOTSET' ? length : length + before + after)),
    attributes: {
      kernel_shape: of('kernel'),
      strides: of('stride'),
      dilations: of('dilation'),
      ...(autoPad === 'NOTSET' ? { pads } : { auto_pad: autoPad }),
    },
  };
}
