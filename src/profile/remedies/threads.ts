import type { Diagnosed, RemedyRule } from './remedies-of.ts';
import { shareOf } from './shares.ts';

/** A fifth of the time spent waiting means that threads cost more than some of them bring. */
const muchWaiting = 0.2;

/** Of the time, what another thread could take over, for it to be worth one. */
const muchArithmetic = 0.5;

/** Threads that wait for one another; other providers do not compute in them. */
export const fewerThreads: RemedyRule = (subject) => {
  const share = waitShare(subject);
  if (subject.ep !== 'cpu' || subject.threads === 1 || share < muchWaiting) return null;
  return { remedy: 'fewer-threads', share, details: { threads: subject.threads } };
};

/** Arithmetic divides among cores; traffic, which they share, hardly does. */
export const moreThreads: RemedyRule = (subject, { usableCores }) => {
  const { ep, threads, kernels } = subject;
  const share = shareOf(kernels.filter(({ bound }) => bound === 'compute'));
  if (ep !== 'cpu' || threads >= usableCores || share < muchArithmetic) return null;
  if (waitShare(subject) >= muchWaiting) return null;
  return { remedy: 'more-threads', share, details: { threads, usableCores } };
};

function waitShare({ kernels }: Diagnosed): number {
  return kernels.reduce((sum, kernel) => sum + kernel.share.value * (kernel.waitShare ?? 0), 0);
}
