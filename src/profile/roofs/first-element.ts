import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { longs } from '../../onnx/graph-builder.ts';
import { tensorType } from '../../onnx/value-type.ts';
import type { Value } from '../../onnx/value.ts';

/** Ends a workload with one element of a matrix: a large output would be copied in every run, on a GPU across its bus. */
export function firstElement(g: GraphBuilder, matrix: Value): void {
  const [starts, ends] = [g.constant('starts', longs([0, 0])), g.constant('ends', longs([1, 1]))];
  const element = g.op('Slice', [matrix, starts, ends]);
  const float = g.op('Cast', [element], { attributes: { to: numberOfDataType('float32') } });
  g.output(float, 'first', tensorType('float32', [1, 1]));
}
