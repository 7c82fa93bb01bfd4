import { z } from 'zod';
import { envelopeShape } from '../../result/envelope.ts';
import { catalogFlags } from '../vocabulary.ts';

const provenance = { source: z.string(), date: z.string().nullable(), flags: z.array(z.enum(catalogFlags)) };

/** What `infer cost prices` lists: rows of one part of the catalog. */
export const pricesResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('prices'),
  instances: z.array(
    z.object({
      id: z.string(),
      cloud: z.string(),
      region: z.string(),
      name: z.string(),
      architecture: z.string(),
      processor: z.string().nullable(),
      processorName: z.string().nullable(),
      vcpus: z.number(),
      memoryGib: z.number(),
      accelerator: z.string().nullable(),
      /** Below 1 where a share of one is rented. */
      acceleratorCount: z.number(),
      acceleratorMemoryGib: z.number().nullable(),
      onDemandUsdPerHour: z.number(),
      spotUsdPerHour: z.number().nullable(),
      interruption: z.object({ low: z.number(), high: z.number() }).nullable(),
      spotSource: z.string().nullable(),
      spotDate: z.string().nullable(),
      ...provenance,
    }),
  ),
  processors: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      architecture: z.string(),
      families: z.array(z.string()),
      modelPatterns: z.array(z.string()),
      coresPerSocket: z.number().int(),
      allCoreGhz: z.number(),
      fp32FlopPerCycle: z.number(),
      int8OpPerCycle: z.number(),
      socketGbPerSecond: z.number(),
      vcpusPerCore: z.number().int(),
      fp32GflopsPerVcpu: z.number(),
      int8GopsPerVcpu: z.number(),
      gbPerSecondPerVcpu: z.number(),
      tdpWatts: z.number(),
      instructionSets: z.array(z.string()),
      ...provenance,
    }),
  ),
  accelerators: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      modelPatterns: z.array(z.string()),
      memoryGb: z.number(),
      gbPerSecond: z.number(),
      fp32Tflops: z.number().nullable(),
      fp16Tflops: z.number().nullable(),
      int8Tops: z.number().nullable(),
      fp8Tflops: z.number().nullable(),
      tdpWatts: z.number().nullable(),
      note: z.string().nullable(),
      ...provenance,
    }),
  ),
  tokenPrices: z.array(
    z.object({
      model: z.string(),
      provider: z.string(),
      mode: z.string(),
      usdPerMillionInput: z.number(),
      usdPerMillionOutput: z.number().nullable(),
      usdPerMillionCachedInput: z.number().nullable(),
      contextTokens: z.number().nullable(),
      ...provenance,
    }),
  ),
  grids: z.array(z.object({ scope: z.string(), key: z.string(), gramsPerKwh: z.number(), ...provenance })),
  /** The oldest date of what is listed: of both prices, where an instance has two. */
  oldest: z.string().nullable(),
  /** Rows with a figure that has no date. */
  undated: z.number().int(),
  daysOld: z.number().nullable(),
});
export type PricesResult = z.infer<typeof pricesResultSchema>;
export type PricesFindings = Omit<
  PricesResult,
  'schemaVersion' | 'kind' | 'tool' | 'createdAt' | 'command' | 'environment'
>;
