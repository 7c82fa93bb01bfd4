/** Where a model is going to run, as far as it makes a difference for its clean-up. */
export const optimizeTargets = ['cpu', 'webgpu'] as const;
export type OptimizeTarget = (typeof optimizeTargets)[number];
