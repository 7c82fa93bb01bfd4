import type { OutputComparison, Tolerance } from '../../compute/compare-outputs.ts';
import { compareOutputs } from '../../compute/compare-outputs.ts';
import { isFloatType } from '../../onnx/data-type.ts';
import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { ModelSignature, ValueSignature } from '../../onnx/signature.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { GateScenarioResult } from '../../gate/gate-result.ts';

type Outputs = NonNullable<GateScenarioResult['outputs']>;

/** What a model declares, and what it returned for each set of inputs. */
export interface RanArm {
  readonly signature: ModelSignature;
  readonly outputs: readonly NamedTensors[];
}

/** Holds what both models returned for the same inputs against each other. */
export function compareArms(base: RanArm, head: RanArm, tolerance: Tolerance): Outputs {
  let worst: OutputComparison | null = null;
  let strange: string | null = null;
  for (const [at, expected] of base.outputs.entries()) {
    const found = head.outputs[at] ?? {};
    const problem = unlikeOutputs(expected, found);
    if (problem !== null) return nothingCompared(problem);
    strange ??= newlyNotFinite(expected, found);
    worst = worseOf(worst, compareOutputs(found, expected, tolerance));
  }
  return {
    equal: worst?.matches ?? true,
    maxAbs: finite(worst?.maxAbs ?? 0),
    maxRel: finite(worst?.maxRel ?? 0),
    finite: strange === null,
    output: strange ?? worst?.worstOutput ?? null,
    problem: null,
  };
}

/** Models that cannot be held against each other. */
export function nothingCompared(problem: NonNullable<Outputs['problem']>): Outputs {
  return { equal: false, maxAbs: null, maxRel: null, finite: true, output: null, problem };
}

/** The first comparison that does not match speaks for all, the largest differences being told. */
function worseOf(a: OutputComparison | null, b: OutputComparison): OutputComparison {
  if (a === null) return b;
  return {
    matches: a.matches && b.matches,
    maxAbs: Math.max(a.maxAbs, b.maxAbs),
    maxRel: Math.max(a.maxRel, b.maxRel),
    worstOutput: a.worstOutput ?? b.worstOutput,
  };
}

/** Inputs that the base takes and the head does not take alike, or that only the head has. */
export function unlikeInputs(base: ModelSignature, head: ModelSignature): Outputs['problem'] {
  const names = [...new Set([...base.inputs, ...head.inputs].map(({ name }) => name))];
  for (const name of names) {
    const [ours, theirs] = [base, head].map(({ inputs }) => inputs.find((input) => input.name === name));
    if (ours !== undefined && theirs !== undefined && isAlike(ours, theirs)) continue;
    return { code: 'inputs-unlike', details: { input: name, base: textOf(ours), head: textOf(theirs) } };
  }
  return null;
}

/** A length that one of them leaves open takes the other's. */
function isAlike(a: ValueSignature, b: ValueSignature): boolean {
  return (
    a.type === b.type &&
    a.shape.length === b.shape.length &&
    a.shape.every((dim, axis) => typeof dim === 'string' || typeof b.shape[axis] === 'string' || dim === b.shape[axis])
  );
}

function unlikeOutputs(base: NamedTensors, head: NamedTensors): Outputs['problem'] {
  for (const name of new Set([...Object.keys(base), ...Object.keys(head)])) {
    const [ours, theirs] = [base[name], head[name]].map(shapeOf);
    if (ours !== theirs)
      return { code: 'outputs-unlike', details: { output: name, base: ours ?? 'missing', head: theirs ?? 'missing' } };
  }
  return null;
}

function shapeOf(tensor: DenseTensor | undefined): string | undefined {
  return tensor && textOf({ type: tensor.type, shape: tensor.dims });
}

function textOf(value: Pick<ValueSignature, 'type' | 'shape'> | undefined): string {
  return value === undefined ? 'missing' : `${value.type}[${value.shape.join(', ')}]`;
}

/** The first output with NaN or infinities where the base has none at all. */
function newlyNotFinite(base: NamedTensors, head: NamedTensors): string | null {
  const isBad = (name: string) => isNotFinite(head[name]) && !isNotFinite(base[name]);
  return Object.keys(head).find(isBad) ?? null;
}

function isNotFinite(tensor: DenseTensor | undefined): boolean {
  if (tensor === undefined || !isFloatType(tensor.type)) return false;
  return !numbersOf(tensor).every((value) => Number.isFinite(value));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
