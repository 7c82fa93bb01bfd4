import type { ProfiledKernel } from '../../../src/profile/profile-result.ts';
import type { Circumstances, Diagnosed } from '../../../src/profile/remedies/remedies-of.ts';

interface Sketch extends Omit<Partial<ProfiledKernel>, 'share' | 'inputs' | 'outputs'> {
  readonly share: number;
  /** Dimensions of float32 inputs. */
  readonly inputs?: readonly (readonly number[])[];
  readonly type?: string;
}

/** A kernel of the CPU that is bound by arithmetic, unless said otherwise. */
export function kernel(op: string, { share, inputs = [], type = 'float32', ...rest }: Sketch): ProfiledKernel {
  const estimate = (value: number) => ({ value, low: value, high: value });
  return {
    name: op,
    op,
    provider: 'CPUExecutionProvider',
    within: null,
    share: estimate(share),
    timeMs: estimate(share * 10),
    profiledMs: share * 12,
    calls: 1,
    macs: null,
    bytes: null,
    gflopPerSecond: null,
    gbPerSecond: null,
    intensity: null,
    bound: 'compute',
    roofShare: 0.5,
    arenaBytes: null,
    waitShare: null,
    inputs: inputs.map((dims) => ({ type, dims: [...dims] })),
    outputs: [],
    added: null,
    fileNodes: [],
    ...rest,
  };
}

export function subjectOf(kernels: ProfiledKernel[], subject: Partial<Diagnosed> = {}): Diagnosed {
  return { ep: 'cpu', threads: 1, batch: null, kernels, ...subject };
}

/** A machine of one core that has nothing else to offer. */
export const plain: Circumstances = { usableCores: 1, instructionSets: [], otherProviders: [], optimization: 'all' };
