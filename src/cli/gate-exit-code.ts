import type { GateCalibrationResult } from '../gate/gate-calibration-result.ts';
import type { GateResult } from '../gate/gate-result.ts';
import type { ExitCode } from './exit-codes.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * The result is written first; then an interruption, a model that did not run, a fail and doubt decide, in this order.
 * Another machine's figures are a doubt, never a pass.
 */
export function gateExitCode({ interrupted, scenarios, verdict, settings }: GateResult): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  if (scenarios.some(({ failure }) => failure !== null)) return exitCodes.runtimeFailed;
  if (verdict === 'fail') return exitCodes.goalMissed;
  const isOpen = verdict === 'inconclusive' || verdict === 'incomparable';
  return isOpen && settings.onInconclusive === 'fail' ? exitCodes.inconclusive : exitCodes.ok;
}

/** `fail`: a tolerance that this machine cannot tell in the budget. */
export function calibrationExitCode({ interrupted, scenarios, verdict }: GateCalibrationResult): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  if (scenarios.some(({ failure }) => failure !== null)) return exitCodes.runtimeFailed;
  return verdict === 'fail' ? exitCodes.goalMissed : exitCodes.ok;
}
