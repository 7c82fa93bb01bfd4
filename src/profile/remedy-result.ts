import { z } from 'zod';

/** Operators that a remedy is about, with their shares of the time, largest first. */
const operatorsSchema = z.array(z.object({ op: z.string(), share: z.number() }));

const about = { kernels: z.number().int(), operators: operatorsSchema };

/**
 * What would help, with the share of the time that it bears upon: no forecast, but the most that can be gained, should
 * it take no time at all.
 */
export const remedySchema = z.discriminatedUnion('remedy', [
  z.object({
    remedy: z.literal('quantize'),
    share: z.number(),
    details: z.object({
      ...about,
      /** `int4` stands for weights alone, where reading them is what takes the time. */
      to: z.enum(['int8', 'int4', 'float16']),
      /** Whether the processor multiplies bytes natively; null where that does not matter or is not known. */
      integerInstructions: z.boolean().nullable(),
    }),
  }),
  z.object({ remedy: z.literal('prune'), share: z.number(), details: z.object(about) }),
  z.object({
    remedy: z.literal('batch'),
    share: z.number(),
    details: z.object({
      batch: z.number().int(),
      /** Of the time: starting kernels, and reading weights, neither of which a larger batch does more often. */
      overheadShare: z.number(),
      weightShare: z.number(),
    }),
  }),
  z.object({
    remedy: z.literal('fewer-threads'),
    share: z.number(),
    details: z.object({ threads: z.number().int() }),
  }),
  z.object({
    remedy: z.literal('more-threads'),
    share: z.number(),
    details: z.object({ threads: z.number().int(), usableCores: z.number().int() }),
  }),
  z.object({
    remedy: z.literal('other-provider'),
    share: z.number(),
    details: z.object({
      ...about,
      /**
       * Nodes that the provider leaves to the CPU, and the copies around them; or arithmetic that another provider of
       * this machine may be better at.
       */
      reason: z.enum(['fallback', 'arithmetic']),
      copyShare: z.number(),
      /** To try. */
      providers: z.array(z.string()),
    }),
  }),
  z.object({
    remedy: z.literal('optimize'),
    share: z.number(),
    details: z.object({
      ...about,
      /** The runtime was told to optimize less than it can, or much of the time goes into moving values about. */
      reason: z.enum(['level', 'moves']),
      level: z.string(),
    }),
  }),
]);
export type RemedyAdvice = z.infer<typeof remedySchema>;
