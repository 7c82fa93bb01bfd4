import { z } from 'zod';
import { estimateSchema } from '../../result/envelope.ts';

/** `p99=50ms`: so many percent of the requests are answered within the limit. */
export const objectiveSchema = z.object({ percentile: z.number(), limitMs: z.number() });
export type Objective = z.infer<typeof objectiveSchema>;

export const objectiveVerdicts = ['met', 'missed', 'undecided'] as const;
export type ObjectiveVerdict = (typeof objectiveVerdicts)[number];

/** Times of the requests of one run. A percentile is null where too few requests tell it, or where it was not answered in time. */
export const loadTimesSchema = z.object({
  p50: estimateSchema.nullable(),
  p90: estimateSchema.nullable(),
  p95: estimateSchema.nullable(),
  p99: estimateSchema.nullable(),
  mean: estimateSchema,
  max: z.number(),
});
export type LoadTimes = z.infer<typeof loadTimesSchema>;

/** Requests at one rate, issued by a schedule that waits for no answer (open loop). A request is a run of the batch. */
export const loadRunSchema = z.object({
  /** As it was asked for: `50/s`, `0.8x` of the closed loop's throughput, `recorded` in a trace, `max`. */
  asked: z.string(),
  /** Null for `max`: all requests are there from the start. */
  offeredPerSecond: z.number().nullable(),
  /** Answered requests over the time that answering them took. */
  achievedPerSecond: z.number(),
  /** `poisson`, `constant`, `gamma:2` or the path of a trace; `at-once` for `max`. */
  arrivals: z.string(),
  /** From the start to the last arrival. */
  spanMs: z.number(),
  requests: z.number().int(),
  /** Of them, those answered before the time was over. Others count as slower than any. */
  answered: z.number().int(),
  /** From the scheduled arrival to the answer; null for `max`, where nothing was scheduled. */
  latencyMs: loadTimesSchema.nullable(),
  /** From the scheduled arrival to the start of the run: waiting for others, and the way there. */
  queueMs: loadTimesSchema.nullable(),
  /** The run itself. */
  serviceMs: loadTimesSchema.nullable(),
  /** How long after their scheduled arrival requests were issued. A p99 of null: some never were. */
  generatorLatenessMs: z.object({ p50: z.number().nullable(), p99: z.number().nullable(), max: z.number().nullable() }),
  /** The p99 of the lateness beyond which the run is not valid: a share of the objective, or of the p99 from arrival. */
  latenessLimitMs: z.number(),
  /** Requests were issued when they were due. What a late generator measured says nothing. */
  valid: z.boolean(),
  /** What arrived was answered at the rate at which it arrived, and the queue did not grow. */
  stable: z.boolean(),
  /** Rules of block noise that the machine broke meanwhile. */
  disturbed: z.array(z.string()),
  objective: objectiveSchema
    .extend({
      /** Requests over the limit. */
      overs: z.number().int(),
      /** As how many independent ones they count. */
      effectiveSamples: z.number(),
    })
    .optional(),
  /** By MLPerf's rule at 95 % confidence, either way; never `met` by a run that was not stable, and undecided by one that was not valid. */
  meetsObjective: z.enum(objectiveVerdicts).optional(),
});
export type LoadRun = z.infer<typeof loadRunSchema>;

export const probeSteps = ['start', 'double', 'halve', 'bisect', 'retest', 'confirm'] as const;
export type ProbeStep = (typeof probeSteps)[number];

export const maxRateStatuses = [
  /** Met the objective once more in a run of twice the length. */
  'confirmed',
  /** Met it in the search; the longer run leaves it open. */
  'undecided',
  /** No rate that was tried met it. */
  'none',
  /** More could not be issued in time, or nothing could: there is no value then. */
  'generator-limited',
  'interrupted',
] as const;
export type MaxRateStatus = (typeof maxRateStatuses)[number];

/** The highest rate that meets an objective. */
export const maxRateSchema = z.object({
  objective: objectiveSchema,
  status: z.enum(maxRateStatuses),
  /**
   * Requests a second: the highest rate that surely met it, the same once it is confirmed, and the lowest that surely
   * missed it. Of a search that was stopped, the bracket it had reached.
   */
  perSecond: z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() }),
  probes: z.array(z.object({ step: z.enum(probeSteps), run: loadRunSchema })),
});
export type MaxRate = z.infer<typeof maxRateSchema>;
