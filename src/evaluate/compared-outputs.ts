import { UsageError } from '../errors.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { type ClosenessRecords, OutputComparison } from './closeness.ts';
import type { EvaluatedModel } from './evaluate-options.ts';
import type { EvaluateWarning } from './evaluate-warning.ts';
import type { FinishedRun } from './run-batches.ts';
import { rowsOf } from './scored-model.ts';

/** What a model is compared with: another model's runs, or outputs that the data expect of the same feeds. */
export interface ComparedRuns {
  readonly model: EvaluatedModel;
  readonly found: readonly FinishedRun[];
  /** Null for outputs from the data, which lie as the model's own do. */
  readonly reference: EvaluatedModel | null;
  readonly expected: readonly FinishedRun[];
  readonly count: number;
}

/** Holds each output of a model against the one of the same name, batch by batch. */
export class ComparedOutputs {
  readonly #comparisons = new Map<string, OutputComparison>();
  readonly #alone = new Set<string>();

  /** Throws UsageError `outputs-unlike` for outputs of different shapes, or when none has the other's name. */
  add({ model, found, reference, expected, count }: ComparedRuns): void {
    for (const [at, run] of found.entries()) {
      const other = expected[at];
      if (other === undefined) continue;
      checkNames(run, other, { model: model.name, reference: reference?.name ?? 'the data' });
      for (const name of new Set([...Object.keys(run.outputs), ...Object.keys(other.outputs)])) {
        const pair = this.#pairOf(name, run, other);
        if (pair === null) continue;
        checkShapes(name, pair, { model: model.name, reference: reference?.name ?? 'the data' });
        const rows = rowsOf(model, run, { name, count });
        const expectedRows = rowsOf(reference ?? model, other, { name, count });
        if (rows === null || expectedRows === null) this.#alone.add(name);
        else this.#comparisonOf(name).add(rows, expectedRows);
      }
    }
  }

  records(): readonly ClosenessRecords[] {
    return [...this.#comparisons.values()].map((comparison) => comparison.records());
  }

  warnings(): readonly EvaluateWarning[] {
    return this.#alone.size === 0 ? [] : [{ code: 'outputs-not-compared', details: { outputs: [...this.#alone] } }];
  }

  #pairOf(name: string, run: FinishedRun, other: FinishedRun): readonly [DenseTensor, DenseTensor] | null {
    const [found, expected] = [run.outputs[name], other.outputs[name]];
    if (found !== undefined && expected !== undefined) return [found, expected];
    this.#alone.add(name);
    return null;
  }

  #comparisonOf(name: string): OutputComparison {
    const comparison = this.#comparisons.get(name) ?? new OutputComparison(name);
    this.#comparisons.set(name, comparison);
    return comparison;
  }
}

/** Nothing to compare is no success. */
function checkNames(run: FinishedRun, other: FinishedRun, names: Names): void {
  const known = Object.keys(other.outputs);
  const [first] = Object.entries(run.outputs);
  if (first === undefined || Object.keys(run.outputs).some((name) => known.includes(name))) return;
  const [output, tensor] = first;
  const expected = `missing (it has ${known.join(', ')})`;
  throw new UsageError('outputs-unlike', { ...names, output, found: shapeOf(tensor), expected });
}

interface Names {
  readonly model: string;
  readonly reference: string;
}

function checkShapes(output: string, [found, expected]: readonly [DenseTensor, DenseTensor], names: Names): void {
  if (found.dims.join() === expected.dims.join()) return;
  throw new UsageError('outputs-unlike', { ...names, output, found: shapeOf(found), expected: shapeOf(expected) });
}

function shapeOf({ type, dims }: DenseTensor): string {
  return `${type}[${dims.join(', ')}]`;
}
