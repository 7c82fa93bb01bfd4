import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { castTensor } from '../../../src/onnx/tensor-types/cast-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import type { Float16Options } from '../../../src/quantize/float16/float16-options.ts';
import type { Float16Report } from '../../../src/quantize/float16/float16-report.ts';
import { toFloat16 } from '../../../src/quantize/float16/to-float16.ts';
import { runModel } from '../../numerics/run-model.ts';

export interface RewrittenRun {
  readonly model: Model;
  readonly report: Float16Report;
  /** By the original model. */
  readonly expected: NamedTensors;
  readonly found: NamedTensors;
}

/** Rewrites a copy of a model and lets onnxruntime run both: what is float32 in the feeds is fed as what is asked for. */
export async function runBoth(
  original: Model,
  feeds: NamedTensors,
  options: Float16Options = {},
): Promise<RewrittenRun> {
  const bytes = encodeModel(original);
  const model = readModelBytes(bytes);
  const report = toFloat16(model, options);
  checkGraph(model);
  const expected = await runModel(bytes, feeds);
  const found = await runModel(encodeModel(model), feedsFor(model, feeds));
  return { model, report, expected, found };
}

/** Feeds in the types that a model's inputs have. */
function feedsFor(model: Model, feeds: NamedTensors): NamedTensors {
  const types = new Map(
    model.graph.inputs.map(({ name, type }) => [name, type?.kind === 'tensor' ? type.elementType : null]),
  );
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      tensor.type === 'float32' && types.get(name) === 'float16' ? castTensor(tensor, 'float16') : tensor,
    ]),
  );
}

/** Signal over noise of an output against the original's, in dB: 10 log10(sum x² / sum (x - y)²); Infinity when equal. */
export function sqnrOf(expected: DenseTensor, found: DenseTensor): number {
  const [x, y] = [numbersOf(expected), numbersOf(found)];
  if (`${expected.dims}` !== `${found.dims}`) return -Infinity;
  let [signal, noise] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    signal += (x[i] ?? 0) ** 2;
    noise += ((x[i] ?? 0) - (y[i] ?? 0)) ** 2;
  }
  if (noise === 0) return Infinity;
  return 10 * Math.log10(signal / noise);
}

/** The worst of all float outputs. */
export function worstSqnr({ expected, found }: RewrittenRun): number {
  const floats = Object.entries(expected).filter(([, { type }]) => type === 'float32');
  return Math.min(
    ...floats.map(([name, tensor]) => {
      const other = found[name];
      return other === undefined ? -Infinity : sqnrOf(tensor, other);
    }),
  );
}
