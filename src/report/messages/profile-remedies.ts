import type { RemedyAdvice } from '../../profile/remedy-result.ts';
import { count, formatPercent } from '../units.ts';
import { listOf } from './phrases.ts';

type Remedies = { readonly [R in RemedyAdvice as R['remedy']]: { title: string; text: (advice: R) => string } };

const remedies: Remedies = {
  quantize: {
    title: 'Quantize',
    text: ({ share, details: { kernels, operators, to, integerInstructions } }) =>
      `${formatPercent(share)} of the time is in ${count(kernels, 'layer')} of float32 (${operatorsText(operators)}): ` +
      `try ${quantizeCommands[to]}${integerInstructions === false ? ', which gains less here, where nothing multiplies bytes natively' : ''}`,
  },
  prune: {
    title: 'Prune',
    text: ({ share, details: { operators } }) =>
      `${formatPercent(share)} of the time is in layers whose channels can be removed (${operatorsText(operators)}): try infer prune --channels 0.25`,
  },
  batch: {
    title: 'Batch',
    text: ({ share, details: { batch, overheadShare, weightShare } }) =>
      `${formatPercent(share)} of the time would not grow with the batch, which is ${batch} (${formatPercent(overheadShare)} starts kernels, ${formatPercent(weightShare)} reads weights): ` +
      `where requests can wait for one another, try a larger --batch`,
  },
  'fewer-threads': {
    title: 'Fewer threads',
    text: ({ share, details: { threads } }) =>
      `${count(threads, 'thread')} wait for one another ${formatPercent(share)} of the time: try fewer --threads, or stop what else wants the processor`,
  },
  'more-threads': {
    title: 'More threads',
    text: ({ share, details: { threads, usableCores } }) =>
      `${formatPercent(share)} of the time is arithmetic on ${count(threads, 'thread')}, and ${count(usableCores, 'core')} can be used: try --threads ${usableCores}`,
  },
  'other-provider': {
    title: 'Other provider',
    text: ({ share, details: { reason, operators, copyShare, providers } }) =>
      reason === 'arithmetic'
        ? `${formatPercent(share)} of the time is arithmetic: compare with ${comparing(providers)}`
        : `${formatPercent(share)} of the time goes into what the provider leaves to the CPU (${operatorsText(operators)}) and, ${formatPercent(copyShare)}, into copies around it: ` +
          `replace those operators, or compare with ${comparing(providers)}`,
  },
  optimize: {
    title: 'Optimize',
    text: ({ share, details: { reason, operators, level } }) =>
      reason === 'level'
        ? `the runtime was told to optimize no more than --optimization ${level}: try all`
        : `${formatPercent(share)} of the time moves values about (${operatorsText(operators)}): try infer optimize`,
  },
};

const quantizeCommands = {
  int8: 'infer quantize --int8',
  int4: 'infer quantize --int4, for it waits for weights',
  float16: 'infer quantize --fp16',
} as const;

/** `Conv 62 %, Gemm 8.1 %` */
function operatorsText(operators: readonly { readonly op: string; readonly share: number }[]): string {
  return listOf(operators.map(({ op, share }) => `${op} ${formatPercent(share)}`));
}

function comparing(providers: readonly string[]): string {
  if (providers.length === 0) return 'another provider';
  return providers.map((name) => `--compare ${name}`).join(' or ');
}

/** What a piece of advice is called, and why and how to follow it. */
export function describeRemedy(advice: RemedyAdvice): { readonly title: string; readonly text: string } {
  switch (advice.remedy) {
    case 'quantize':
      return told(remedies.quantize, advice);
    case 'prune':
      return told(remedies.prune, advice);
    case 'batch':
      return told(remedies.batch, advice);
    case 'fewer-threads':
      return told(remedies['fewer-threads'], advice);
    case 'more-threads':
      return told(remedies['more-threads'], advice);
    case 'other-provider':
      return told(remedies['other-provider'], advice);
    case 'optimize':
      return told(remedies.optimize, advice);
  }
}

function told<Advice>({ title, text }: { title: string; text: (advice: Advice) => string }, advice: Advice) {
  return { title, text: text(advice) };
}
