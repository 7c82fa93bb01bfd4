import { axisFrom } from './dimension.ts';
import { dataTypeOfNumber } from '../file/data-type-number.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { TensorInfo } from './tensor-info.ts';
import { tensorInfo, unknownInfo } from './tensor-info.ts';

/** Only the first output is common to all versions; the statistics of training are left unknown. */
export const batchNormalization: Rule = (node) => [tensorInfo(node.type(0), node.shape(0))];

/** The mean and the inverse deviation keep the axes before `axis`; the rest become 1. */
export const layerNormalization: Rule = (node) => {
  const statistics = statisticsOf(node);
  return [tensorInfo(node.type(0), node.shape(0)), statistics, statistics];
};

/** onnxruntime's, with the sum of input and skip as last output. */
export const skipLayerNormalization: Rule = (node) => {
  const output = tensorInfo(node.type(0), node.shape(0));
  return [output, unknownInfo, unknownInfo, output];
};

function statisticsOf(node: NodeView): TensorInfo {
  const input = node.shape(0);
  const axis = input && axisFrom(node.int('axis', -1), input.length);
  const shape = input && axis !== null ? input.map((dim, at) => (at < axis ? dim : 1)) : null;
  return tensorInfo(dataTypeOfNumber(node.int('stash_type', 1)), shape);
}
