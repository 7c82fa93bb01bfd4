import type { GateScenarioResult } from '../gate-result.ts';
import type { Outcome } from './draft.ts';
import { settled } from './draft.ts';

/** Why there is nothing to judge: a model failed, the gate was interrupted, or nobody tells such a figure. */
export function missingFigures(
  { failure, failedArm, blocks }: GateScenarioResult,
  figuresThere: boolean = blocks.length > 0,
): Outcome {
  if (failure !== null) {
    const details = { failure: failure.code };
    if (failedArm === 'base') return settled('inconclusive', { code: 'base-failed', details });
    return settled('fail', { code: 'head-failed', details });
  }
  if (figuresThere) return settled('inconclusive', { code: 'not-measured', details: {} });
  return settled('inconclusive', { code: 'interrupted', details: {} });
}
