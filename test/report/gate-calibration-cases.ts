import type { CalibrationCell, GateCalibrationResult } from '../../src/gate/gate-calibration-result.ts';
import { blocks, gateResult } from './gate-cases.ts';

export function calibrationCell(sketch: Partial<CalibrationCell> = {}): CalibrationCell {
  return {
    scenario: 'resnet',
    metric: 'latency-p50',
    unit: 'ms',
    value: 12.3,
    pairs: 12,
    ratio: { value: 1.002, low: 0.981, high: 1.024 },
    sd: 0.031,
    sdUpper: 0.044,
    tolerance: 0.05,
    detectable: 0.091,
    smallestTolerance: 0.0412,
    neededPairs: 10,
    neededBudgetMs: 42_000,
    resolvable: true,
    ...sketch,
  };
}

/** Tolerances that can be told. */
export function calibrationCase(sketch: Partial<GateCalibrationResult> = {}): GateCalibrationResult {
  const { schemaVersion, tool, createdAt, command, environment } = gateResult();
  return {
    schemaVersion,
    tool,
    createdAt,
    command,
    environment,
    warnings: [],
    kind: 'gate-calibration',
    settings: { alpha: 0.01, seed: 0, budgetMs: 60_000, maxPairs: 40, optimization: 'all' },
    scenarios: [
      {
        name: 'resnet',
        model: { ref: 'm.onnx', sha256: 'a'.repeat(64), sizeBytes: 102_400_000, commit: null, dirty: false },
        ep: 'cpu',
        batch: 4,
        threads: 2,
        instances: 1,
        dims: { N: 4 },
        inputs: 'synthetic',
        plan: { pairs: 12, runs: 30, minMs: 500 },
        blocks: blocks(4),
        failure: null,
      },
    ],
    cells: [calibrationCell(), calibrationCell({ metric: 'load-time', value: 84, tolerance: null, detectable: null })],
    suggested: { pairs: 12, neededPairs: 9, budgetMs: 42_000 },
    verdict: 'pass',
    elapsedMs: 58_200,
    interrupted: false,
    ...sketch,
  };
}
