import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import type { NdArray } from './nd-array.ts';
import { axisOf, broadcastAt, element, fill } from './nd-array.ts';
import type { NodeCall, ReferenceOp, ReferenceOps } from './reference-op.ts';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]): number => mean(values.map((x) => (x - mean(values)) ** 2));

/** Replaces every line along an axis by a function of it. */
function alongAxis({ node, input }: NodeCall, result: (line: readonly number[]) => readonly number[]): NdArray {
  const x = input(0);
  const axis = axisOf(node.int('axis', -1), x);
  const length = x.dims[axis] ?? 1;
  const inner = elementCount(x.dims.slice(axis + 1));
  const data = new Float64Array(x.data.length);
  for (let start = 0; start < data.length; start++) {
    if (Math.floor(start / inner) % length !== 0) continue;
    const places = Array.from({ length }, (_, i) => start + i * inner);
    const line = result(places.map((place) => element(x.data, place)));
    for (const [i, place] of places.entries()) data[place] = line[i] ?? Number.NaN;
  }
  return { dims: x.dims, data };
}

function logSoftmax(line: readonly number[]): readonly number[] {
  const most = Math.max(...line);
  const sum = most + Math.log(line.reduce((total, x) => total + Math.exp(x - most), 0));
  return line.map((x) => x - sum);
}

/** Mean and variance over all axes from one on; scale and bias broadcast to X. */
const layerNormalization: ReferenceOp = ({ node, input, optional }) => {
  const [x, scale, bias] = [input(0), input(1), optional(2)];
  const axis = axisOf(node.int('axis', -1), x);
  const epsilon = node.float('epsilon', Math.fround(1e-5));
  const size = elementCount(x.dims.slice(axis));
  const groups = Array.from({ length: x.data.length / size }, (_, i) => [...x.data.subarray(i * size, (i + 1) * size)]);
  const means = groups.map(mean);
  const inverse = groups.map((group) => 1 / Math.sqrt(variance(group) + epsilon));
  let offset = 0;
  const y = fill(x.dims, (index) => {
    const group = Math.floor(offset / size);
    const normalized = (element(x.data, offset++) - (means[group] ?? 0)) * (inverse[group] ?? 0);
    return normalized * broadcastAt(scale, index) + (bias === null ? 0 : broadcastAt(bias, index));
  });
  const statistics = x.dims.map((dim, at) => (at < axis ? dim : 1));
  const told = [means, inverse].map((numbers): NdArray => ({ dims: statistics, data: Float64Array.from(numbers) }));
  return [y, ...told];
};

/** As the form above, without the mean and the bias. */
const rmsNormalization: ReferenceOp = ({ node, input }) => {
  const [x, scale] = [input(0), input(1)];
  const axis = axisOf(node.int('axis', -1), x);
  const epsilon = node.float('epsilon', Math.fround(1e-5));
  const size = elementCount(x.dims.slice(axis));
  let offset = 0;
  const y = fill(x.dims, (index) => {
    const start = Math.floor(offset / size) * size;
    const square = mean([...x.data.subarray(start, start + size)].map((each) => each ** 2));
    return (element(x.data, offset++) / Math.sqrt(square + epsilon)) * broadcastAt(scale, index);
  });
  return [y];
};

/** The form of inference: the running statistics are inputs. */
const batchNormalization: ReferenceOp = ({ node, input }) => {
  const [x, scale, bias, average, spread] = [input(0), input(1), input(2), input(3), input(4)];
  const epsilon = node.float('epsilon', Math.fround(1e-5));
  return [
    fill(x.dims, (index) => {
      const c = index[1] ?? 0;
      const normalized =
        (broadcastAt(x, index) - element(average.data, c)) / Math.sqrt(element(spread.data, c) + epsilon);
      return normalized * element(scale.data, c) + element(bias.data, c);
    }),
  ];
};

/** Each sample's channels in groups, each group normalized by itself; scale and bias by channel. */
function groupNormalization(groupsOf: (call: NodeCall, channels: number) => number): ReferenceOp {
  return (call) => {
    const [x, scale, bias] = [call.input(0), call.input(1), call.input(2)];
    const [batch = 0, channels = 0, ...spatial] = x.dims;
    const groups = groupsOf(call, channels);
    const epsilon = call.node.float('epsilon', Math.fround(1e-5));
    const size = (channels / groups) * elementCount(spatial);
    const data = new Float64Array(x.data.length);
    for (let group = 0; group < batch * groups; group++) {
      const values = [...x.data.subarray(group * size, (group + 1) * size)];
      const [average, deviation] = [mean(values), Math.sqrt(variance(values) + epsilon)];
      for (const [i, value] of values.entries()) {
        const place = group * size + i;
        const c = Math.floor(place / elementCount(spatial)) % channels;
        data[place] = ((value - average) / deviation) * element(scale.data, c) + element(bias.data, c);
      }
    }
    return [{ dims: x.dims, data }];
  };
}

export const normalizationOps: ReferenceOps = {
  Softmax: (call) => [alongAxis(call, (line) => logSoftmax(line).map(Math.exp))],
  LogSoftmax: (call) => [alongAxis(call, logSoftmax)],
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  BatchNormalization: batchNormalization,
  InstanceNormalization: groupNormalization((_, channels) => channels),
  // From opset 21 on, where scale and bias are by channel.
  GroupNormalization: groupNormalization(({ node }) => node.int('num_groups', 1)),
};
