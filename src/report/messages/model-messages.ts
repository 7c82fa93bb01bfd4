import type { ModelErrorDetails } from '../../errors.ts';
import { count, formatBytes, formatWhole } from '../units.ts';
import { floatReasonText } from './float-reasons.ts';
import { blockLockText, lockReasonText } from './lock-reasons.ts';
import { clause } from './phrases.ts';
import type { Sentences } from './sentences.ts';

export const modelMessages: Sentences<ModelErrorDetails> = {
  'model-empty': (d) => `${d.path} is empty (0 bytes); export or download the model again`,
  'model-not-onnx': (d) =>
    `${d.path} is not an ONNX model: it holds ${d.looksLike}` +
    // Some formats come with their own cure.
    (d.looksLike.includes(': ') ? '' : '; give an .onnx file, or export the model to ONNX first'),
  'model-truncated': (d) =>
    `${d.path} is cut short or damaged at byte ${d.offset} of ${d.sizeBytes}: ${clause(d.problem)}; copy or download the model again`,
  'model-unsupported-operator': (d) =>
    `${d.path}: ${d.node === '' ? 'a node' : `node '${d.node}'`} uses operator ${d.domain === '' ? 'ai.onnx' : d.domain}.${d.operator}` +
    `${/^\d+$/.test(d.opset) ? ` (opset ${d.opset})` : ''}, which onnxruntime does not have for this provider; export with another opset or replace the node`,
  'model-rejected': (d) => `${d.path}: onnxruntime rejects the model: ${clause(d.problem)}; export it again`,
  'model-input-unsupported': (d) =>
    `${d.path}: input '${d.input}' cannot be fed: ${clause(d.problem)}; export the model with a tensor of another type there`,
  'model-malformed': (d) =>
    `${d.path} cannot be read at byte ${d.offset}: ${clause(d.problem)}; copy, download or export the model again`,
  'model-invalid': (d) =>
    `${d.path} is no valid ONNX model: ${d.where === '' ? '' : `${d.where}: `}${clause(d.problem)}; export it again`,
  'model-external-data': (d) =>
    `${d.path}: ${d.tensor === '' ? 'a tensor' : `tensor '${d.tensor}'`} keeps its data in '${d.location}', which cannot be used: ${clause(d.problem)}`,
  'model-too-large': (d) =>
    `${d.path}: ${formatBytes(d.sizeBytes)} in one file are more than the 2 GiB that onnxruntime reads: ${clause(d.problem)}; keep the tensors in a data file beside the model (infer optimize --external-data)`,
  'opset-unsupported': (d) =>
    `${d.path}: node '${d.node}' (${d.operator}) cannot be upgraded from opset ${d.from} to ${d.to}: ${clause(d.problem)}; export the model at that opset`,
  'batch-fixed': (d) =>
    `${d.path}: the batch cannot be made dynamic: ${d.node === '' ? '' : `node '${d.node}' (${d.operator}): `}${clause(d.problem)}; export the model with a dynamic batch`,
  'distill-mismatch': (d) =>
    `student ${d.student} and teacher ${d.teacher} do not fit together by ${clause(d.problem)}; give models that take and return the same`,
  'nothing-to-train': (d) => `${d.path} has no weights that can be trained: ${d.reasons.map(clause).join('; ')}`,
  'loss-not-finite': (d) =>
    `the loss is no number before the first step: student ${d.student} or teacher ${d.teacher} returns no finite numbers for ${d.sample}; look at what both return for it`,
  'nothing-to-quantize': (d) => {
    const reasons = Object.entries(d.reasons).toSorted(([, a], [, b]) => b - a);
    const texts = reasons.map(([reason, nodes]) => `${count(nodes, 'node')}: ${floatReasonText(reason).cause}`);
    return `${d.path} has nothing to quantize${texts.length === 0 ? '' : ` (${texts.join('; ')})`}; infer inspect tells what it is made of`;
  },
  'already-quantized': (d) =>
    `${d.path} is quantized already: node '${d.node}' is ${d.operator}; give the float model it was made from (prune, if at all, before quantizing)`,
  'nothing-to-prune': (d) =>
    `${d.path} has no ${d.wanted.join(' or ')} that can be pruned${lockTexts(d.locks)}; infer inspect tells what it is made of`,
  'blocks-carry-cache': (d) =>
    `${d.path}: no residual block can be dropped: ${d.blocks === 1 ? 'one' : formatWhole(d.blocks)} of them would take inputs or outputs of the model along, such as '${d.value}', which callers count on; prune --channels or --heads instead`,
  'no-blocks': (d) =>
    `${d.path} has ${d.removable === 0 ? 'no residual block' : `only ${count(d.removable, 'residual block')}`} that can be dropped, and --layers asks for ${d.asked}${blockTexts(d.locks)}; ${d.removable === 0 ? 'prune --channels or --heads instead' : 'ask for fewer'}`,
  'cache-mismatch': (d) =>
    `${d.path}: the cache does not hold together: ${cacheParts(d)}: ${clause(d.problem)}; export the model again, or measure single runs with --lm off`,
  'not-a-decoder': (d) =>
    `${d.path} cannot write text: ${clause(d.problem)}; leave --prompt-tokens and the like out, or give --lm off, to measure single runs`,
  'model-miscomputed': (d) =>
    `${d.path}: node '${d.node}'${d.nodes === 1 ? '' : ` (like ${count(d.nodes - 1, 'other')})`} reads ${d.channels} channels, a multiple of 3 but not of 4, ` +
    `which onnxruntime 1.30 computes wrong on ${d.ep}; write a model that it computes right with infer optimize --target webgpu`,
  'model-in-lfs': (d) =>
    `${d.ref} is kept in Git LFS, and its content cannot be had: ${clause(d.problem)}; install git-lfs (https://git-lfs.com) and run git lfs fetch origin ${d.name} first`,
};

/** Both tensors, as far as they are there. */
function cacheParts({ input, output }: ModelErrorDetails['cache-mismatch']): string {
  const parts = [input === null ? [] : [`input '${input}'`], output === null ? [] : [`output '${output}'`]];
  return parts.flat().join(' and ');
}

/** ` ('/fc': an output …; '/ln': …)` */
function lockTexts(locks: ModelErrorDetails['nothing-to-prune']['locks']): string {
  const texts = Object.entries(locks).map(([reason, node]) => {
    const { cause, cure } = lockReasonText(reason);
    return `'${node}': ${cause}${cure === null ? '' : `, ${cure}`}`;
  });
  return texts.length === 0 ? '' : ` (${texts.join('; ')})`;
}

function blockTexts(locks: ModelErrorDetails['no-blocks']['locks']): string {
  const reasons = Object.entries(locks).toSorted(([, a], [, b]) => b - a);
  const texts = reasons.map(([reason, blocks]) => `${count(blocks, 'block')}: ${blockLockText(reason)}`);
  return texts.length === 0 ? '' : ` (${texts.join('; ')})`;
}
