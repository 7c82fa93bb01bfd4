import type { ProfileResult } from '../profile/profile-result.ts';

type Export = (result: ProfileResult) => string;

/** How a run is written as a Chrome trace. */
export async function loadTrace(): Promise<Export> {
  return (await import('./profile-trace.ts')).profileTrace;
}

/** How a flame graph is written: as a page of its own, or for speedscope. */
export async function loadFlame(format: 'html' | 'speedscope'): Promise<Export> {
  if (format === 'speedscope') return (await import('./profile-speedscope.ts')).profileSpeedscope;
  return (await import('./html/flame-report.ts')).flameReport;
}
