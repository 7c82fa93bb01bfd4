import type { RemedyRule } from './remedies-of.ts';
import { about, shareOf } from './shares.ts';

/** Less may as well be what the model needs. */
const muchMoving = 0.1;

/**
 * Operators that compute nothing, or nothing that could not be computed beforehand: cleaning a model up folds, joins or
 * removes what it can of them.
 */
const moves: ReadonlySet<string> = new Set([
  'BatchNormalization',
  'Cast',
  'ConstantOfShape',
  'Expand',
  'Flatten',
  'Identity',
  'Range',
  'Reshape',
  'Shape',
  'Squeeze',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);

/** What the runtime puts in itself stays whatever is done to the model. */
export const optimize: RemedyRule = ({ kernels }, { optimization: level }) => {
  const moving = kernels.filter(({ op, added }) => added === null && moves.has(op));
  const share = shareOf(moving);
  if (level !== 'all')
    return { remedy: 'optimize', share: shareOf(kernels), details: { ...about(moving), reason: 'level', level } };
  if (share < muchMoving) return null;
  return { remedy: 'optimize', share, details: { ...about(moving), reason: 'moves', level } };
};
