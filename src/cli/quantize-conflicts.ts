import { UsageError } from '../errors.ts';
import type { Method, Scheme } from '../quantize/vocabulary.ts';
import { schemeTexts } from './quantize-scheme.ts';

/** What a command line asks for, as far as flags depend on it. */
export interface Wanted {
  readonly scheme: Scheme;
  readonly method: Method;
  /** Whether an option was on the command line itself: what a config sets beside may serve other schemes. */
  readonly isGiven: (option: string) => boolean;
}

interface Rule {
  readonly option: string;
  readonly flag: string;
  /** What the flag is about. */
  readonly problem: string;
  readonly schemes: readonly Scheme[];
  /** Of int8; all unless given. */
  readonly methods?: readonly Method[];
}

const ranged = { schemes: ['int8'], methods: ['auto', 'static'] } as const;
const integer = { schemes: ['int8'], methods: ['auto', 'dynamic', 'static'] } as const;
const blocked = { schemes: ['int4', 'int4-fp16', 'int8'], methods: ['auto', 'blocks'] } as const;
const integers = ['int8', 'int4', 'int8-weights', 'int4-fp16'] as const;

const rules: readonly Rule[] = [
  { option: 'method', flag: '--method', problem: 'methods are ways to int8', schemes: ['int8'] },
  { option: 'calibration', flag: '--calibration', problem: 'it takes no ranges of activations', ...ranged },
  { option: 'percentile', flag: '--percentile', problem: 'it takes no ranges of activations', ...ranged },
  {
    option: 'calibrationCache',
    flag: '--calibration-cache',
    problem: 'it takes no ranges of activations',
    schemes: ['int8', 'fp16', 'int4-fp16'],
    methods: ['auto', 'static'],
  },
  { option: 'activations', flag: '--activations', problem: 'its activations have one type only', ...ranged },
  {
    option: 'perTensor',
    flag: '--per-tensor',
    problem: 'it has no scale for a whole weight',
    schemes: ['int8', 'int8-weights'],
    methods: ['auto', 'dynamic', 'static'],
  },
  {
    option: 'reduceRange',
    flag: '--reduce-range',
    problem: 'it multiplies no 8-bit integers that could saturate',
    ...integer,
  },
  { option: 'smooth', flag: '--smooth', problem: 'its activations stay in float', ...integer },
  { option: 'biasCorrection', flag: '--no-bias-correction', problem: 'biases stay as they are', schemes: integers },
  { option: 'blockSize', flag: '--block-size', problem: 'its weights have no blocks', ...blocked },
  { option: 'symmetric', flag: '--symmetric', problem: 'its weights have no blocks', ...blocked },
  { option: 'algorithm', flag: '--algorithm', problem: 'its weights have no blocks', ...blocked },
  { option: 'accuracyLevel', flag: '--accuracy-level', problem: 'it has no MatMulNBits', ...blocked },
  { option: 'embeddings', flag: '--embeddings', problem: 'tables become float16 like all else', schemes: integers },
  {
    option: 'keepIo',
    flag: '--keep-io',
    problem: 'only float16 changes the types of inputs and outputs',
    schemes: ['fp16', 'int4-fp16'],
  },
];

/** Refuses flags that the scheme or method would not look at. Throws UsageError `flags-conflict`. */
export function checkConflicts({ scheme, method, isGiven }: Wanted): void {
  for (const { option, flag, problem, schemes, methods } of rules) {
    if (!isGiven(option)) continue;
    if (!schemes.includes(scheme))
      throw new UsageError('flags-conflict', { flag, other: schemeTexts[scheme], problem });
    if (scheme === 'int8' && methods !== undefined && !methods.includes(method))
      throw new UsageError('flags-conflict', { flag, other: `--method ${method}`, problem });
  }
}
