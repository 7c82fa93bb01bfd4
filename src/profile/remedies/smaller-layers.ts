import type { ProfiledKernel } from '../profile-result.ts';
import { hasWeight, isFloatLayer } from './layer-kernels.ts';
import type { RemedyRule } from './remedies-of.ts';
import { about, shareOf } from './shares.ts';

/** Below these shares of the time, what quantizing or pruning saves is lost in the rest. */
const quantizeFrom = 0.25;
const pruneFrom = 0.4;

/** Instructions that multiply and add bytes: without them int8 is little faster than float32, if at all. */
const byteProducts: ReadonlySet<string> = new Set(['amx_int8', 'asimddp', 'avx512_vnni', 'avx_vnni', 'i8mm']);

/** Layers in float32, where they do not spend their time on being started. */
export const quantize: RemedyRule = ({ ep, kernels }, { instructionSets }) => {
  const layers = kernels.filter((kernel) => isFloatLayer(kernel) && kernel.bound !== 'overhead');
  const share = shareOf(layers);
  if (share < quantizeFrom) return null;
  const to = ep === 'cpu' ? integersFor(layers) : 'float16';
  const isTold = to === 'int8' && instructionSets.length > 0;
  const integerInstructions = isTold ? instructionSets.some((name) => byteProducts.has(name)) : null;
  return { remedy: 'quantize', share, details: { ...about(layers), to, integerInstructions } };
};

/** Layers with weights of whatever type: with fewer channels they compute less and read less. */
export const prune: RemedyRule = ({ kernels }) => {
  const layers = kernels.filter((kernel) => hasWeight(kernel) && kernel.bound !== 'overhead');
  const share = shareOf(layers);
  return share < pruneFrom ? null : { remedy: 'prune', share, details: about(layers) };
};

/** Where most of the time goes into reading weights of matrix products, fewer bits a weight are what counts. */
function integersFor(layers: readonly ProfiledKernel[]): 'int8' | 'int4' {
  const reading = layers.filter(({ op, bound }) => bound === 'memory' && !op.includes('Conv'));
  return shareOf(reading) > shareOf(layers) / 2 ? 'int4' : 'int8';
}
