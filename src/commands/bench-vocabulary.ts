// The words of the domain that the command line reads flags with.
export type { LatencyLimit } from '../bench/bench-result.ts';
export type { AskedRate } from '../bench/load/load-settings.ts';
export { defaultDurationMs } from '../bench/load/schedule.ts';
export { onBrowser } from '../bench/browser-use.ts';
export { onNvidia } from '../bench/gpu-block.ts';
export { limitedPercentiles } from '../bench/latency-limit.ts';
export type { ListByCores } from './core-axes.ts';
export { parseTrace } from '../data/parse-trace.ts';
export type { ArrivalPattern } from '../stats/arrivals.ts';
export { parseInputValue } from '../data/input-value.ts';
export { isPromptFile } from '../data/read-prompts.ts';
export { nodeProviderNames, providerNames } from '../runtime/provider.ts';
export { optimizationLevels } from '../runtime/runtime.ts';
