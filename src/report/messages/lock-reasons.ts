import type { BlockLock } from '../../prune/depth/residual-block.ts';
import type { LockReason } from '../../prune/groups/prune-group.ts';

/** Why units stay as they are, and what could be done about it. */
export interface LockReasonText {
  /** Short enough for a cell. */
  readonly cause: string;
  /** Null where nothing is to be done. */
  readonly cure: string | null;
}

const texts: Readonly<Record<LockReason, LockReasonText>> = {
  'graph-input': { cause: 'an input of the model, which callers feed', cure: null },
  'graph-output': { cause: 'an output of the model, which callers read', cure: null },
  'unknown-operator': { cause: 'an operator that no rule is known for', cure: 'export with standard operators' },
  'mixes-units': { cause: 'an operator that looks at all units at once', cure: null },
  normalized: { cause: 'a norm over the units', cure: 'allow it with --width' },
  reduced: { cause: 'a sum, mean or extreme over the units', cure: null },
  'reshape-ambiguous': { cause: 'a Reshape that tears the units apart', cure: null },
  'computed-shape': {
    cause: 'lengths that are computed while the model runs',
    cure: 'fix them with infer optimize --dim',
  },
  'uneven-groups': { cause: 'a convolution that shares its groups unevenly', cure: null },
  'weight-not-constant': { cause: 'the weight is made while the model runs', cure: null },
  vocabulary: { cause: 'a table looked up by index: its rows are a vocabulary', cure: null },
  'not-a-channel': { cause: 'it counts positions, pixels or samples, not units', cure: null },
  'in-control-flow': {
    cause: 'inside an If, Loop or Scan, or read by one',
    cure: 'try infer optimize, which takes out an If whose condition is constant',
  },
  'width-not-asked': { cause: 'a residual stream', cure: 'allow it with --width' },
  excluded: { cause: 'named by --exclude', cure: null },
  'no-shape': { cause: 'the runtime told no shape', cure: 'give lengths with --dim or --shape' },
  'weight-type': { cause: 'integer or quantized weights', cure: 'prune the float model, and quantize then' },
};

/** The reason in words; the code itself when another version of infer wrote it. */
export function lockReasonText(reason: string): LockReasonText {
  const known: Readonly<Record<string, LockReasonText>> = texts;
  return (Object.hasOwn(known, reason) ? known[reason] : undefined) ?? { cause: reason, cure: null };
}

const blockLocks: Readonly<Record<BlockLock, string>> = {
  'shape-changes': 'its output has another shape or type than its input',
  'in-control-flow': 'it holds an If, Loop or Scan, or one reads it',
  'carries-cache': 'an input of the model, such as past keys, is read by it alone',
  'makes-output': 'an output of the model, or something outside, reads its inside',
};

/** Why a residual block stays; the code itself where it is not known here. */
export function blockLockText(lock: string): string {
  const known: Readonly<Record<string, string>> = blockLocks;
  return (Object.hasOwn(known, lock) ? known[lock] : undefined) ?? lock;
}
