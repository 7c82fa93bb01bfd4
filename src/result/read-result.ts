import type { ZodError, ZodType } from 'zod';
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
import { DataError } from '../errors.ts';
import { schemaVersion } from './envelope.ts';

/** A result as `infer` saves it. */
export type SavedResult =
  | BenchResult
  | CostResult
  | DistillResult
  | DoctorResult
  | EvaluateResult
  | GateCalibrationResult
  | GateResult
  | InspectResult
  | OptimizeResult
  | PricesResult
  | ProfileResult
  | PruneResult
  | QuantizeResult;

/** Schemas by kind, each loaded when a file of its kind is read. */
const schemas: Readonly<Record<SavedResult['kind'], () => Promise<ZodType<SavedResult>>>> = {
  bench: async () => (await import('../bench/bench-result.ts')).benchResultSchema,
  cost: async () => (await import('../cost/cost-result.ts')).costResultSchema,
  distill: async () => (await import('../distill/distill-result.ts')).distillResultSchema,
  doctor: async () => (await import('../doctor/doctor-result.ts')).doctorResultSchema,
  evaluate: async () => (await import('../evaluate/evaluate-result.ts')).evaluateResultSchema,
  gate: async () => (await import('../gate/gate-result.ts')).gateResultSchema,
  'gate-calibration': async () => (await import('../gate/gate-calibration-result.ts')).gateCalibrationResultSchema,
  inspect: async () => (await import('../inspect/inspect-result.ts')).inspectResultSchema,
  optimize: async () => (await import('../optimize/optimize-result.ts')).optimizeResultSchema,
  prices: async () => (await import('../cost/catalog/prices-result.ts')).pricesResultSchema,
  profile: async () => (await import('../profile/profile-result.ts')).profileResultSchema,
  prune: async () => (await import('../prune/prune-result.ts')).pruneResultSchema,
  quantize: async () => (await import('../quantize/quantize-result.ts')).quantizeResultSchema,
};

/**
 * Reads a saved result back; `path` is named in errors.
 * @throws DataError `result-too-new`, or `result-malformed` with the line and column or the field at fault
 */
export async function parseResult(text: string, path: string): Promise<SavedResult> {
  const malformed = (problem: string): DataError => new DataError('result-malformed', { path, problem });
  const json = parseJson(text, malformed);
  const version: unknown = Reflect.get(json, 'schemaVersion');
  if (typeof version !== 'number') throw malformed("it has no 'schemaVersion'");
  if (version > schemaVersion)
    throw new DataError('result-too-new', { path, found: version, supported: schemaVersion });
  const kind: unknown = Reflect.get(json, 'kind');
  if (!isKind(kind)) throw malformed(kindProblem(kind));
  const schema = await schemas[kind]();
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw malformed(firstIssue(parsed.error));
}

function parseJson(text: string, malformed: (problem: string) => DataError): object {
  let value: unknown;
  try {
    // Editors on Windows may put a byte order mark first, which JSON does not allow.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw malformed(syntaxProblem(text, error instanceof Error ? error.message : String(error)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('it is not a JSON object');
  return value;
}

/** The engine's own words, with its character position turned into line and column. */
function syntaxProblem(text: string, message: string): string {
  if (text.trim() === '') return 'the file is empty';
  if (/end of JSON|Unterminated/.test(message)) return `its JSON stops early, ${place(text, text.length)}`;
  const position = /position (\d+)/.exec(message)?.[1];
  const problem = message.replace(/ in JSON at position .*$/, '');
  return position === undefined ? `it is not JSON: ${message}` : `${problem}, ${place(text, Number(position))}`;
}

function place(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function isKind(kind: unknown): kind is SavedResult['kind'] {
  return typeof kind === 'string' && Object.hasOwn(schemas, kind);
}

function kindProblem(kind: unknown): string {
  const known = Object.keys(schemas).join(' and ');
  if (kind === undefined) return `it has no 'kind', and only ${known} results can be read`;
  return `its kind is ${JSON.stringify(kind)}, and only ${known} results can be read`;
}

/** `points[3].latencyMs.p50.value: expected number, received string` */
function firstIssue({ issues }: ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'it does not fit its schema';
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const rest = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${path.replace(/^\./, '')}: ${issue.message.replace(/^Invalid input: /, '')}${rest}`;
}
