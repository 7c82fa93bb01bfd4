import type { BenchResult } from '../bench/bench-result.ts';
import type { PricesResult } from '../cost/catalog/prices-result.ts';
import type { CostResult } from '../cost/cost-result.ts';
import type { DistillResult } from '../distill/distill-result.ts';
import type { DoctorResult } from '../doctor/doctor-result.ts';
import type { EvaluateResult } from '../evaluate/evaluate-result.ts';
import type { GateCalibrationResult } from '../gate/gate-calibration-result.ts';
import type { GateResult } from '../gate/gate-result.ts';
import type { InspectResult } from '../inspect/inspect-result.ts';
import type { OptimizeResult } from '../optimize/optimize-result.ts';
import type { ProfileResult } from '../profile/profile-result.ts';
import type { PruneResult } from '../prune/prune-result.ts';
import type { QuantizeResult } from '../quantize/quantize-result.ts';
import type { BenchSet } from '../result/bench-set.ts';
import { benchCsv } from './bench-csv.ts';
import { benchMarkdown } from './bench-markdown.ts';
import { benchSetCsv } from './bench-set-csv.ts';
import { benchSetMarkdown } from './bench-set-markdown.ts';
import { benchSetTable } from './bench-set-table.ts';
import { benchTable } from './bench-table.ts';
import { costCsv } from './cost-csv.ts';
import { costMarkdown } from './cost-markdown.ts';
import { costTable } from './cost-table.ts';
import { distillCsv } from './distill-csv.ts';
import { distillMarkdown } from './distill-markdown.ts';
import { distillTable } from './distill-table.ts';
import { doctorTable } from './doctor-table.ts';
import { evaluateCsv } from './evaluate-csv.ts';
import { evaluateMarkdown } from './evaluate-markdown.ts';
import { evaluateTable } from './evaluate-table.ts';
import { gateBenchmarkAction } from './gate-benchmark-action.ts';
import { gateCalibrationCsv } from './gate-calibration-csv.ts';
import { gateCalibrationMarkdown } from './gate-calibration-markdown.ts';
import { gateCalibrationTable } from './gate-calibration-table.ts';
import { gateCsv } from './gate-csv.ts';
import { gateGithub } from './gate-github.ts';
import { gateJunit } from './gate-junit.ts';
import { gateMarkdown } from './gate-markdown.ts';
import { gateTable } from './gate-table.ts';
import { inspectCsv } from './inspect-csv.ts';
import { inspectMarkdown } from './inspect-markdown.ts';
import { inspectTable } from './inspect-table.ts';
import { optimizeMarkdown } from './optimize-markdown.ts';
import { optimizeTable } from './optimize-table.ts';
import { pricesCsv } from './prices-csv.ts';
import { pricesMarkdown } from './prices-markdown.ts';
import { pricesTable } from './prices-table.ts';
import { profileCsv } from './profile-csv.ts';
import { profileMarkdown } from './profile-markdown.ts';
import { profileTable } from './profile-table.ts';
import { pruneCsv } from './prune-csv.ts';
import { pruneMarkdown } from './prune-markdown.ts';
import { pruneTable } from './prune-table.ts';
import { quantizeCsv } from './quantize-csv.ts';
import { quantizeMarkdown } from './quantize-markdown.ts';
import { quantizeTable } from './quantize-table.ts';
import type { Style } from './style.ts';

interface ResultOfKind {
  bench: BenchResult;
  'bench-set': BenchSet;
  cost: CostResult;
  distill: DistillResult;
  doctor: DoctorResult;
  evaluate: EvaluateResult;
  gate: GateResult;
  'gate-calibration': GateCalibrationResult;
  inspect: InspectResult;
  optimize: OptimizeResult;
  prices: PricesResult;
  profile: ProfileResult;
  prune: PruneResult;
  quantize: QuantizeResult;
}

/** Everything that can be reported. */
export type Reportable = ResultOfKind[keyof ResultOfKind];
export type ResultKind = keyof ResultOfKind;
/** Every format, the default first. */
export const resultFormats = [
  'table',
  'json',
  'csv',
  'markdown',
  'junit',
  'github',
  'benchmark-action',
  'html',
] as const;
export type ResultFormat = (typeof resultFormats)[number];
/** Formats without charts: what they need is loaded already. */
export type TextFormat = Exclude<ResultFormat, 'html'>;

type Reporter<Result> = (result: Result, style: Style) => string;
type ReporterMap = {
  readonly [Kind in ResultKind]: { readonly [Format in TextFormat]?: Reporter<ResultOfKind[Kind]> };
};

const reporters: ReporterMap = {
  bench: { table: benchTable, json, csv: benchCsv, markdown: benchMarkdown },
  'bench-set': { table: benchSetTable, json, csv: benchSetCsv, markdown: benchSetMarkdown },
  cost: { table: costTable, json, csv: costCsv, markdown: costMarkdown },
  distill: { table: distillTable, json, csv: distillCsv, markdown: distillMarkdown },
  doctor: { table: doctorTable, json },
  evaluate: { table: evaluateTable, json, csv: evaluateCsv, markdown: evaluateMarkdown },
  gate: {
    table: gateTable,
    json,
    csv: gateCsv,
    markdown: gateMarkdown,
    junit: gateJunit,
    github: gateGithub,
    'benchmark-action': gateBenchmarkAction,
  },
  'gate-calibration': {
    table: gateCalibrationTable,
    json,
    csv: gateCalibrationCsv,
    markdown: gateCalibrationMarkdown,
  },
  inspect: { table: inspectTable, json, csv: inspectCsv, markdown: inspectMarkdown },
  optimize: { table: optimizeTable, json, markdown: optimizeMarkdown },
  prices: { table: pricesTable, json, csv: pricesCsv, markdown: pricesMarkdown },
  profile: { table: profileTable, json, csv: profileCsv, markdown: profileMarkdown },
  prune: { table: pruneTable, json, csv: pruneCsv, markdown: pruneMarkdown },
  quantize: { table: quantizeTable, json, csv: quantizeCsv, markdown: quantizeMarkdown },
};

/** The formats a kind of result can be drawn in, the default first. */
export function formatsOf(kind: ResultKind): readonly ResultFormat[] {
  return resultFormats.filter((format) => format === 'html' || Object.hasOwn(reporters[kind], format));
}

/** How a format is drawn. The library of its charts is loaded when a page is asked for. */
export async function loadReporter(format: ResultFormat): Promise<(result: Reportable, style: Style) => string | null> {
  if (format !== 'html') return (result, style) => report(result, format, style);
  return (await import('./html/html-report.ts')).htmlReport;
}

/** The result in the given format, with a final newline; null for a format that its kind does not have. */
export function report(result: Reportable, format: TextFormat, style: Style): string | null {
  switch (result.kind) {
    case 'bench':
      return reporters.bench[format]?.(result, style) ?? null;
    case 'bench-set':
      return reporters['bench-set'][format]?.(result, style) ?? null;
    case 'cost':
      return reporters.cost[format]?.(result, style) ?? null;
    case 'distill':
      return reporters.distill[format]?.(result, style) ?? null;
    case 'doctor':
      return reporters.doctor[format]?.(result, style) ?? null;
    case 'evaluate':
      return reporters.evaluate[format]?.(result, style) ?? null;
    case 'gate':
      return reporters.gate[format]?.(result, style) ?? null;
    case 'gate-calibration':
      return reporters['gate-calibration'][format]?.(result, style) ?? null;
    case 'inspect':
      return reporters.inspect[format]?.(result, style) ?? null;
    case 'optimize':
      return reporters.optimize[format]?.(result, style) ?? null;
    case 'prices':
      return reporters.prices[format]?.(result, style) ?? null;
    case 'profile':
      return reporters.profile[format]?.(result, style) ?? null;
    case 'prune':
      return reporters.prune[format]?.(result, style) ?? null;
    case 'quantize':
      return reporters.quantize[format]?.(result, style) ?? null;
  }
}

function json(result: Reportable): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
