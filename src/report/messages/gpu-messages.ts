import type { BenchWarningDetails } from '../../bench/bench-warning.ts';
import { count, formatMs, formatPercent } from '../units.ts';
import { clause } from './phrases.ts';
import type { Sentences } from './sentences.ts';

/** Why a GPU's clock was held down, and what helps. */
const throttling: Readonly<Record<string, { name: string; cure: string }>> = {
  'application-clocks': { name: 'clocks that were set', cure: 'reset them with `nvidia-smi -rac`' },
  'power-cap': {
    name: 'the power limit',
    cure: 'raise it with `nvidia-smi -pl`, or take the figures as those of this limit',
  },
  'hardware-slowdown': { name: 'a hardware slowdown', cure: 'check cooling and power supply' },
  'sync-boost': { name: 'another GPU of its sync boost group', cure: 'take it out of the group' },
  thermal: { name: 'heat', cure: 'let it cool, or improve the cooling' },
  'hardware-thermal': { name: 'heat (by the hardware)', cure: 'let it cool, or improve the cooling' },
  'power-brake': { name: 'the power supply (power brake)', cure: 'check the power supply' },
  'display-clocks': { name: 'display clocks', cure: 'disconnect the display' },
};

export function throttleName(reason: string): string {
  return throttling[reason]?.name ?? reason;
}

function whyUnwatched(d: BenchWarningDetails['gpu-unwatched']): string {
  switch (d.kind) {
    case 'absent':
      return 'there is no nvidia-smi; install the tools of the NVIDIA driver, or let the container have them (NVIDIA_DRIVER_CAPABILITIES=compute,utility)';
    case 'hidden':
      return 'CUDA_VISIBLE_DEVICES shows no such device; name one that it lists';
    case 'silent':
      return `nvidia-smi said nothing for ${formatMs(d.waitedMs)}; run it by hand, and start the machine again if it hangs`;
    case 'unreadable':
      return `nvidia-smi wrote what is no answer (${clause(d.said)}); run it by hand`;
    case 'ended': {
      const code = d.exitCode === null ? 'was ended' : `ended with code ${d.exitCode}`;
      return `nvidia-smi ${code}${d.said === '' ? '' : ` (${clause(d.said)})`}; run it by hand`;
    }
  }
}

type GpuCode = 'gpu-busy' | 'gpu-throttled' | 'gpu-unwatched' | 'gpu-shared';

export const gpuMessages: Sentences<Pick<BenchWarningDetails, GpuCode>> = {
  'gpu-busy': (d) =>
    `GPU ${d.device} was busy ${formatPercent(d.utilization)} of the time before anything ran on it here; stop what else uses it`,
  'gpu-throttled': (d) =>
    `at ${count(d.points, 'point')} the GPU's clock was held down by ${throttleName(d.reason)}, up to ${formatPercent(d.worst)} of the time; ${throttling[d.reason]?.cure ?? 'look at `nvidia-smi -q -d PERFORMANCE`'}`,
  'gpu-unwatched': (d) => `GPU ${d.device} was not watched, or not to the end: ${whyUnwatched(d)}`,
  'gpu-shared': (d) =>
    `GPU ${d.device} is divided into instances (MIG): its memory and power are those of all of them, not of this one`,
};
