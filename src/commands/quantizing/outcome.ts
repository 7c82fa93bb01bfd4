import type { EvaluateFindings } from '../../evaluate/evaluate-result.ts';
import type { Finding } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { QuantizationParameters } from '../../quantize/numeric/scale-and-zero-point.ts';
import type { OwnedTimes } from '../../quantize/plan/profile-owner.ts';
import type { Candidate } from '../../quantize/quantize-result.ts';
import type { DynamicRule } from '../../quantize/rewrite/rewrite-dynamic.ts';
import type { FloatReason, Treatment } from '../../quantize/vocabulary.ts';
import type { Calibrated } from './calibrate.ts';
import type { MeasuredCandidate } from '../trials/measure-candidates.ts';
import type { Sensitivity } from './sensitivity.ts';

/** The model that is to be written, and how it came about. */
export interface Outcome {
  readonly model: Model;
  /** What was done to nodes, by key. */
  readonly done: ReadonlyMap<string, Treatment>;
  readonly reasons: ReadonlyMap<string, FloatReason>;
  readonly candidates: readonly Candidate[];
  readonly calibrated: Calibrated | null;
  /** How 8-bit weights were chosen, where that was left open; null where it was not. */
  readonly weights: DynamicRule | null;
  readonly parametersOf: (value: string) => QuantizationParameters | null;
  readonly sensitivity: Sensitivity;
  readonly times: { readonly before: OwnedTimes | null; readonly after: OwnedTimes | null };
  /** On all samples; null where nobody compared. */
  readonly findings: EvaluateFindings | null;
  readonly measured: MeasuredCandidate | null;
  readonly sizeBytes: number | null;
  readonly failure: Finding | null;
  readonly interrupted: boolean;
  readonly warnings: readonly Finding[];
}

/** An outcome of which nothing is known but the model. */
export function plainOutcome(model: Model, done: Outcome['done']): Outcome {
  return {
    model,
    done,
    reasons: new Map(),
    candidates: [],
    calibrated: null,
    weights: null,
    parametersOf: () => null,
    sensitivity: new Map(),
    times: { before: null, after: null },
    findings: null,
    measured: null,
    sizeBytes: null,
    failure: null,
    interrupted: false,
    warnings: [],
  };
}
