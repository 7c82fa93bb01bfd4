import { z } from 'zod';
import type { Environment } from '../runtime/environment.ts';

/** The result format this version writes, and the newest it reads. */
export const schemaVersion = 1;

/** A number with its 95 % interval; the bounds are null when one block alone was measured. */
export const estimateSchema = z.object({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Estimate = z.infer<typeof estimateSchema>;

/** Code and details of a finding or failure; the sentence is made in report/messages. */
export const findingSchema = z.object({ code: z.string(), details: z.record(z.string(), z.unknown()) });

export const environmentSchema: z.ZodType<Environment> = z.object({
  os: z.object({ platform: z.string(), release: z.string(), arch: z.string(), distribution: z.string().nullable() }),
  cpu: z.object({
    model: z.string(),
    logicalCores: z.number(),
    physicalCores: z.number().nullable(),
    usableCores: z.number(),
    affinityCores: z.number().nullable(),
    quotaCores: z.number().nullable(),
    instructionSets: z.array(z.string()),
    frequencyMhz: z.number().nullable(),
    governor: z.string().nullable(),
  }),
  memory: z.object({
    totalBytes: z.number(),
    availableBytes: z.number().nullable(),
    limitBytes: z.number().nullable(),
  }),
  container: z.string().nullable(),
  node: z.string(),
  onnxruntime: z.string(),
  providers: z.array(z.string()),
  gpus: z.array(
    z.object({
      name: z.string(),
      driver: z.string().nullable(),
      memoryBytes: z.number().nullable(),
      api: z.string(),
      computeCapability: z.string().nullable().optional(),
      driverCuda: z.string().nullable().optional(),
      powerLimitW: z.number().nullable().optional(),
      isMig: z.boolean().optional(),
    }),
  ),
  fingerprint: z.string(),
});

/** The fields every result file starts with. */
export const envelopeShape = {
  schemaVersion: z.number().int(),
  tool: z.object({ name: z.string(), version: z.string() }),
  createdAt: z.string(),
  command: z.array(z.string()),
  environment: environmentSchema,
  warnings: z.array(findingSchema),
};
