import type { Roofs } from '../profile-result.ts';
import type { MeasuredRoofs } from './measured-roofs.ts';
import { rateNames } from './measured-roofs.ts';

/** The measured rates, or those of before where they were higher. */
export function higherOf(measured: MeasuredRoofs, before: Roofs): MeasuredRoofs {
  const higher = rateNames.flatMap((name) => {
    const [now, then] = [measured[name], before[name]];
    return now === undefined || then === undefined ? [] : [[name, Math.max(now, then)] as const];
  });
  return { ...measured, ...Object.fromEntries(higher) };
}
