import type { TokenPrice } from '../catalog/catalog.ts';

/** What a call to an API reads and writes. */
export interface ApiCall {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input, what the provider has in its cache, from 0 to 1. */
  readonly cachedShare: number;
}

/** USD for a token read and one written. */
export interface TokenCost {
  readonly input: number;
  readonly output: number;
}

/**
 * What a token costs with a share of the input cached: at the input's price where the provider has none for cached
 * tokens. Embeddings and rankings have no output to pay.
 */
export function tokenCost(price: TokenPrice, cachedShare: number): TokenCost {
  const cached = price.usdPerMillionCachedInput ?? price.usdPerMillionInput;
  return {
    input: (price.usdPerMillionInput * (1 - cachedShare) + cached * cachedShare) / 1e6,
    output: (price.usdPerMillionOutput ?? 0) / 1e6,
  };
}

export function apiUsdPerRequest(price: TokenPrice, call: ApiCall): number {
  const usd = tokenCost(price, call.cachedShare);
  return call.inputTokens * usd.input + call.outputTokens * usd.output;
}
