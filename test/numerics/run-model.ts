import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { fromOutputs, openOnnxSession, toFeeds } from '../../src/runtime/onnxruntime.ts';
import type { OptimizationLevel } from '../../src/runtime/runtime.ts';

/** Runs a model in this very process, by default as it is written: without onnxruntime's own rewrites. */
export async function runModel(
  bytes: Uint8Array,
  feeds: NamedTensors,
  optimization: OptimizationLevel = 'disabled',
): Promise<NamedTensors> {
  const session = await openOnnxSession({
    modelPath: '',
    bytes,
    provider: 'cpu',
    threads: 1,
    optimization,
    strictProvider: false,
  });
  return fromOutputs(await session.run(toFeeds(feeds)));
}
