import type { PruneResult } from '../prune/prune-result.ts';
import type { QuantizeResult } from '../quantize/quantize-result.ts';
import type { ExitCode } from './exit-codes.ts';
import { exitCodes } from './exit-codes.ts';

/** What decides the exit code of a command that writes a model only when it reaches its goals. */
type Judged = Pick<QuantizeResult | PruneResult, 'interrupted' | 'benchFailure' | 'verdict' | 'output'>;

/**
 * The result is written first; then an interruption, a failed measurement, a missed goal and doubt decide, in this
 * order.
 */
export function judgedExitCode(result: Judged, onInconclusive: string): ExitCode {
  const { interrupted, benchFailure, verdict, output } = result;
  if (interrupted) return exitCodes.interrupted;
  if (benchFailure !== null) return exitCodes.runtimeFailed;
  // What was written although it is worse was wanted so.
  if (verdict === 'fail') return output === null ? exitCodes.goalMissed : exitCodes.ok;
  return verdict === 'inconclusive' && onInconclusive === 'fail' ? exitCodes.inconclusive : exitCodes.ok;
}
