import { meaningOf } from '../data/dimension-names.ts';
import type { InputRequest } from '../data/input-request.ts';
import { resolveInputs } from '../data/resolve-inputs.ts';
import { InferError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';

/** One more run, at other sizes or with other values. */
export interface DimensionTrial {
  /** Sizes of all symbolic dimensions. */
  readonly dims: Readonly<Record<string, number>>;
  readonly feeds: NamedTensors;
}

export interface TrialOptions {
  /** Sizes that the model is known to take. */
  readonly base: Readonly<Record<string, number>>;
  readonly request: InputRequest;
}

/** Dimensions that are varied; models have a handful. */
const mostSymbols = 16;

/** Inputs with dimensions changed one by one, those of equal size together, and all at once. */
export function planTrials(signature: ModelSignature, options: TrialOptions): readonly DimensionTrial[] {
  const { base } = options;
  const symbols = Object.keys(base).slice(0, mostSymbols);
  const equalOnes = [...new Set(Object.values(base))].map((size) => symbols.filter((symbol) => base[symbol] === size));
  const groups = new Map([...symbols.map((symbol) => [symbol]), ...equalOnes, symbols].map((all) => [all.join(), all]));
  const trials: DimensionTrial[] = [];
  for (const group of groups.values()) {
    for (const choice of [0, 1] as const) {
      const changed = new Map(group.map((symbol) => [symbol, otherSizes(base[symbol] ?? 1)[choice]]));
      const trial = changed.size === 0 ? null : trialAt(signature, { ...options, changed });
      if (trial !== null) trials.push(trial);
    }
  }
  return trials;
}

/** Twice the size keeps multiples of 32 what they are; one more shows who rounds up to them. */
function otherSizes(size: number): readonly [number, number] {
  return size <= 1 ? [size + 1, size + 2] : [2 * size, size + 1];
}

/** Synthetic inputs at other sizes; null where the user's own values do not allow them. */
function trialAt(
  signature: ModelSignature,
  { base, request, changed }: TrialOptions & { readonly changed: ReadonlyMap<string, number> },
): DimensionTrial | null {
  // A total follows from what it is the sum of.
  const kept = Object.entries(base).filter(([symbol]) => meaningOf(symbol) !== 'total');
  const dims = Object.fromEntries([...kept, ...changed]);
  const free = { batchAxis: { kind: 'none' }, shapes: {}, samples: null, batch: null, poolSize: 1 } as const;
  try {
    const resolved = resolveInputs(signature, { ...request, ...free, dims });
    const [feeds] = resolved.pool;
    return feeds === undefined ? null : { dims: resolved.dims, feeds };
  } catch (error) {
    if (error instanceof InferError) return null;
    throw error;
  }
}
