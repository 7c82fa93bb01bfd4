// The words of the domain that the command line reads flags with.
export { parseInputValue } from '../data/input-value.ts';
export { providerNames } from '../runtime/provider.ts';
export { optimizationLevels } from '../runtime/runtime.ts';
