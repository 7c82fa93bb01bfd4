import { UsageError } from '../errors.ts';
import type { Scheme } from '../quantize/vocabulary.ts';

/** The flags of which one says what to do, `--int4 --fp16` being one. */
export interface SchemeFlags {
  readonly int8?: boolean;
  readonly int4?: boolean;
  readonly int8Weights?: boolean;
  readonly fp16?: boolean;
}

type SchemeFlag = keyof SchemeFlags;

const flagOf: Readonly<Record<SchemeFlag, string>> = {
  int8: '--int8',
  int4: '--int4',
  int8Weights: '--int8-weights',
  fp16: '--fp16',
};

const schemeFlags = ['int8', 'int4', 'int8Weights', 'fp16'] as const satisfies readonly SchemeFlag[];

/** The flags as they are written. */
export const schemeFlagTexts: readonly string[] = schemeFlags.map((name) => flagOf[name]);

/** The scheme as it is asked for. */
export const schemeTexts: Readonly<Record<Scheme, string>> = {
  int8: '--int8',
  int4: '--int4',
  'int8-weights': '--int8-weights',
  fp16: '--fp16',
  'int4-fp16': '--int4 --fp16',
};

/**
 * The scheme; null where none is named. Flags of the command line win over all of the config's.
 * @throws UsageError `flags-conflict`
 */
export function readScheme(flags: SchemeFlags, isGiven: (option: string) => boolean): Scheme | null {
  const wanted = schemeFlags.filter((name) => flags[name] === true);
  const given = wanted.filter((name) => isGiven(name));
  return schemeOf(given.length > 0 ? given : wanted);
}

function schemeOf(names: readonly SchemeFlag[]): Scheme | null {
  const [first, second] = names;
  if (first === undefined) return null;
  if (second === undefined) return first === 'int8Weights' ? 'int8-weights' : first;
  if (names.length === 2 && first === 'int4' && second === 'fp16') return 'int4-fp16';
  throw new UsageError('flags-conflict', {
    flag: flagOf[second],
    other: flagOf[first],
    problem: 'each says what the weights become; only --int4 and --fp16 go together',
  });
}
