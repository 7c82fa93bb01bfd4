import type { QuantizeWarning } from '../../quantize/quantize-warning.ts';
import { count, formatWhole } from '../units.ts';
import { clause, listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

type QuantizeWarningDetails = { readonly [W in QuantizeWarning as W['code']]: W['details'] };

export const quantizeWarningMessages: Sentences<QuantizeWarningDetails> = {
  'synthetic-calibration': () =>
    'ranges were taken from made-up inputs, and real ones may lie elsewhere; give samples of what the model will see with --data',
  'quality-unknown': (d) =>
    `nothing vouches for its quality: outputs were ${d.compared ? 'compared on made-up inputs alone' : 'not compared'}; give samples with --data, best with labels`,
  'never-executed': (d) =>
    `${count(d.nodes.length, 'node')} ${d.nodes.length === 1 ? 'was' : 'were'} never run by the samples and ${d.nodes.length === 1 ? 'stays' : 'stay'} in float: ${listOf(d.nodes)}; give data that take that branch`,
  'constant-activations': (d) =>
    `${count(d.values.length, 'value')} inside the model ${d.values.length === 1 ? 'was' : 'were'} the same for all samples: ${listOf(d.values)}; give data that differ more`,
  undecided: (d) =>
    `the noise of the machine or too few samples left undecided: ${listOf(d.goals)}; the best candidate was written all the same: give more data or a longer --budget`,
  'not-fused': (d) =>
    `${count(d.nodes.length, 'quantized node')} ${d.nodes.length === 1 ? 'runs' : 'run'} in float between quantizers once loaded: ${listOf(d.nodes)}; leave ${d.nodes.length === 1 ? 'it' : 'them'} out with --exclude`,
  'candidate-failed': (d) => `candidate '${d.candidate}' was left out: ${clause(d.problem)}`,
  'range-reduced': () =>
    'products of 8-bit numbers saturate on this processor, so weights were kept to 7 bits; --no-reduce-range gives them 8, where the model runs on one with VNNI',
  'target-not-measured': (d) =>
    `speed was not judged, for target ${d.target} cannot be measured on this machine; run infer bench on both models there`,
  'few-samples': (d) =>
    `${count(d.samples, 'sample')} ${d.samples === 1 ? 'is' : 'are'} few for ranges to be trusted; give ${formatWhole(d.wanted)} or more`,
};
