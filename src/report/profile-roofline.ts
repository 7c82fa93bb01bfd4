import type { ProfileSubject, Roofs } from '../profile/profile-result.ts';
import { boundShares } from './profile-labels.ts';
import type { Fact } from './fact.ts';
import type { Section } from './section.ts';
import { formatNumber, formatPercent } from './units.ts';

/** What the machine reaches at best, and what of the time is held back by which of it. */
export function rooflineSection({ roofs, kernels }: ProfileSubject): Section {
  if (roofs === null || kernels.length === 0) return { title: 'Roofline', blocks: [] };
  const facts: readonly Fact[] = [
    { label: 'Time', text: timeText(kernels) },
    { label: 'Arithmetic', text: arithmeticText(roofs) },
    { label: 'Memory', text: `up to ${formatNumber(roofs.gbPerSecond)} GB/s` },
    { label: 'Measured', text: measuredText(roofs) },
  ];
  return {
    title: 'Roofline',
    blocks: [
      { kind: 'facts', facts },
      { kind: 'note', text: meaning(roofs) },
    ],
  };
}

function timeText(kernels: ProfileSubject['kernels']): string {
  const shares = [...boundShares(kernels)].toSorted(([, a], [, b]) => b - a);
  const texts = shares.map(([bound, share]) => `${bound ?? 'by something else, or not known'} ${formatPercent(share)}`);
  return `held back by ${texts.join(', ')}`;
}

function arithmeticText({ gflopPerSecond, int8GopPerSecond, float16GflopPerSecond }: Roofs): string {
  const others = [
    ...(float16GflopPerSecond === undefined ? [] : [`${formatNumber(float16GflopPerSecond)} GFLOP/s of float16`]),
    ...(int8GopPerSecond === undefined ? [] : [`${formatNumber(int8GopPerSecond)} Gop/s of int8`]),
  ];
  return [`up to ${formatNumber(gflopPerSecond)} GFLOP/s of float32`, ...others].join(', ');
}

function measuredText({ threads, measuredAt, cached, disturbed }: Roofs): string {
  const when = cached ? `kept from ${measuredAt.slice(0, 10)}` : 'just now';
  const doubt = disturbed === true ? '; others wanted the processor, so they may be higher' : '';
  return `with ${threads === 1 ? '1 thread' : `${threads} threads`}, ${when}${doubt}`;
}

function meaning({ ridge }: Roofs): string {
  return (
    `A kernel with more than ${formatNumber(ridge)} FLOP a byte can only be held back by arithmetic, one with less by memory; ` +
    'a short one that is far from both spends its time on being started (overhead). Roofs are products of 1,024 by 1,024 and additions of tensors beyond the caches, measured here; in a cache, kernels exceed the roof of memory.'
  );
}
