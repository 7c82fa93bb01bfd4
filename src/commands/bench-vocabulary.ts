// The words of the domain that the command line reads flags with.
export type { LatencyLimit } from '../bench/bench-result.ts';
export { onBrowser } from '../bench/browser-use.ts';
export { onNvidia } from '../bench/gpu-block.ts';
export { limitedPercentiles } from '../bench/latency-limit.ts';
export type { ListByCores } from './core-axes.ts';
export { parseInputValue } from '../data/input-value.ts';
export { nodeProviderNames, providerNames } from '../runtime/provider.ts';
export { optimizationLevels } from '../runtime/runtime.ts';
