import type { QuantizeWarning } from '../../quantize/quantize-warning.ts';
import { count } from '../units.ts';
import { judgedWarningMessages } from './judged-messages.ts';
import { listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

type QuantizeWarningDetails = { readonly [W in QuantizeWarning as W['code']]: W['details'] };

export const quantizeWarningMessages: Sentences<QuantizeWarningDetails> = {
  ...judgedWarningMessages,
  'synthetic-calibration': () =>
    'ranges were taken from made-up inputs, and real ones may lie elsewhere; give samples of what the model will see with --data',
  'never-executed': (d) =>
    `${count(d.nodes.length, 'node')} ${d.nodes.length === 1 ? 'was' : 'were'} never run by the samples and ${d.nodes.length === 1 ? 'stays' : 'stay'} in float: ${listOf(d.nodes.map((node, i) => `${node} ('${d.values[i] ?? ''}')`))}; give data that take that branch`,
  'constant-activations': (d) =>
    `${count(d.values.length, 'value')} inside the model ${d.values.length === 1 ? 'was' : 'were'} the same for all samples: ${listOf(d.values)}; give data that differ more`,
  'not-fused': (d) =>
    `${count(d.nodes.length, 'quantized node')} ${d.nodes.length === 1 ? 'runs' : 'run'} in float between quantizers once loaded: ${listOf(d.nodes)}; leave ${d.nodes.length === 1 ? 'it' : 'them'} out with --exclude`,
  'range-reduced': () =>
    'products of 8-bit numbers saturate on this processor, so weights were kept to 7 bits; --no-reduce-range gives them 8, where the model runs on one with VNNI',
  'target-not-measured': (d) =>
    `speed was not judged, for target ${d.target} cannot be measured on this machine; run infer bench on both models there`,
};
