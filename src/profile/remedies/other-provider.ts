import type { ProfiledKernel } from '../profile-result.ts';
import type { Circumstances, Diagnosed, RemedyRule } from './remedies-of.ts';
import { about, shareOf } from './shares.ts';

/** Shapes are computed on the CPU by design: what takes less than this is no reason to leave. */
const muchElsewhere = 0.1;

const muchArithmetic = 0.5;

/** On a GPU, nodes that fall back to the CPU; on the CPU, arithmetic that a GPU of this machine may do faster. */
export const otherProvider: RemedyRule = (subject, where) =>
  subject.ep === 'cpu' ? arithmetic(subject, where) : fallback(subject, where);

function fallback({ kernels }: Diagnosed, { otherProviders }: Circumstances) {
  const copies = kernels.filter(({ added }) => added === 'copy');
  const left = kernels.filter((kernel) => kernel.added !== 'copy' && isOnCpu(kernel));
  const share = shareOf(copies) + shareOf(left);
  if (share < muchElsewhere) return null;
  const details = { ...about(left), copyShare: shareOf(copies), providers: [...otherProviders] };
  return { remedy: 'other-provider', share, details: { ...details, reason: 'fallback' } } as const;
}

function arithmetic({ kernels }: Diagnosed, { otherProviders }: Circumstances) {
  const bound = kernels.filter((kernel) => kernel.bound === 'compute');
  const share = shareOf(bound);
  if (share < muchArithmetic || otherProviders.length === 0) return null;
  const details = { ...about(bound), copyShare: 0, providers: [...otherProviders] };
  return { remedy: 'other-provider', share, details: { ...details, reason: 'arithmetic' } } as const;
}

/** Under onnxruntime's name for it, `CPUExecutionProvider`, or ours. */
function isOnCpu({ provider }: ProfiledKernel): boolean {
  return provider.toLowerCase().startsWith('cpu');
}
