import {
  dropoutMask,
  dropoutRatioToInput,
  gridSampleModes,
  impossible,
  renamed,
  roiAlignPlaces,
  splitCount,
} from './attribute-changes.ts';
import { dftAxisToInput, integersToInputs } from './attribute-to-input.ts';
import { clipBoundsToInputs, padValueToInput } from './bounds-to-inputs.ts';
import {
  batchNormalizationSpatial,
  batchNormalizationTraining,
  groupNormalizationChannels,
} from './normalization-changes.ts';
import type { OperatorChange } from './operator-change.ts';
import { ownBroadcasting, sequenceByAttribute, trainingByAttribute } from './oldest-changes.ts';
import { resizeEmptyScales, resizeModes, upsampleScalesToInput } from './resize-changes.ts';
import { matrixToAxis } from './softmax-axis.ts';

const reduceAxes = integersToInputs({ 1: 'axes' });

/**
 * What a version asks of the nodes of an operator, from version 7 on. What is not listed needs nothing: the version
 * only takes more types, adds an attribute whose default is the old meaning, or says the same in other words.
 */
const operatorChanges: Readonly<Record<string, Readonly<Record<number, readonly OperatorChange[]>>>> = {
  Add: { 7: [ownBroadcasting] },
  And: { 7: [ownBroadcasting] },
  BatchNormalization: { 7: [trainingByAttribute], 9: [batchNormalizationSpatial], 14: [batchNormalizationTraining] },
  Clip: { 11: [clipBoundsToInputs] },
  DFT: { 20: [dftAxisToInput] },
  Div: { 7: [ownBroadcasting] },
  Dropout: { 7: [trainingByAttribute], 10: [dropoutMask], 12: [dropoutRatioToInput] },
  Equal: { 7: [ownBroadcasting] },
  GRU: { 7: [sequenceByAttribute] },
  Gemm: { 7: [ownBroadcasting] },
  Greater: { 7: [ownBroadcasting] },
  GridSample: { 20: [gridSampleModes] },
  GroupNormalization: { 21: [groupNormalizationChannels] },
  Hardmax: { 13: [matrixToAxis] },
  LSTM: { 7: [sequenceByAttribute] },
  Less: { 7: [ownBroadcasting] },
  LogSoftmax: { 13: [matrixToAxis] },
  Mul: { 7: [ownBroadcasting] },
  Or: { 7: [ownBroadcasting] },
  PRelu: { 7: [ownBroadcasting] },
  Pad: { 11: [integersToInputs({ 1: 'pads' }), padValueToInput] },
  Pow: { 7: [ownBroadcasting] },
  RNN: { 7: [sequenceByAttribute] },
  ReduceL1: { 18: [reduceAxes] },
  ReduceL2: { 18: [reduceAxes] },
  ReduceLogSum: { 18: [reduceAxes] },
  ReduceLogSumExp: { 18: [reduceAxes] },
  ReduceMax: { 18: [reduceAxes] },
  ReduceMean: { 18: [reduceAxes] },
  ReduceMin: { 18: [reduceAxes] },
  ReduceProd: { 18: [reduceAxes] },
  ReduceSum: { 13: [reduceAxes] },
  ReduceSumSquare: { 18: [reduceAxes] },
  Resize: { 11: [resizeModes], 13: [resizeEmptyScales] },
  RoiAlign: { 16: [roiAlignPlaces] },
  Scan: { 9: [impossible('version 8 runs it for each sample of a batch apart')] },
  Scatter: { 11: [renamed('ScatterElements')] },
  Slice: { 10: [integersToInputs({ 1: 'starts', 2: 'ends', 3: 'axes' })] },
  Softmax: { 13: [matrixToAxis] },
  Split: { 13: [integersToInputs({ 1: 'split' })], 18: [splitCount] },
  Squeeze: { 13: [integersToInputs({ 1: 'axes' })] },
  Sub: { 7: [ownBroadcasting] },
  TopK: { 10: [integersToInputs({ 1: 'k' })] },
  Unsqueeze: { 13: [integersToInputs({ 1: 'axes' })] },
  Upsample: { 7: [impossible('version 6 has other scales')], 9: [upsampleScalesToInput], 10: [renamed('Resize')] },
  Xor: { 7: [ownBroadcasting] },
};

/** What a version of the standard operator set asks of an operator's nodes. */
export function changesOf(op: string, version: number): readonly OperatorChange[] {
  return Object.hasOwn(operatorChanges, op) ? (operatorChanges[op]?.[version] ?? []) : [];
}
