import { z } from 'zod';
import { text, texts } from './config-values.ts';
import { judgedConfig } from './scoring-config.ts';

/** Options of `infer prune`, by the names of its flags in camel case. */
export const pruneSchema = z
  .strictObject({
    ...judgedConfig,
    models: z.array(z.string()).max(1).describe('the model to prune when none is named on the command line'),
    channels: text.describe('share of channels and neurons to remove: 0.5 or 50%'),
    heads: text.describe('share of attention heads to remove'),
    width: text.describe('share of the residual stream to remove'),
    layers: text.describe('residual blocks to drop'),
    sparsity: text.describe('share of weights to set to 0, or N:M such as 2:4'),
    global: z.boolean().describe('take the share from all groups together'),
    score: z.string().describe('how channels and heads are ranked'),
    sparsityScore: z.string().describe('how single weights are chosen'),
    roundTo: text.describe('what widths of convolutions are multiples of'),
    reconstruct: z.boolean(),
    steps: text.describe('rounds of scoring, removing and refitting'),
    distill: z.union([z.boolean(), text]).describe('train afterwards: true, or epochs'),
    exclude: texts.describe('nodes to leave as they are, by name or operator, * for anything'),
    maxDrop: text.describe('how far it may fall behind the original: 0.5pt, 1% or 0.01'),
    targetLatency: text.describe('share of the latency to keep: 0.6x'),
    targetSize: z.string().describe('size to keep: 0.5x of the file before, or 10MB'),
    targetMacs: text.describe('share of the MACs to keep: 0.5x'),
  })
  .partial()
  .refine(({ externalData, inlineData }) => !(externalData === true && inlineData === true), {
    error: 'externalData and inlineData cannot both be true',
  });
