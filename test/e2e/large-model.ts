import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { saveModel } from '../../src/onnx/file/save-model.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import { tensorType } from '../../src/onnx/value-type.ts';

const rowBytes = 2 ** 20;

/** Writes a model of that many MiB, row by row: y = Identity(x + w). */
export async function writeLargeModel(path: string, mebibytes: number): Promise<void> {
  const shape = [mebibytes, rowBytes / 4];
  const g = new GraphBuilder();
  const produce = function* () {
    for (let row = 0; row < mebibytes; row++) yield new Uint8Array(new Float32Array(rowBytes / 4).fill(row).buffer);
  };
  const w = g.constant('w', new Tensor({ type: 'float32', dims: shape, storage: { kind: 'derived', produce } }));
  const sum = g.op('Add', [g.input('x', 'float32', shape), w]);
  g.output(g.op('Identity', [sum]), 'y', tensorType('float32', shape));
  await saveModel(g.model(), path);
}

/** A model of a few bytes that is told from the large one at once. */
export function smallModel(): Uint8Array {
  const g = new GraphBuilder();
  g.output(g.op('Relu', [g.input('x', 'float32', [1])]), 'y', tensorType('float32', [1]));
  return encodeModel(g.model());
}
