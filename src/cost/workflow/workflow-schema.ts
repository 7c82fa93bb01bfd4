import { z } from 'zod';

/** Steps, calls and retries of one request: more are a mistake, and would take hours to play. */
const most = { steps: 100, fanOut: 1000, retries: 100 } as const;

const share = (what: string) => {
  const error = `${what} is from 0 to 1`;
  return z.number({ error }).min(0, { error }).max(1, { error });
};

const atLeast0 = (what: string) => {
  const error = `${what} is a number from 0 on`;
  return z.number({ error }).min(0, { error });
};

const whole = (what: string, [from, to]: readonly [number, number]) => {
  const error = `${what} is a whole number from ${from} to ${to}`;
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
};

const meanSchema = z.strictObject({ mean: atLeast0('a mean'), sd: atLeast0('a standard deviation') });
const quantilesSchema = z.strictObject({ p50: atLeast0('p50'), p99: atLeast0('p99') });

const tokensSchema = z.union([atLeast0('tokens'), meanSchema], {
  error: 'tokens are a number from 0 on, or { mean, sd }',
});

export type TokensText = z.infer<typeof tokensSchema>;

const timeSchema = z.union([atLeast0('a time'), meanSchema, quantilesSchema], {
  error: 'a time is a number of milliseconds from 0 on, { mean, sd } or { p50, p99 }',
});
export type TimeText = z.infer<typeof timeSchema>;

const fanOutRange: readonly [number, number] = [1, most.fanOut];
const fanOutSchema = z.union(
  [
    whole('a fan-out', fanOutRange),
    z.strictObject({ min: whole('a fan-out', fanOutRange), max: whole('a fan-out', fanOutRange) }),
  ],
  { error: `a fan-out is a whole number from 1 to ${most.fanOut}, or { min, max }` },
);

const joinSchema = z.union([z.enum(['all', 'any']), z.strictObject({ quorum: whole('a quorum', [1, most.fanOut]) })], {
  error: 'it is all, any or { quorum: a whole number }',
});

const name = z.string({ error: 'a name is a text' }).min(1, { error: 'a name has a letter' });
const names = z.union([z.array(name), name.transform((one) => [one])], { error: 'it is a list of steps' });

const retriesSchema = z.strictObject({
  probability: share('the probability that a call fails'),
  max: whole('the number of retries', [0, most.retries]),
});

const stepSchema = z.strictObject({
  name,
  model: name.optional(),
  api: name.optional(),
  input: tokensSchema.default(0),
  output: tokensSchema.default(0),
  cached: share('the share of the input that is cached').optional(),
  context: z.enum(['own', 'accumulate'], { error: 'it is own or accumulate' }).default('own'),
  fanOut: fanOutSchema.default(1),
  parallel: z.boolean({ error: 'it is true or false' }).default(true),
  join: joinSchema.default('all'),
  retries: retriesSchema.default({ probability: 0, max: 0 }),
  probability: share('a probability').default(1),
  after: names.optional(),
  await: joinSchema.default('all'),
  when: names.default([]),
  latencyMs: timeSchema.optional(),
  usd: atLeast0('a price').default(0),
});
export type StepText = z.infer<typeof stepSchema>;

export const workflowSchema = z.strictObject({
  /** For whoever reads the file. */
  description: z.string({ error: 'a description is a text' }).optional(),
  steps: z
    .array(stepSchema, { error: 'steps are a list' })
    .min(1, { error: 'there is no step' })
    .max(most.steps, { error: `there are more than ${most.steps} steps` }),
});

/** Keys of the mapping at a place in the file, for suggestions. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(workflowSchema.shape);
  if (path.length === 2) return Object.keys(stepSchema.shape);
  return path.at(-1) === 'retries' ? Object.keys(retriesSchema.shape) : [];
}
