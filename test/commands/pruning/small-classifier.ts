import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { noise } from '../../compute/calibration/calibrated.ts';

/** x[batch, 6] through `hidden` neurons to the scores of 3 classes. */
export function smallClassifier(batch: string | number, hidden = 12): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [batch, 6]);
  const dense = (input: typeof x, name: string, [from, to]: readonly [number, number]) =>
    g.op('Gemm', [input, g.constant(`${name}.w`, noise([from, to], from)), g.constant(`${name}.b`, noise([to], to))], {
      name,
    });
  const inner = g.op('Relu', [dense(x, 'first', [6, hidden])], { name: 'relu' });
  g.output(dense(inner, 'second', [hidden, 3]), 'scores', tensorType('float32', [batch, 3]));
  return g.model({ opset: 17 });
}

/** So many samples, with labels that have nothing to do with them. */
export function smallData(count: number): NamedTensors {
  const label = BigInt64Array.from({ length: count }, (_, i) => BigInt(i % 3));
  return { x: noise([count, 6], 4), label: { type: 'int64', dims: [count], data: label } };
}
