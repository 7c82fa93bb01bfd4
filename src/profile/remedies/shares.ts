import type { ProfiledKernel } from '../profile-result.ts';

type Timed = Pick<ProfiledKernel, 'op' | 'share'>;

/** Of the time, what these kernels take. */
export function shareOf(kernels: readonly Pick<ProfiledKernel, 'share'>[]): number {
  return kernels.reduce((sum, { share }) => sum + share.value, 0);
}

/** Which kernels a remedy is about: how many, and the time of each operator, largest first. */
export function about(kernels: readonly Timed[]) {
  const shares = new Map<string, number>();
  for (const { op, share } of kernels) shares.set(op, (shares.get(op) ?? 0) + share.value);
  const operators = Array.from(shares, ([op, share]) => ({ op, share })).toSorted((a, b) => b.share - a.share);
  return { kernels: kernels.length, operators };
}
