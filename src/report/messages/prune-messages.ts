import type { PruneWarning } from '../../prune/prune-warning.ts';
import { count, formatNumber, formatPercent } from '../units.ts';
import { judgedWarningMessages } from './judged-messages.ts';
import { clause, listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

type PruneWarningDetails = { readonly [W in PruneWarning as W['code']]: W['details'] };

/** What zeros are good for. */
export const sizeOnlyText = 'download size only; onnxruntime runs it at dense speed; 2:4 speeds up only under TensorRT';

const refitProblems: Readonly<Record<string, string>> = {
  singular: 'the inputs there vary too little',
  'not-finite': 'the inputs there are not finite for any sample',
  'not-measured': 'the runtime could not add up what they read',
};

export const pruneWarningMessages: Sentences<PruneWarningDetails> = {
  ...judgedWarningMessages,
  'not-reconstructed': () =>
    'nothing was refitted, for there were no samples to refit on; give some with --data: a few hundred without labels will do',
  'size-only': () => sizeOnlyText,
  'not-refitted': (d) =>
    `${count(d.nodes.length, 'layer')} could not be refitted, for ${refitProblems[d.problem] ?? clause(d.problem)}: ${listOf(d.nodes)}; give other data, or more`,
  'no-gradient': (d) =>
    `${count(d.groups.length, 'group')} ${d.groups.length === 1 ? 'was' : 'were'} ranked by weights, for no gradient reaches ${d.groups.length === 1 ? 'it' : 'them'}: ${listOf(d.groups)}; another --score treats all alike`,
  'not-distilled': (d) =>
    `${count(d.epochs, 'epoch')} of distillation brought the model no closer to the original, and what they changed was left out; give more --data, or other epochs`,
  'share-rounded': (d) =>
    `${formatPercent(d.reached)} went where ${formatPercent(d.asked)} were asked for, as widths are kept multiples of ${d.roundTo}; --round-to allows others, which onnxruntime may run slowly`,
  'target-out-of-reach': (d) =>
    `${flagOf(d.goal)} ${d.limit} is out of reach: the closest that was found is ${clause(d.closest)}; ask for less, allow more with --max-drop, or train with --distill`,
  'no-room': (d) =>
    `none of ${count(d.candidates, 'candidate')} from ${count(d.groups, 'group')} is smaller and within --max-drop ${d.maxDrop}: the model has nothing to spare; allow more, or train with --distill`,
  'mask-differs': (d) =>
    `removing units and masking them differ by ${formatNumber(d.error)} of the outputs, more than rounding would: do not use what was written, and report it as a bug`,
};

/** A goal as it is written on the command line. */
function flagOf(goal: string): string {
  return goal.startsWith('--') ? goal : `--${goal}`;
}
