import type { OptimizeWarningDetails } from '../../optimize/optimize-warning.ts';
import type { Sentences } from './sentences.ts';

export const optimizeMessages: Sentences<OptimizeWarningDetails> = {
  'dimension-assumed': (d) =>
    `${d.model}: dimension '${d.dimension}' was taken as ${d.value} for the comparison and the MACs; ` +
    `give another with --shape, or bake one in with --dim ${d.dimension}=VALUE`,
};
