import type { ProfileSubject } from '../profile-result.ts';
import type { RemedyAdvice } from '../remedy-result.ts';
import { batch } from './batch.ts';
import { optimize } from './optimize.ts';
import { otherProvider } from './other-provider.ts';
import { prune, quantize } from './smaller-layers.ts';
import { fewerThreads, moreThreads } from './threads.ts';

/** What remedies are chosen by. */
export type Diagnosed = Pick<ProfileSubject, 'ep' | 'threads' | 'batch' | 'kernels'>;

/** What the profile itself does not tell. */
export interface Circumstances {
  readonly usableCores: number;
  /** Empty where unknown. */
  readonly instructionSets: readonly string[];
  /** Providers that run here, the profiled one left out. */
  readonly otherProviders: readonly string[];
  /** The runtime's optimization level. */
  readonly optimization: string;
}

/** A rule of thumb: null where it would not help. */
export type RemedyRule = (subject: Diagnosed, where: Circumstances) => RemedyAdvice | null;

const rules: readonly RemedyRule[] = [quantize, prune, batch, fewerThreads, moreThreads, otherProvider, optimize];

/** What would help, what bears upon most of the time first. */
export function remediesOf(subject: Diagnosed, where: Circumstances): RemedyAdvice[] {
  return rules.flatMap((rule) => rule(subject, where) ?? []).toSorted((a, b) => b.share - a.share);
}
