import type { GateCalibrationResult } from '../../../gate/gate-calibration-result.ts';
import { calibrationSummary } from '../../gate-calibration-summary.ts';
import type { Page } from '../page.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** Whether the tolerances can be told here, and how far each metric varies. */
export function gateCalibrationPage(result: GateCalibrationResult): Page {
  const { heading, tone, advice, sections, facts, warnings } = calibrationSummary(result, true);
  return {
    kind: 'gate-calibration',
    heading: `Calibration of the gate: ${result.verdict}`,
    lead: [
      { text: heading, tone },
      { text: advice, tone: 'plain' },
    ],
    sections,
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}
