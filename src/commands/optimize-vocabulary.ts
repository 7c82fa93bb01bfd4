export { optimizeTargets } from '../optimize/optimize-target.ts';
