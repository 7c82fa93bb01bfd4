import { expect } from 'vitest';
import type { LayerSumsOptions } from '../../../src/compute/reconstruction/collect-layer-sums.ts';
import { collectLayerSums } from '../../../src/compute/reconstruction/collect-layer-sums.ts';
import type { LayerSums } from '../../../src/compute/reconstruction/layer-sums.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { calibrated } from '../calibration/calibrated.ts';
import type { bruteSums } from './brute-sums.ts';

type Collecting = Partial<LayerSumsOptions> &
  Pick<LayerSumsOptions, 'layers' | 'original'> & { readonly feeds: readonly NamedTensors[] };

/** Sums in the order in which they come, and what is said at the end. Takes all positions unless told otherwise. */
export async function collected({ original, pruned = original, feeds, ...options }: Collecting) {
  const { model, ...data } = calibrated(original, feeds);
  const sums = new Map<string, LayerSums>();
  const outcome = await collectLayerSums({
    ...data,
    original: model,
    pruned,
    seed: 1,
    positions: 1_000_000,
    ...options,
    onSums: (each) => void sums.set(each.node, each),
  });
  return { sums, outcome };
}

/** All numbers within what sums of float32 allow. */
export function expectSums(found: LayerSums | undefined, expected: ReturnType<typeof bruteSums>): void {
  const { gram, cross, inputSums, targetSums, targetSquares, ...sizes } = expected;
  expect(found).toMatchObject(sizes);
  const arrays = { gram, cross, inputSums, targetSums, targetSquares };
  const worst = Object.entries(arrays).map(([name, numbers]) => {
    const data: unknown = Object.entries(found ?? {}).find(([key]) => key === name)?.[1];
    if (!(data instanceof Float64Array) || data.length !== numbers.length) return [name, Infinity];
    const scale = Math.max(1, ...numbers.map(Math.abs));
    return [name, Math.max(...numbers.map((number, i) => Math.abs(number - (data[i] ?? NaN)))) / scale];
  });
  expect(worst.filter(([, error]) => !(Number(error) < 1e-5))).toEqual([]);
}
