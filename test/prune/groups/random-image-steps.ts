import type { Item, RandomBench, Step } from './random-bench.ts';

function convolved(bench: RandomBench, { value, dims }: Item, channels: number, kernel = bench.pick([1, 3])): Item {
  const [n = 1, c = 1, height = 1, width = 1] = dims;
  const pad = kernel >> 1;
  const bias = bench.chance(0.7) ? [bench.weight([channels], 4)] : [];
  const inputs = [value, bench.weight([channels, c, kernel, kernel], c * kernel * kernel), ...bias];
  return { value: bench.op('Conv', inputs, { pads: [pad, pad, pad, pad] }), dims: [n, channels, height, width] };
}

const convolution: Step = (bench, from) => activated(bench, convolved(bench, from, bench.pick([4, 6, 8, 9])));

const activated: Step = (bench, { value, dims }) => {
  const op = bench.pick(['Relu', 'Sigmoid', 'HardSwish', 'LeakyRelu', 'Tanh', 'Identity', 'PRelu', 'Elu']);
  const slope = op === 'PRelu' ? [bench.weight([dims[1] ?? 1, 1, 1], 1)] : [];
  return { value: bench.op(op, [value, ...slope]), dims };
};

const normalized: Step = (bench, { value, dims }) => {
  const channels = dims[1] ?? 1;
  const of = () => bench.weight([channels], 1);
  if (bench.chance(0.3)) return { value: bench.op('InstanceNormalization', [value, of(), of()]), dims };
  const variance = bench.g.constant('var', {
    type: 'float32',
    dims: [channels],
    data: new Float32Array(channels).fill(1.5),
  });
  return { value: bench.op('BatchNormalization', [value, of(), of(), of(), variance]), dims };
};

/** Depthwise with one or two outputs a channel, or by whole groups. */
const grouped: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  const groups = bench.chance(0.5) ? channels : (([2, 3] as const).find((count) => channels % count === 0) ?? channels);
  const each = bench.pick([1, 2]);
  const inputs = channels / groups;
  const weight = bench.weight([groups * each, inputs, 3, 3], 9 * inputs);
  const made = bench.op('Conv', [value, weight, bench.weight([groups * each], 4)], {
    group: groups,
    pads: [1, 1, 1, 1],
  });
  return { value: made, dims: [n, groups * each, height, width] };
};

const residual: Step = (bench, from) => {
  const inner = activated(bench, convolved(bench, from, bench.pick([4, 8])));
  const back = convolved(bench, inner, from.dims[1] ?? 1);
  return { value: bench.op(bench.pick(['Add', 'Mul', 'Sub', 'Max']), [from.value, back.value]), dims: from.dims };
};

const branches: Step = (bench, from) => {
  const [left, right] = [convolution(bench, from), bench.chance(0.3) ? from : convolution(bench, from)];
  const [n = 1, , height = 1, width = 1] = from.dims;
  const value = bench.op('Concat', [left.value, right.value], { axis: bench.pick([1, -3]) });
  return { value, dims: [n, (left.dims[1] ?? 0) + (right.dims[1] ?? 0), height, width] };
};

/** Cut into pieces, of which one is worked on; joined again in another order. */
const split: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  if (channels < 4) return convolution(bench, { value, dims });
  const first = channels % 2 === 0 && bench.chance(0.5) ? channels / 2 : 2 + bench.random.integer(channels - 3);
  const sizes = first * 2 === channels && bench.chance(0.5) ? [] : [bench.ints([first, channels - first])];
  const [a = value, b = value] = bench.g.ops('Split', [value, ...sizes], { outputs: 2, attributes: { axis: 1 } });
  const left = activated(bench, { value: a, dims: [n, first, height, width] });
  if (first * 2 === channels && bench.chance(0.5)) return { value: bench.op('Mul', [left.value, b]), dims: left.dims };
  return { value: bench.op('Concat', [b, left.value], { axis: 1 }), dims };
};

const sliced: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  if (channels < 4) return convolution(bench, { value, dims });
  const start = bench.random.integer(channels - 2);
  const end = start + 2 + bench.random.integer(channels - start - 1);
  const bounds = [[start], [bench.chance(0.5) ? end : end - channels || 1000], [1]].map((list) => bench.ints(list));
  return { value: bench.op('Slice', [value, ...bounds]), dims: [n, Math.min(end, channels) - start, height, width] };
};

const gathered: Step = (bench, { value, dims }) => {
  const order = bench.random.shuffle(Array.from({ length: dims[1] ?? 1 }, (_, index) => index));
  const chosen = bench.chance(0.5) ? order : order.slice(0, Math.max(2, order.length >> 1));
  return { value: bench.op('Gather', [value, bench.ints(chosen)], { axis: 1 }), dims: dims.with(1, chosen.length) };
};

const attended: Step = (bench, from) => {
  const [n = 1, channels = 1] = from.dims;
  const pooled = bench.chance(0.5)
    ? bench.op('GlobalAveragePool', [from.value])
    : bench.op('ReduceMean', [from.value], { axes: [2, 3], keepdims: 1 });
  const inner = convolved(bench, { value: pooled, dims: [n, channels, 1, 1] }, 4, 1);
  const scale = convolved(bench, { value: bench.op('Relu', [inner.value]), dims: inner.dims }, channels, 1);
  return { value: bench.op('Mul', [from.value, bench.op('HardSigmoid', [scale.value])]), dims: from.dims };
};

const pooled: Step = (bench, { value, dims }) => {
  const op = bench.pick(['MaxPool', 'AveragePool']);
  return { value: bench.op(op, [value], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }), dims };
};

const resized: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  if (height > 4) return pooled(bench, { value, dims });
  const to = [n, channels, height * 2, width * 2];
  const scales = bench.g.constant('scales', { type: 'float32', dims: [4], data: Float32Array.of(1, 1, 2, 2) });
  const how = bench.chance(0.5) ? [null, scales] : [null, null, bench.ints(to)];
  return { value: bench.op('Resize', [value, ...how], { mode: 'nearest' }), dims: to };
};

const transposed: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  if (height > 4) return convolution(bench, { value, dims });
  const isDepthwise = bench.chance(0.4);
  const outputs = isDepthwise ? channels : bench.pick([4, 6]);
  const weight = bench.weight([channels, isDepthwise ? 1 : outputs, 2, 2], isDepthwise ? 4 : channels);
  const attributes = { strides: [2, 2], group: isDepthwise ? channels : 1 };
  const made = bench.op('ConvTranspose', [value, weight, bench.weight([outputs], 4)], attributes);
  return { value: made, dims: [n, outputs, height * 2, width * 2] };
};

const scaled: Step = (bench, { value, dims }) => {
  const channels = dims[1] ?? 1;
  const factor = bench.weight(
    bench.pick([
      [channels, 1, 1],
      [1, channels, 1, 1],
    ]),
    1,
  );
  return { value: bench.op(bench.pick(['Mul', 'Add', 'Min']), [factor, value]), dims };
};

const padded: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  const [begin, end] = [bench.random.integer(2), bench.random.integer(3)];
  const amounts = bench.ints([0, begin, 0, 0, 0, end, 0, 0]);
  return { value: bench.op('Pad', [value, amounts]), dims: [n, channels + begin + end, height, width] };
};

/** With channels last, as a matrix product needs them. */
const channelsLast: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  const turned = bench.op('Transpose', [value], { perm: [0, 2, 3, 1] });
  const made = bench.op('Add', [
    bench.op('MatMul', [turned, bench.weight([channels, 6], channels)]),
    bench.weight([6], 4),
  ]);
  return { value: bench.op('Transpose', [made], { perm: [0, 3, 1, 2] }), dims: [n, 6, height, width] };
};

const pixelsFirst: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  if (bench.chance(0.5) && height % 2 === 0) {
    const made = bench.op('SpaceToDepth', [value], { blocksize: 2 });
    return { value: made, dims: [n, channels * 4, height / 2, width / 2] };
  }
  const wide = convolved(bench, { value, dims }, 12, 1);
  if (height > 4) return wide;
  const mode = bench.pick(['DCR', 'CRD']);
  return { value: bench.op('DepthToSpace', [wide.value], { blocksize: 2, mode }), dims: [n, 3, height * 2, width * 2] };
};

const shuffled: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  if (channels % 2 !== 0) return convolution(bench, { value, dims });
  const apart = bench.op('Reshape', [value, bench.ints([n, 2, channels / 2, height, width])]);
  const turned = bench.op('Transpose', [apart], { perm: [0, 2, 1, 3, 4] });
  return { value: bench.op('Reshape', [turned, bench.ints([0, -1, height, width])]), dims };
};

/** To a row of pixels and back, by numbers, by signs, or by lengths read while it runs. */
const reshaped: Step = (bench, { value, dims }) => {
  const [n = 1, channels = 1, height = 1, width = 1] = dims;
  const shape = bench.pick([
    [n, channels, height * width],
    [0, 0, -1],
    [0, channels, -1],
    [n, -1, height * width],
  ]);
  const flat = bench.op('Reshape', [value, bench.ints(shape)]);
  const lengths = bench.op('Shape', [flat]);
  const front = bench.op('Slice', [lengths, bench.ints([0]), bench.ints([2])]);
  const computed = bench.op('Concat', [front, bench.ints([height, width])], { axis: 0 });
  const back = bench.chance(0.5) ? computed : bench.ints([n, channels, height, width]);
  return { value: bench.op('Reshape', [bench.op('Relu', [flat]), back]), dims };
};

export const imageSteps: readonly Step[] = [
  convolution,
  convolution,
  normalized,
  grouped,
  grouped,
  residual,
  residual,
  branches,
  split,
  split,
  sliced,
  gathered,
  attended,
  pooled,
  resized,
  transposed,
  scaled,
  padded,
  channelsLast,
  pixelsFirst,
  shuffled,
  reshaped,
];
