import { rareModel } from '../fuzz/seeds.ts';
import { randomModel } from '../onnx/random-model.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';

/** A model made by the builder, and inputs where it can be run. */
export interface GeneratedModel {
  readonly name: string;
  readonly model: Model;
  readonly feeds: NamedTensors;
}

/** `count` models at opsets 13 to 25, with subgraphs and all operators of the generator; the last has the rarities. */
export function* generatedModels(count: number): Generator<GeneratedModel, void, undefined> {
  for (let seed = 0; seed < count - 1; seed++) {
    const opset = 13 + (seed % 13);
    const { model, feeds } = randomModel(seed, { opset, steps: 20 + (seed % 50) });
    yield { name: `generated-${seed}-opset-${opset}`, model, feeds };
  }
  yield {
    name: 'generated-rarities',
    model: rareModel(),
    feeds: { x: { type: 'float32', dims: [2, 4], data: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]) } },
  };
}
