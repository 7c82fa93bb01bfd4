import fc from 'fast-check';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { contribRules } from '../../../src/onnx/shape/contrib-rules.ts';
import { standardRules } from '../../../src/onnx/shape/standard-rules.ts';

const operators = [
  ...[...standardRules.keys(), 'If', 'Loop', 'Scan'].map((op) => ({ op, domain: '' })),
  ...[...contribRules.keys()].map((op) => ({ op, domain: 'com.microsoft' })),
];
const number = fc.constantFrom(-(2 ** 62), -9, -2, -1, 0, 1, 2, 3, 7, 64, 2 ** 31, 2 ** 53, 2 ** 62);
const dimension = fc.oneof(number, fc.constantFrom('n', 'm', null));
const attributes = fc.dictionary(
  fc.constantFrom(
    ...[
      'axis axes perm to dtype pads strides dilations kernel_shape group auto_pad keepdims k split num_outputs starts',
      'ends equation blocksize output_shape scales hidden_size num_heads kv_num_heads q_num_heads N K start end bits',
      'num_scan_inputs scan_input_axes output_padding ceil_mode batch_dims value shape transA sample_size',
    ].flatMap((names) => names.split(' ')),
  ),
  fc.oneof<fc.Arbitrary<PlainAttribute>[]>(
    number,
    fc.array(number, { maxLength: 5 }),
    fc.constantFrom('SAME_UPPER', 'VALID', 'ij,jk->ik', '...i,i...->', '->', 'a.b', ''),
    fc.array(fc.double({ noNaN: false }), { maxLength: 4 }).map((floats) => ({ floats })),
  ),
  { maxKeys: 6 },
);

const argument = fc.oneof(
  fc.record({ shape: fc.oneof(fc.constant(null), fc.array(dimension, { maxLength: 6 })) }),
  fc.record({ content: fc.array(number, { maxLength: 6 }) }),
  fc.constant(null),
);
const node = fc.record({
  operator: fc.constantFrom(...operators),
  args: fc.array(argument, { maxLength: 7 }),
  attributes,
  opset: fc.constantFrom(1, 6, 9, 12, 17, 21, 25),
});

/** Models of one node of any operator, with inputs and attributes that seldom make sense together. */
export const oddModels: fc.Arbitrary<Model> = node.map(({ operator, args, attributes, opset }) => {
  const g = new GraphBuilder();
  const inputs = args.map((argument, index) => {
    if (argument === null) return null;
    if ('content' in argument) return g.constant(`c${index}`, longs(argument.content));
    return g.input(`x${index}`, 'int64', argument.shape);
  });
  const outputs = g.ops(operator.op, inputs, { attributes, domain: operator.domain, outputs: 3 });
  for (const value of outputs) g.output(value);
  return g.model({ opset, opsets: { 'com.microsoft': 1 } });
});
