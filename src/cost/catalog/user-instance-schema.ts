import { z } from 'zod';
import { dateSchema } from './catalog-schema.ts';
import { readBand } from './interruption-band.ts';

const above0 = z.number().positive();
const text = z.string();
const share = z.number().min(0).max(1);

/** `5-10%` or `>20%`, or a range of shares. */
const interruption = z.preprocess(
  (value) => (typeof value === 'string' ? (readBand(value) ?? value) : value),
  z.strictObject({ low: share, high: share }, 'must be a range a month such as <5%, 5-10% or >20%').nullable(),
);

/** Of an instance in a user's price list: what is missing is taken from the catalog's row, null is none. */
export const userInstanceSchema = z
  .strictObject({
    id: text.nullable(),
    cloud: text.nullable(),
    region: text.nullable(),
    name: text.nullable(),
    architecture: z.enum(['amd64', 'arm64']).nullable(),
    processor: text.nullable(),
    processorName: text.nullable(),
    vcpus: z.number().int().positive().nullable(),
    memoryGib: above0.nullable(),
    accelerator: text.nullable(),
    acceleratorCount: z.number().nonnegative().nullable(),
    acceleratorMemoryGib: above0.nullable(),
    onDemandUsdPerHour: above0.nullable(),
    spotUsdPerHour: above0.nullable(),
    interruption,
    source: text.nullable(),
    date: dateSchema.nullable(),
    spotSource: text.nullable(),
    spotDate: dateSchema.nullable(),
  })
  .partial();
export type UserInstance = z.infer<typeof userInstanceSchema>;
