import type { DataErrorDetails } from '../../errors.ts';
import { formatWhole } from '../units.ts';
import { argument, because, clause, listOf, shapeText, suggestion } from './phrases.ts';
import type { Sentences } from './sentences.ts';

const workflowInvalid: Sentences<DataErrorDetails>['cost-workflow-invalid'] = (d) => {
  const step = d.step === '' ? [] : [`step '${d.step}'`];
  const key = d.key === '' ? [] : [`'${d.key}'`];
  const place = [...step, ...key].join(', ');
  return `${d.path}: ${place === '' ? '' : `${place}: `}${clause(d.problem)}${suggestion(d.value, d.known, 'known')}`;
};

export const dataMessages: Sentences<DataErrorDetails> = {
  'data-missing': (d) => `${d.path}: there is no data: ${clause(d.problem)}; check --data and --input`,
  'data-malformed': (d) =>
    `${d.path}: the data cannot be read${d.offset === null ? '' : ` at byte ${d.offset}`}: ${clause(d.problem)}; write the file again`,
  'data-unsupported': (d) =>
    `${d.path} cannot be used as data: ${clause(d.problem)}` +
    // Some problems come with their own cure.
    (d.problem.includes('; ') ? '' : '; write it again as .npy or .npz with plain numbers'),
  'data-unknown-input': (d) =>
    `${d.path} has '${d.name}', which is not an input of the model${suggestion(d.name, d.known, 'its inputs')}; rename or remove it`,
  'data-missing-input': (d) =>
    `${d.path} has no data for input '${d.input}' (found: ${listOf(d.found)}); add an array of that name or rename one`,
  'data-type-mismatch': (d) =>
    `${d.path}: input '${d.input}' holds ${d.found} where the model takes ${d.expected}; convert the array`,
  'data-shape-mismatch': (d) =>
    `${d.path}: input '${d.input}' has shape ${shapeText(d.found)} where the model takes ${shapeText(d.expected)}; reshape the array`,
  'data-not-finite': (d) =>
    `${d.path}: input '${d.input}' holds numbers that are not finite in sample ${d.sample}; repair or remove that sample`,
  'token-unknown': (d) =>
    `${d.path}: token id ${d.id} is beyond the vocabulary of ${d.model} (0 to ${d.vocabulary - 1}); give the --tokenizer that the model was made with`,
  'label-mismatch': (d) =>
    `${d.path}: the label is ${d.found}, but ${d.expected} is needed; correct the label or name another task with --task`,
  'label-out-of-range': (d) =>
    `${d.path}: the label ${d.label} is none of the model's ${d.classes} classes (0 to ${d.classes - 1}); correct the label`,
  'calibration-needed': (d) =>
    `${d.path} cannot be quantized without samples: ${clause(d.problem)}; give some with --data`,
  'calibration-not-finite': (d) =>
    `${d.path}: value '${d.value}' inside the model is not finite ${d.sample === null ? 'for some sample' : `for sample ${d.sample}`}, so that it has no range; ` +
    'look at the model on that input, or remove it from the data',
  'activations-not-finite': (d) =>
    `${d.path}: ${d.samples === 1 ? 'the one sample makes' : `all ${formatWhole(d.samples)} samples make`} numbers inside the model that are not finite, as in value '${d.value}', so that nothing can be ranked or refitted; ` +
    'look at the model on one of them, or give other data',
  'calibration-cache-mismatch': (d) =>
    `${d.path} holds the calibration of something else: ${clause(d.problem)}; remove it, or give another --calibration-cache`,
  'journal-malformed': (d) =>
    `${d.path} is no journal of a gate that could be continued${because(d.problem)}; run the gate without --resume`,
  'baseline-malformed': (d) =>
    `${d.path} is no baseline of infer gate; restore it from version control, or write it anew with --update-baseline`,
  'result-malformed': (d) =>
    `${d.path} is not a result that can be read: ${clause(d.problem)}; give a JSON file written by infer with --json or -o`,
  'cost-no-points': (d) =>
    `${d.path} holds no point that was measured (${d.failed} failed, ${d.skipped} skipped), so that nothing can be costed; ` +
    `see why with infer report ${argument(d.path)}, then measure again: infer bench ${argument(d.model)} --batch 1-32*2 -o ${argument(d.path)}`,
  'cost-no-batches': (d) =>
    `${d.path} measured ${d.model} at batch ${d.batch} alone, and what batching saves is part of its cost; ` +
    `measure several: infer bench ${argument(d.model)} --batch 1-32*2${conditions(d)} -o ${argument(d.path)}`,
  'trace-malformed': (d) =>
    `${d.path}${d.line === null ? '' : `, line ${d.line}`}: the trace of arrivals cannot be played: ${clause(d.problem)}` +
    // Some problems come with their own cure.
    (d.problem.includes('; ') ? '' : d.line === null ? '; give a longer one' : '; correct or remove that row'),
  'cost-prices-malformed': (d) =>
    `${d.path}${d.row === '' ? '' : `, ${d.row}`}: the price list cannot be used: ${clause(d.problem)}` +
    suggestion(d.name, d.known, 'known') +
    // Some problems come with their own cure.
    (d.known.length > 0 || d.problem.includes('; ') ? '' : '; correct that row'),
  'cost-workflow-invalid': workflowInvalid,
  'result-too-new': (d) =>
    `${d.path} has result format ${d.found}, and this version reads up to ${d.supported}; update infer`,
};

/** Of written text the lengths have flags of their own. */
function lengthFlag(name: string, value: number): string {
  if (name === 'prompt_tokens' || name === 'new_tokens') return `--${name.replace('_', '-')} ${value}`;
  return `--dim ${argument(`${name}=${value}`)}`;
}

/** Flags that measure under the same conditions again. */
function conditions({ ep, threads, instances, dims }: DataErrorDetails['cost-no-batches']): string {
  const flags = [
    ...(ep === 'cpu' ? [] : [`--ep ${ep}`]),
    `--threads ${threads}`,
    ...(instances === 1 ? [] : [`--instances ${instances}`]),
    ...Object.entries(dims).map(([name, value]) => lengthFlag(name, value)),
  ];
  return flags.map((flag) => ` ${flag}`).join('');
}
