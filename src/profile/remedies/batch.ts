import { weightPart } from './layer-kernels.ts';
import type { RemedyRule } from './remedies-of.ts';
import { shareOf } from './shares.ts';

/** Less is not worth the latency that waiting for a batch costs. */
const from = 0.25;

/** With more items at once, what is done once a batch is divided already. */
const largestBatch = 8;

/** What a kernel does once, however many items: it starts, and reads its weights. */
export const batch: RemedyRule = ({ batch: items, kernels }) => {
  if (items === null || items > largestBatch) return null;
  const overheadShare = shareOf(kernels.filter(({ bound }) => bound === 'overhead'));
  const weightShare = shareOf(kernels.filter((kernel) => kernel.bound === 'memory' && weightPart(kernel) > 0.5));
  const share = overheadShare + weightShare;
  return share < from ? null : { remedy: 'batch', share, details: { batch: items, overheadShare, weightShare } };
};
