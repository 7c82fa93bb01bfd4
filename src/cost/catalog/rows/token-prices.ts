import type { TokenPrice } from '../catalog.ts';

const list = {
  source: 'BerriAI/litellm model_prices_and_context_window.json via Prajwalsrinvas/token-tariff@dc2baf9d (2026-08-06)',
  date: '2026-08-06',
};

type TokenRow = readonly [
  model: string,
  provider: string,
  mode: TokenPrice['mode'],
  input: number,
  output: number | null,
  cachedInput: number | null,
  contextTokens: number | null,
];

const rows: readonly TokenRow[] = [
  ['gpt-5', 'openai', 'chat', 1.25, 10, 0.125, 272000],
  ['gpt-5-mini', 'openai', 'chat', 0.25, 2, 0.025, 272000],
  ['gpt-5-nano', 'openai', 'chat', 0.05, 0.4, 0.005, 272000],
  ['gpt-4.1-mini', 'openai', 'chat', 0.4, 1.6, 0.1, 1047576],
  ['gpt-4o', 'openai', 'chat', 2.5, 10, 1.25, 128000],
  ['gpt-4o-mini', 'openai', 'chat', 0.15, 0.6, 0.075, 128000],
  ['gpt-5.4-mini', 'openai', 'chat', 0.75, 4.5, 0.075, 272000],
  ['claude-haiku-4-5', 'anthropic', 'chat', 1, 5, 0.1, 200000],
  ['claude-sonnet-4-5', 'anthropic', 'chat', 3, 15, 0.3, 200000],
  ['claude-opus-4-5', 'anthropic', 'chat', 5, 25, 0.5, 200000],
  ['gemini-2.5-flash', 'vertex_ai-language-models', 'chat', 0.3, 2.5, 0.03, 1048576],
  ['gemini-2.5-flash-lite', 'vertex_ai-language-models', 'chat', 0.1, 0.4, 0.01, 1048576],
  ['gemini-2.5-pro', 'vertex_ai-language-models', 'chat', 1.25, 10, 0.125, 1048576],
  ['deepseek/deepseek-chat', 'deepseek', 'chat', 0.28, 0.42, 0.028, 131072],
  ['mistral/mistral-small-latest', 'mistral', 'chat', 0.06, 0.18, null, 131072],
  ['groq/llama-3.1-8b-instant', 'groq', 'chat', 0.05, 0.08, null, 128000],
  ['groq/llama-3.3-70b-versatile', 'groq', 'chat', 0.59, 0.79, null, 128000],
  ['groq/openai/gpt-oss-20b', 'groq', 'chat', 0.075, 0.3, 0.0375, 131072],
  ['groq/openai/gpt-oss-120b', 'groq', 'chat', 0.15, 0.6, 0.075, 131072],
  ['groq/qwen/qwen3-32b', 'groq', 'chat', 0.29, 0.59, null, 131000],
  ['deepinfra/meta-llama/Meta-Llama-3.1-8B-Instruct', 'deepinfra', 'chat', 0.03, 0.05, null, 131072],
  ['deepinfra/meta-llama/Llama-3.2-3B-Instruct', 'deepinfra', 'chat', 0.02, 0.02, null, 131072],
  ['deepinfra/google/gemma-3-4b-it', 'deepinfra', 'chat', 0.04, 0.08, null, 131072],
  ['deepinfra/microsoft/phi-4', 'deepinfra', 'chat', 0.07, 0.14, null, 16384],
  ['nebius/meta-llama/Meta-Llama-3.1-8B-Instruct', 'nebius', 'chat', 0.02, 0.06, null, 128000],
  ['nebius/meta-llama/Llama-3.3-70B-Instruct', 'nebius', 'chat', 0.13, 0.4, null, 128000],
  ['together_ai/meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo', 'together_ai', 'chat', 0.18, 0.18, null, null],
  ['meta.llama3-1-8b-instruct-v1:0', 'bedrock', 'chat', 0.22, 0.22, null, 128000],
  ['azure_ai/Phi-4-mini-instruct', 'azure_ai', 'chat', 0.075, 0.3, null, 131072],
  ['cloudflare/@cf/meta/llama-3.2-1b-instruct', 'cloudflare', 'chat', 0.027, 0.201, null, 60000],
  ['text-embedding-3-small', 'openai', 'embedding', 0.02, 0, null, 8191],
  ['text-embedding-3-large', 'openai', 'embedding', 0.13, 0, null, 8191],
  ['mistral/mistral-embed', 'mistral', 'embedding', 0.1, null, null, 8192],
  ['together_ai/BAAI/bge-base-en-v1.5', 'together_ai', 'embedding', 0.008, 0, null, 512],
  ['nebius/intfloat/e5-mistral-7b-instruct', 'nebius', 'embedding', 0.01, 0, null, 32768],
  ['novita/baai/bge-m3', 'novita', 'embedding', 0.01, 0.01, null, 8192],
  ['novita/baai/bge-reranker-v2-m3', 'novita', 'rerank', 0.01, 0.01, null, 8000],
];

/** What providers ask for a million tokens. */
export const tokenPrices: readonly TokenPrice[] = rows.map(
  ([model, provider, mode, input, output, cachedInput, contextTokens]) => ({
    model,
    provider,
    mode,
    currency: 'USD',
    usdPerMillionInput: input,
    usdPerMillionOutput: output,
    usdPerMillionCachedInput: cachedInput,
    contextTokens,
    ...list,
    flags: [],
  }),
);
