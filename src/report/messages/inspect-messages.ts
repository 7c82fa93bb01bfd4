import type { InspectWarningDetails } from '../../inspect/inspect-warning.ts';
import type { PruningObstacle } from '../../inspect/pruning-obstacle.ts';
import type { QuantizationObstacle } from '../../inspect/suitability.ts';
import { count, formatBytes, formatWhole } from '../units.ts';
import { listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

const initializersAsInputs: Sentences<InspectWarningDetails>['initializers-as-inputs'] = (d) =>
  `${count(d.count, 'constant')} ${d.count === 1 ? 'is' : 'are'} listed among the inputs, ` +
  (d.irVersion < 4
    ? `as IR version ${d.irVersion} asks for; infer optimize takes them out of there`
    : 'so callers may override them and the runtime cannot fold them; infer optimize takes them out of there');

const macsIncomplete: Sentences<InspectWarningDetails>['macs-incomplete'] = (d) => {
  const reasons = [
    ...(d.shape === 0 ? [] : [`${formatWhole(d.shape)} of unknown shape`]),
    ...(d.tripCount === 0 ? [] : [`${formatWhole(d.tripCount)} repeated an unknown number of times`]),
    ...(d.operator === 0 ? [] : [`${formatWhole(d.operator)} of an operator that is not known here`]),
  ];
  const cure = d.shape === 0 ? 'to know its cost, measure it with infer bench' : 'give lengths with --dim';
  return `the MACs lack ${count(d.nodes, 'node')} (${reasons.join(', ')}); ${cure}`;
};

export const inspectWarningMessages: Sentences<InspectWarningDetails> = {
  'opset-too-old': (d) =>
    `opset ${d.version} is older than ${d.oldest}, the oldest that onnxruntime promises to run; export the model again, or try infer optimize --opset 21`,
  'opset-too-new': (d) =>
    `opset ${d.version} is newer than ${d.newest}, the newest that this onnxruntime knows; export the model at opset ${d.newest} or below`,
  'ir-version-too-new': (d) =>
    `IR version ${d.version} is newer than ${d.newest}, the newest that this onnxruntime reads; save the model with an older onnx package`,
  'opset-below-quantization': (d) =>
    `opset ${d.version} has no quantization by channel, which came with ${d.needed}; before quantizing, upgrade with infer optimize --opset ${d.needed}`,
  'slow-type': (d) =>
    `${count(d.tensors, 'constant')} (${formatBytes(d.bytes)}) ${d.tensors === 1 ? 'is' : 'are'} ${d.type}, which the CPU computes slowly or through casts; for the CPU export the model in float32`,
  'external-data': (d) =>
    `${formatBytes(d.bytes)} lie in ${count(d.files.length, 'data file')} beside the model (${listOf(d.files)}); move and copy them with it`,
  'nodes-unsorted': (d) =>
    `nodes of ${count(d.graphs, 'graph')} come before what they read, which ONNX forbids and not every program accepts; infer optimize puts them in order`,
  'initializers-as-inputs': initializersAsInputs,
  'domain-not-imported': (d) =>
    `${count(d.nodes, 'node')} ${d.nodes === 1 ? 'is' : 'are'} of domain '${d.domain}', for which the model names no opset; export it again`,
  'custom-operators': (d) =>
    `${count(d.nodes, 'node')} of domain '${d.domain}' (${listOf(d.operators)}) ${d.nodes === 1 ? 'needs' : 'need'} a library of custom operators, without which the model does not run; export it with standard operators`,
  'dimensions-open': (d) =>
    `figures lack what depends on ${listOf(d.dimensions)}; give ${d.dimensions.length === 1 ? 'its length' : 'their lengths'} with --dim ${d.dimensions[0] ?? 'NAME'}=N`,
  'macs-incomplete': macsIncomplete,
  'peak-incomplete': (d) =>
    `the peak of activations lacks ${count(d.values, 'value')} of unknown size; give lengths with --dim`,
  'duplicates-skipped': (d) =>
    `${formatBytes(d.bytes)} of constants that share type and shape with others were not compared, to be quick; infer optimize finds all that are equal`,
};

const quantizationObstacles: Readonly<Record<QuantizationObstacle, string>> = {
  'weight-not-constant':
    'the weight is made while the model runs, as in the products inside attention; leave it, or quantize both factors with calibration data',
  'already-quantized': 'quantized already; nothing is left to do',
  'weight-type': 'the weight is neither float32 nor a 16-bit float; export the model in float32 first',
  'too-small': 'the weight is so small that quantizing and back takes longer than it saves; leave it in float',
  depthwise: 'one filter a channel (depthwise), where int8 gains nothing worth having on a CPU; leave it in float',
  'no-integer-kernel':
    'onnxruntime has no integer kernel for it (recurrent, transposed or deformable), so it would run in float between the quantizers; leave it in float',
  'in-control-flow': 'a convolution inside a Loop or Scan, whose values calibration does not see; leave it in float',
  'no-weight': 'it has no weight of its own; what it reads decides its type',
};

const pruningObstacles: Readonly<Record<PruningObstacle, string>> = {
  'no-channels': 'no output channels of its own to take out (embedding, attention, recurrent or quantized); leave it',
  'weight-not-constant': 'the weight is made while the model runs; prune the layers that make it',
  'in-control-flow':
    'inside an If, Loop or Scan; try infer optimize, which takes out an If whose condition is constant',
  grouped: 'a grouped convolution ties output channels to input channels; prune whole groups only',
  'graph-output': 'the model returns its channels, and callers count on their number; leave it',
  'tied-to-others': 'its channels are added to or joined with those of other layers, which would have to lose the same',
  'feeds-other-operator': 'an operator that reads it may mix channels or depend on their number; look at what follows',
};

export type Rewrite = 'quantization' | 'pruning';

/** Why a layer cannot be served, and what then; the code itself when another version of infer wrote it. */
export function describeObstacle(rewrite: Rewrite, code: string): string {
  const sentences: Readonly<Record<string, string>> =
    rewrite === 'quantization' ? quantizationObstacles : pruningObstacles;
  return Object.hasOwn(sentences, code) ? (sentences[code] ?? code) : code;
}
