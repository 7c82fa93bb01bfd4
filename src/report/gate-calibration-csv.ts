import type { CalibrationCell, GateCalibrationResult } from '../gate/gate-calibration-result.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

type Field = readonly [name: string, read: (cell: CalibrationCell, result: GateCalibrationResult) => CsvValue];

/** A calibration as RFC 4180: one record a metric of a scenario, shares between 0 and 1. */
export function gateCalibrationCsv(result: GateCalibrationResult): string {
  return csvText(
    fields.map(([name]) => name),
    result.cells.map((cell) => fields.map(([, read]) => read(cell, result))),
  );
}

const fields: readonly Field[] = [
  ['scenario', ({ scenario }) => scenario],
  ['metric', ({ metric }) => metric],
  ['unit', ({ unit }) => unit],
  ['value', ({ value }) => value],
  ['pairs', ({ pairs }) => pairs],
  ['ratio', ({ ratio }) => ratio?.value ?? null],
  ['ratioLow', ({ ratio }) => ratio?.low ?? null],
  ['ratioHigh', ({ ratio }) => ratio?.high ?? null],
  ['sd', ({ sd }) => sd],
  ['sdUpper', ({ sdUpper }) => sdUpper],
  ['tolerance', ({ tolerance }) => tolerance],
  ['detectable', ({ detectable }) => detectable],
  ['smallestTolerance', ({ smallestTolerance }) => smallestTolerance],
  ['neededPairs', ({ neededPairs }) => neededPairs],
  ['neededBudgetMs', ({ neededBudgetMs }) => neededBudgetMs],
  ['resolvable', ({ resolvable }) => resolvable],
  ['verdict', (_, { verdict }) => verdict],
  ['budgetMs', (_, { settings }) => settings.budgetMs],
  ['alpha', (_, { settings }) => settings.alpha],
  ['seed', (_, { settings }) => settings.seed],
  ['onnxruntime', (_, { environment }) => environment.onnxruntime],
  ['fingerprint', (_, { environment }) => environment.fingerprint],
  ['createdAt', (_, { createdAt }) => createdAt],
];
