import { z } from 'zod';
import { estimateSchema } from '../result/envelope.ts';

/** A model beside the first one: the cheapest option of each. */
export const alternativeSchema = z.object({
  modelIndex: z.number().int(),
  /** Index into `options`; null where none serves it. */
  option: z.number().int().nullable(),
  /** Cost over that of the first model; this and the savings are null for the first model itself. */
  ratio: estimateSchema.nullable(),
  savingPerMillionUsd: estimateSchema.nullable(),
  savingPerMonthUsd: estimateSchema.nullable(),
  /** Nothing is both cheaper and better; null where accuracies are missing. */
  isPareto: z.boolean().nullable(),
});
export type Alternative = z.infer<typeof alternativeSchema>;

export const routeSchema = z.object({
  /** Indices into `options`: the cheapest of each model for all requests. */
  small: z.number().int(),
  large: z.number().int(),
  escalated: z.number(),
  usdPerMillion: estimateSchema,
  largeUsdPerMillion: estimateSchema,
  savingPerMonthUsd: estimateSchema.nullable(),
  /** Below this share the route is worth it: 1 - c_small / c_large. */
  worthwhileBelow: z.number(),
  /** The point estimate of the route is below that of the large model alone. */
  isWorthwhile: z.boolean(),
});
export type Route = z.infer<typeof routeSchema>;

export const apiBreakEvenSchema = z.object({
  model: z.string(),
  provider: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedShare: z.number(),
  priceDate: z.string().nullable(),
  usdPerMillionInput: z.number(),
  usdPerMillionOutput: z.number(),
  /** The input's price where the provider has none for cached tokens. */
  usdPerMillionCachedInput: z.number(),
  /** This and what own machines cost are of requests that no cache before them answers. */
  apiUsdPerRequest: z.number(),
  option: z.number().int(),
  selfUsdPerRequest: estimateSchema.nullable(),
  /**
   * From so many requests a month on, own machines are cheaper, whatever the steps in which machines are added; null
   * where they never are. `high` alone is null where the slow end of the interval never is.
   */
  requestsPerMonth: estimateSchema.nullable(),
  /** Utilization of the fleet there; null for serverless, which has none. */
  utilization: z.number().nullable(),
});
export type ApiBreakEven = z.infer<typeof apiBreakEvenSchema>;

export const edgeBreakEvenSchema = z.object({
  deviceUsd: z.number(),
  watts: z.number(),
  years: z.number(),
  usdPerKwh: z.number(),
  /** Device and energy, each month. */
  deviceUsdPerMonth: z.number(),
  option: z.number().int(),
  cloudUsdPerMillion: estimateSchema,
  requestsPerMonth: estimateSchema.nullable(),
  /** Most that a device of the measured speed could serve; null where it was not measured on one. */
  capacityPerMonth: z.number().nullable(),
});
export type EdgeBreakEven = z.infer<typeof edgeBreakEvenSchema>;

export const workflowCostSchema = z.object({
  path: z.string(),
  callsPerRequest: estimateSchema,
  inputTokensPerRequest: z.number(),
  outputTokensPerRequest: z.number(),
  usdPerRequest: estimateSchema,
  monthlyUsd: estimateSchema.nullable(),
  /** Of a whole request; null where nobody tells how long an API or a tool takes. */
  latencyMs: z.object({ meanMs: estimateSchema, p50Ms: estimateSchema, p99Ms: estimateSchema }).nullable(),
  /** Requests that were played for the latency. */
  samples: z.number().int(),
  steps: z.array(
    z.object({
      name: z.string(),
      /** A model and its machine, an API and its provider, or `tool`. */
      serves: z.string(),
      /** Of the API's or the machine's price; null for tools and undated prices. */
      priceDate: z.string().nullable(),
      /** Probability that a request comes to it. */
      reach: z.number(),
      /** Calls that it is meant to make, on average. */
      fanOut: z.number(),
      /** Of a call that fails and is made again, at most `maxRetries` times. */
      retryProbability: z.number(),
      maxRetries: z.number().int(),
      calls: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      usd: estimateSchema,
      /** Of the dollars. */
      share: z.number(),
      /** From its start to its end, where a request comes to it; null where not told. */
      meanMs: z.number().nullable(),
      /** Of the time of whole requests, what is spent waiting for this step alone. */
      latencyShare: z.number().nullable(),
    }),
  ),
});
export type WorkflowCost = z.infer<typeof workflowCostSchema>;
