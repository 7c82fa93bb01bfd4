import { z } from 'zod';
import { catalogFlags } from '../vocabulary.ts';
import type { Catalog } from './catalog.ts';

const positive = z.number().positive();
const positiveOrNull = positive.nullable();
const text = z.string().trim().min(1);
const architecture = z.enum(['amd64', 'arm64']);
const flags = z.array(z.enum(catalogFlags)).readonly();
const share = z.number().min(0).max(1);

/** A day, or a year where the source tells no more. */
export const dateSchema = z.string().regex(/^\d{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/, 'expected YYYY-MM-DD');

const provenance = { source: text, date: dateSchema.nullable() };
const price = { ...provenance, usdPerHour: positive };

const instanceSchema = z.strictObject({
  id: text,
  cloud: text,
  region: text,
  name: text,
  architecture,
  processor: text.nullable(),
  processorName: text.nullable(),
  vcpus: z.number().int().positive(),
  memoryGib: positive,
  accelerator: z.strictObject({ id: text.nullable(), name: text, count: positive, memoryGibEach: positive }).nullable(),
  currency: z.literal('USD'),
  onDemand: z.strictObject(price),
  spot: z.strictObject({ ...price, interruption: z.strictObject({ low: share, high: share }).nullable() }).nullable(),
  flags,
});

export const processorSchema = z.strictObject({
  ...provenance,
  id: text,
  name: text,
  architecture,
  families: z.array(text).readonly(),
  modelPatterns: z.array(text).readonly(),
  instructionSets: z.array(text).readonly(),
  coresPerSocket: z.number().int().positive(),
  allCoreGhz: positive,
  fp32FlopPerCycle: positive,
  int8OpPerCycle: positive,
  socketGbPerSecond: positive,
  tdpWatts: positive,
  vcpusPerCore: z.union([z.literal(1), z.literal(2)]),
  fp32GflopsPerVcpu: positive,
  int8GopsPerVcpu: positive,
  gbPerSecondPerVcpu: positive,
  flags,
});

export const acceleratorSchema = z.strictObject({
  ...provenance,
  id: text,
  name: text,
  modelPatterns: z.array(text).readonly(),
  memoryGb: positive,
  gbPerSecond: positive,
  fp32Tflops: positiveOrNull,
  fp16Tflops: positiveOrNull,
  int8Tops: positiveOrNull,
  fp8Tflops: positiveOrNull,
  tdpWatts: positiveOrNull,
  note: text.nullable(),
  flags,
});

export const tokenPriceSchema = z.strictObject({
  ...provenance,
  model: text,
  provider: text,
  mode: z.enum(['chat', 'embedding', 'rerank']),
  currency: z.literal('USD'),
  usdPerMillionInput: positive,
  usdPerMillionOutput: z.number().nonnegative().nullable(),
  usdPerMillionCachedInput: positiveOrNull,
  contextTokens: z.number().int().positive().nullable(),
  flags,
});

export const gridSchema = z.strictObject({
  ...provenance,
  scope: z.enum(['gcp-region', 'country', 'user']),
  key: text,
  gramsPerKwh: positive,
  flags,
});

/** The shape of a catalog and what holds for each figure alone; `checkCatalog` has what holds between them. */
export const catalogSchema: z.ZodType<Catalog> = z.strictObject({
  instances: z.array(instanceSchema).readonly(),
  processors: z.array(processorSchema).readonly(),
  accelerators: z.array(acceleratorSchema).readonly(),
  tokenPrices: z.array(tokenPriceSchema).readonly(),
  grids: z.array(gridSchema).readonly(),
});
